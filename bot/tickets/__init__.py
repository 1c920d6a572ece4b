"""Requests that a person must act on: references, categories, clocks, promises, moves."""

from bot.tickets.attached import count_attachments
from bot.tickets.causes import add_cause
from bot.tickets.clocks import ClockEvent, Clocks
from bot.tickets.lookup import TicketLookup
from bot.tickets.missing import missing_of
from bot.tickets.notices import NoNotices, Notices
from bot.tickets.promises import Promises
from bot.tickets.states import IllegalMove
from bot.tickets.tickets import Details, TicketNotFound, Tickets
from bot.tickets.views import Standing, TicketView

__all__ = [
    "ClockEvent",
    "Clocks",
    "Details",
    "IllegalMove",
    "NoNotices",
    "Notices",
    "Promises",
    "Standing",
    "TicketLookup",
    "TicketNotFound",
    "TicketView",
    "Tickets",
    "add_cause",
    "count_attachments",
    "missing_of",
]
