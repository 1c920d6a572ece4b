"""Tells by mail what becomes of a ticket: one mail for each move, none twice."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.languages import language_name
from bot.mail.outbox import Outbox
from bot.mail.receiving import CHANNEL
from bot.mail.replies import owe, take_owed
from bot.mail.templates import MISSING
from bot.policy import Policy
from bot.storage.tables import Conversation, Message, PromiseRecord, Ticket, TicketMove
from bot.storage.tables_incoming import IncomingMail
from bot.tickets.missing import missing_of
from bot.tickets.promises import FIRST_REPLY, REFUND, resumed_with

# The state a ticket has moved to, and the mail that tells of it; other moves are told by none.
MAIL_OF_MOVE = {
    "open": "progress_open",
    "waiting_visitor": "progress_waiting_visitor",
    "waiting_carrier": "progress_waiting_carrier",
    "needs_translation": "progress_needs_translation",
    "approved": "progress_approved",
    "resolved": "follow_up",
}
# The clocks that begin with a move: the fact of the policy whose date is then told.
FACT_OF_MOVE = {"waiting_carrier": "carrier_trace", "approved": "refund"}
SETTLED = frozenset({"resolved", "closed"})

Link = Callable[[Ticket], str]


class MailNotices:
    """The notices of tickets, by mail. A ticket without an e-mail address gets none."""

    def __init__(
        self,
        outbox: Outbox,
        policy: Policy,
        *,
        case_url: Link | None = None,
        rating_urls: Callable[[Ticket], Mapping[str, str]] | None = None,
        answers_mail: bool = False,
    ) -> None:
        """`rating_urls` gives a page for each answer that the follow-up can be given.

        `answers_mail` where every notice is caused by a mail that came in, and by no person."""
        self._outbox = outbox
        self._policy = policy
        self._case_url = case_url
        self._rating_urls = rating_urls
        self._answers_mail = answers_mail

    def answering_mail(self) -> "MailNotices":
        """The same notices for what a mail that came in causes: few a day, lest two shops loop."""
        return MailNotices(
            self._outbox,
            self._policy,
            case_url=self._case_url,
            rating_urls=self._rating_urls,
            answers_mail=True,
        )

    def opened(self, session: Session, ticket: Ticket, now: datetime) -> None:
        """The acknowledgement with reference and promise (section 4.1), once a ticket.

        Of a mail it asks for what is missing (section 2.1), as the forms do in the chat.
        """
        promised = ticket.promise.told_as if ticket.promise else None
        asked = _asked_for(session, ticket)
        occasion = f"ticket {ticket.id}"
        self._write(session, ticket, "acknowledgement", occasion, now, due=promised, **asked)

    def added(self, session: Session, ticket: Ticket, message: Message, now: datetime) -> None:
        """A repeated request was added to this ticket: said instead of a second confirmation."""
        promised = ticket.promise.told_as if ticket.promise else None
        occasion = f"added {message.id}"
        self._write(session, ticket, "request_added", occasion, now, due=promised)

    def moved(self, session: Session, ticket: Ticket, move: TicketMove, now: datetime) -> None:
        """An update (section 3); after resolving, the follow-up with its rating (section 4.3).

        What a person replied before and the visitor has not seen is mailed first.
        """
        template = MAIL_OF_MOVE.get(move.to_state)
        if template is None:
            return
        if ticket.conversation_id:
            self.release(session, ticket.conversation_id, now)
        values: dict[str, str | None] = {
            "due": self._due(session, ticket, move),
            **_further_dates(session, move),
        }
        if template == "progress_open" and move.from_state in SETTLED:
            template = "progress_reopened"
        if template == "follow_up":
            if ticket.email and not self._outbox.wants_follow_ups(session, ticket.email):
                template = "progress_resolved"
            elif self._rating_urls:
                links = self._rating_urls(ticket)
                values |= {f"{answer}_url": url for answer, url in links.items()}
        session.flush()  # gives the move its id
        self._write(session, ticket, template, f"move {move.id}", now, **values)

    def replied(self, session: Session, ticket: Ticket, message: Message, now: datetime) -> None:
        """What a person has answered in public: by mail at once, in a chat if it is not seen."""
        session.flush()
        conversation = session.get_one(Conversation, message.conversation_id)
        if conversation.channel == CHANNEL:
            self._reply(session, ticket, [message], now)
        elif ticket.email:
            owe(session, ticket, message, now)

    def release(self, session: Session, conversation_id: str, now: datetime) -> int:
        """Mail the replies that are owed in this conversation; gives how many mails it took."""
        mails = take_owed(session, conversation_id, now)
        for ticket, messages in mails:
            self._reply(session, ticket, messages, now)
        return len(mails)

    def _reply(
        self, session: Session, ticket: Ticket, messages: Sequence[Message], now: datetime
    ) -> None:
        """What one agent wrote, word for word and in order."""
        last = messages[-1]
        self._write(
            session,
            ticket,
            "agent_reply",
            f"message {last.id}",
            now,
            text="\n\n".join(message.text for message in messages),
            agent=last.account.name if last.account else None,
        )

    def _write(
        self,
        session: Session,
        ticket: Ticket,
        template: str,
        occasion: str,
        now: datetime,
        **values: str | None,
    ) -> None:
        if not ticket.email:
            return
        values |= {
            "reference": ticket.reference,
            "name": ticket.name,
            "language": language_name(ticket.language) if ticket.language else None,
            "case_url": self._case_url(ticket) if self._case_url else None,
        }
        self._outbox.write(
            session,
            to=ticket.email,
            template=template,
            values=values,
            now=now,
            ticket=ticket,
            in_reply_to=_last_mail_of(session, ticket),
            occasion=occasion,
            answers_mail=self._answers_mail,
        )

    def _due(self, session: Session, ticket: Ticket, move: TicketMove) -> str | None:
        """The date that was promised with this move, as it was told."""
        fact = FACT_OF_MOVE.get(move.to_state)
        if fact is None:
            return None
        return session.scalar(
            select(PromiseRecord.told_as)
            .where(
                PromiseRecord.ticket_id == ticket.id,
                PromiseRecord.clause == self._policy.facts[fact].clause,
            )
            .order_by(PromiseRecord.id.desc())
            .limit(1)
        )


def _asked_for(session: Session, ticket: Ticket) -> dict[str, str]:
    """The conditions of the parts of the acknowledgement that ask for what is missing."""
    conversation = (
        session.get(Conversation, ticket.conversation_id) if ticket.conversation_id else None
    )
    missing = missing_of(ticket)
    if conversation is None or conversation.channel != CHANNEL or not missing:
        return {}
    return dict.fromkeys(("missing", *(MISSING[name] for name in missing)), "yes")


def _further_dates(session: Session, move: TicketMove) -> dict[str, str | None]:
    """By when a person replies and a refund is made, where that has changed with this move."""
    promises = [*resumed_with(session, move), *([move.promise] if move.promise else [])]
    told = {promise.kind: promise.told_as for promise in promises}
    refund_due = None if move.to_state == "approved" else told.get(REFUND)
    return {"reply_due": told.get(FIRST_REPLY), "refund_due": refund_due}


def _last_mail_of(session: Session, ticket: Ticket) -> str | None:
    """The id of the mail that the visitor wrote last, so that theirs and ours are one thread."""
    if ticket.conversation_id is None or not ticket.email:
        return None
    message_id = session.scalar(
        select(IncomingMail.message_id)
        .where(
            IncomingMail.conversation_id == ticket.conversation_id,
            IncomingMail.kind == "visitor",
            IncomingMail.from_address == ticket.email.strip().lower(),
        )
        .order_by(IncomingMail.id.desc())
        .limit(1)
    )
    return f"<{message_id}>" if message_id else None
