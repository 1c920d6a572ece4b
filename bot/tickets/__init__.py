"""Requests that a person must act on: references, categories, clocks, moves."""

from bot.tickets.additions import add_to
from bot.tickets.lookup import TicketLookup
from bot.tickets.tickets import Details, TicketNotFound, Tickets
from bot.tickets.views import Standing, TicketView

__all__ = [
    "Details",
    "Standing",
    "TicketLookup",
    "TicketNotFound",
    "TicketView",
    "Tickets",
    "add_to",
]
