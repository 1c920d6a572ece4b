"""The case page's side of a ticket: shown to who proved it, and added to."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, joinedload

from bot.assistant import Words
from bot.cases.views import CaseFile, CaseMessage, CaseView, ToldDate
from bot.conversations.speech import date_response, tell_of_move
from bot.conversations.text import clean_text
from bot.conversations.transcript import add_message
from bot.policy import Policy, known_zone
from bot.storage import Database
from bot.storage.tables import Conversation, Message, PromiseRecord, Ticket
from bot.storage.tables_incoming import Attachment
from bot.tickets import Details, Tickets


class Cases:
    """Who may see a case is asked elsewhere (`Codes`); every method takes that as settled.

    Every method may raise bot.tickets.TicketNotFound and bot.storage.DatabaseUnavailable.
    """

    def __init__(
        self,
        database: Database,
        words: Words,
        policy: Policy,
        tickets: Tickets,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._words = words
        self._policy = policy
        self._tickets = tickets
        self._clock = clock

    def view(self, reference: str) -> CaseView:
        """The case as its page shows it."""
        with self._database.read() as session:
            ticket = self._tickets.find(session, reference)
            conversation = self._conversation(session, ticket)
            zone = conversation.time_zone if conversation else None
            messages = _messages(session, ticket)
            said = any(message.text == ticket.description for message in messages)
            return CaseView(
                reference=ticket.reference,
                category=ticket.category,
                state=ticket.state,
                standing=self._words.say(standing_response(ticket), {}).text,
                order_number=ticket.order_number,
                name=ticket.name,
                email=ticket.email,
                description=None if said else ticket.description,
                opened_at=ticket.created_at,
                dates=self._dates(session, ticket),
                messages=messages,
                attachments=_attachments(session, ticket, messages),
                time_zone=zone if known_zone(zone) and zone else self._words.shop_zone,
            )

    def add(self, reference: str, text: str, client_id: str) -> str | None:
        """Add to the case: a message in its conversation, and a part of what it is about.

        A case that was done, or waited for its visitor, is open again. Gives the conversation, for
        who follows it. The same client id again adds nothing.
        Raises MessageRefused or MessageTooLong.
        """
        cleaned, now = clean_text(text), self._clock()
        with self._database.write() as session:
            ticket = self._tickets.find(session, reference)
            # Locked in one order, the conversation first, as everywhere that adds a message.
            conversation = self._conversation(session, ticket, lock=True)
            session.refresh(ticket, with_for_update=True)
            if conversation is None:  # erased, or it never had one: the ticket keeps the words
                self._add_to_description(ticket, cleaned)
            elif _is_new(session, conversation.id, client_id):
                add_message(
                    session,
                    conversation,
                    sender="visitor",
                    text=cleaned,
                    now=now,
                    ticket=ticket,
                    client_id=client_id,
                )
                self._tickets.complete(ticket, conversation, Details(description=cleaned))
                move = self._tickets.visitor_wrote(session, ticket, now)
                if move:
                    tell_of_move(session, self._words, conversation, ticket, move)
            return conversation.id if conversation else None

    @staticmethod
    def _add_to_description(ticket: Ticket, text: str) -> None:
        told = ticket.description or ""
        if text not in told:
            ticket.description = f"{told}\n\n{text}".strip()

    @staticmethod
    def _conversation(
        session: Session, ticket: Ticket, *, lock: bool = False
    ) -> Conversation | None:
        if ticket.conversation_id is None:
            return None
        return session.get(Conversation, ticket.conversation_id, with_for_update=lock or None)

    def _dates(self, session: Session, ticket: Ticket) -> tuple[ToldDate, ...]:
        told = session.scalars(
            select(PromiseRecord)
            .where(PromiseRecord.ticket_id == ticket.id)
            .order_by(PromiseRecord.told_at, PromiseRecord.id)
        )
        promises = told.all()
        replaced = {promise.replaces_id for promise in promises}
        return tuple(self._date(p, is_superseded=p.id in replaced) for p in promises)

    def _date(self, promise: PromiseRecord, *, is_superseded: bool) -> ToldDate:
        response = date_response(promise.clause)
        source = self._policy.source(promise.clause)
        return ToldDate(
            told=self._words.say(response, {"due": promise.told_as}).text,
            due_at=promise.due_at,
            section=source.section,
            title=source.title,
            kept_at=None if is_superseded else promise.kept_at,
            is_superseded=is_superseded,
            why=tuple(promise.explanation),
        )


def standing_response(ticket: Ticket) -> str:
    """The response that says in plain words where a ticket stands."""
    answered = "_answered" if ticket.state == "open" and ticket.first_replied_at else ""
    return f"utter_case_{ticket.state}{answered}"


def _is_new(session: Session, conversation_id: str, client_id: str) -> bool:
    known = select(Message.id).where(
        Message.conversation_id == conversation_id, Message.client_id == client_id
    )
    return session.scalar(known) is None


def _messages(session: Session, ticket: Ticket) -> tuple[CaseMessage, ...]:
    """What concerns the case: what is marked with it, and what people and visitor wrote since.

    What was said to the assistant alone stays in its conversation: it may be about other things.
    """
    if ticket.conversation_id is None:
        return ()
    rows = session.scalars(
        select(Message)
        .where(Message.conversation_id == ticket.conversation_id)
        .where((Message.created_at >= ticket.created_at) | (Message.ticket_id == ticket.id))
        .options(joinedload(Message.account))
        .order_by(Message.sequence)
    )
    found, with_people = [], False
    for row in rows:
        over = ticket.resolved_at is not None and row.created_at > ticket.resolved_at
        with_people = with_people or (row.sender == "agent" and not over)
        to_people = row.sender == "agent" or (row.sender == "visitor" and with_people)
        if row.ticket_id == ticket.id or (row.ticket_id is None and to_people and not over):
            found.append(
                CaseMessage(
                    sequence=row.sequence,
                    sender=row.sender,
                    name=row.account.name if row.account else None,
                    text=row.text,
                    lang=row.lang,
                    created_at=row.created_at,
                )
            )
    return tuple(found)


def _attachments(
    session: Session, ticket: Ticket, messages: Sequence[CaseMessage]
) -> tuple[CaseFile, ...]:
    """The files that came with what concerns the case, in the order they came."""
    rows = session.scalars(
        select(Attachment)
        .where(
            or_(
                Attachment.ticket_id == ticket.id,
                and_(
                    Attachment.conversation_id == ticket.conversation_id,
                    Attachment.sequence.in_([message.sequence for message in messages]),
                ),
            )
        )
        .order_by(Attachment.id)
    )
    return tuple(
        CaseFile(
            id=row.id,
            name=row.name,
            stored_as=row.stored_as,
            content_type=row.content_type,
            size=row.size,
        )
        for row in rows
    )
