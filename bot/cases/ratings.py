"""What visitors say of how their cases ended (section 4.3), and who wants to be asked no more."""

from collections.abc import Callable
from datetime import datetime
from typing import Literal, get_args

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.mail import unsubscribe
from bot.storage import Database
from bot.storage.tables import Ticket
from bot.storage.tables_cases import Rating
from bot.tickets import TicketNotFound

Answer = Literal["satisfied", "partly", "unsatisfied"]
ANSWERS: tuple[Answer, ...] = get_args(Answer)


class Ratings:
    """One rating a ticket; the first stands. Every method may raise DatabaseUnavailable."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    def rate(self, reference: str, answer: Answer) -> bool:
        """Keep this answer; False where there was one before. Raises TicketNotFound."""
        with self._database.write() as session:
            ticket_id = _ticket_id(session, reference)
            try:
                with session.begin_nested():
                    rating = Rating(ticket_id=ticket_id, answer=answer, rated_at=self._clock())
                    session.add(rating)
            except IntegrityError:  # one before it, or at the same moment
                return False
            return True

    def answer_of(self, reference: str) -> str | None:
        """What was answered for this ticket. Raises TicketNotFound."""
        with self._database.read() as session:
            ticket_id = _ticket_id(session, reference)
            return session.scalar(select(Rating.answer).where(Rating.ticket_id == ticket_id))

    def unsubscribe(self, address: str) -> None:
        """Send no more follow-ups to this address; answers about its cases still go there."""
        with self._database.write() as session:
            unsubscribe(session, address, self._clock())


def _ticket_id(session: Session, reference: str) -> int:
    ticket_id = session.scalar(select(Ticket.id).where(Ticket.reference == reference))
    if ticket_id is None:
        raise TicketNotFound(reference)
    return ticket_id
