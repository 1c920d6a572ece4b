"""What went wrong with a ticket, as its agents read it: one line a cause, the oldest first."""

from bot.storage.tables import Ticket


def add_cause(ticket: Ticket, cause: str) -> None:
    """Tell the agents, below what they were told before; a cause that is there is not repeated."""
    told = ticket.cause.split("\n") if ticket.cause else []
    if cause not in told:
        ticket.cause = "\n".join([*told, cause])
