"""Requests that a person must act on: references, categories, clocks, moves."""

from bot.tickets.tickets import Details, TicketNotFound, Tickets

__all__ = ["Details", "TicketNotFound", "Tickets"]
