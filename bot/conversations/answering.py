"""Storing what the assistant answered: effects, words and the end of the job in one commit."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.assistant import Effect, Reply, TurnAnswer, WordingError, Words
from bot.conversations.cards import cards_of
from bot.conversations.handoff import Handoff
from bot.conversations.other_languages import OtherLanguages, language_described_in
from bot.conversations.speech import say, tell_of_move
from bot.conversations.transcript import add_message
from bot.demand import Demand
from bot.storage import Database
from bot.storage.tables import Conversation, Job, Ticket
from bot.tickets import Details, Tickets, add_cause
from bot.tickets.categories import CATEGORY_OF_REQUEST, category_of

# Said in place of what a new ticket is told with, where the visitor has one of that request.
REQUEST_ADDED = "utter_request_added"
LAST_RESORT = (
    "I'm sorry, something went wrong on our side. Your message is kept, and a person will see it: "
    "your reference is {reference}."
)
FACTS = ("order_number", "email", "name")

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Lease:
    """A job that this process may work on until the lease ends."""

    job_id: int
    holder: str
    conversation_id: str
    dialogue: str
    text: str
    button: dict[str, Any] | None
    facts: dict[str, Any]
    created_at: datetime
    ends_at: datetime
    other_language: str | None = None  # of a text that Rasa need not be asked about


class SendsCodes(Protocol):
    """Who mails the one-time codes that prove a case."""

    def send(self, session: Session, asker: str, reference: str, now: datetime) -> None:
        """Mail a code to the address of this case, in the transaction of the caller."""


class Answering:
    """Decides, in the transaction that stores a reply, whether the assistant may still speak."""

    def __init__(
        self,
        database: Database,
        words: Words,
        tickets: Tickets,
        handoff: Handoff,
        demand: Demand,
        other_languages: OtherLanguages,
        codes: SendsCodes,
        clock: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._words = words
        self._tickets = tickets
        self._handoff = handoff
        self._demand = demand
        self._other_languages = other_languages
        self._codes = codes
        self._clock = clock

    def store(self, lease: Lease, answer: TurnAnswer) -> None:
        """Store the replies and do their effects; nothing when the lease was lost."""
        with self._database.write() as session:
            conversation = self._finish(session, lease, "answered")
            if conversation is None:
                return
            may_speak = conversation.state == "bot"
            _remember_request(conversation, answer)
            self._demand.note(session, conversation.id, answer.understood, self._clock())
            understood = answer.understood
            for reply in answer.replies:
                self._reply(session, conversation, reply, understood, may_speak=may_speak)
                understood = []

    def store_language_notice(self, lease: Lease, language: str) -> None:
        """Tell who wrote in another language how that goes on; nothing when people have it."""
        with self._database.write() as session:
            conversation = self._finish(session, lease, f"not in English: {language}")
            if conversation is not None and conversation.state == "bot":
                self._other_languages.tell(
                    session, conversation, lease.text, language, self._clock()
                )

    def store_failure(self, lease: Lease, cause: str) -> None:
        """The visitor gets a sentence and a way to a person, the agents get the cause."""
        try:
            with self._database.write() as session:
                conversation = self._finish(session, lease, f"failed: {cause}")
                if conversation is not None and conversation.state == "bot":
                    self._handoff.hand_off(
                        session, conversation, reason="failed", now=self._clock(), cause=cause
                    )
        except WordingError as error:
            log.error("the wording for a failure is broken: %s", error)
            self._store_without_wording(lease, f"{cause}; and {error}")

    def _store_without_wording(self, lease: Lease, cause: str) -> None:
        """The last resort: a ticket and a sentence that no edited file can break."""
        with self._database.write() as session:
            conversation = self._finish(session, lease, f"failed: {cause}")
            if conversation is None:
                return
            now = self._clock()
            ticket = self._tickets.unresolved_of(session, conversation.id) or self._open(
                session, conversation, Effect(kind="open_ticket", reason="failed"), Details(), now
            )
            add_cause(ticket, cause)
            text = LAST_RESORT.format(reference=ticket.reference)
            add_message(session, conversation, sender="bot", text=text, now=now, ticket=ticket)

    def _finish(self, session: Session, lease: Lease, outcome: str) -> Conversation | None:
        # Rows are locked in one order, conversation first, as everywhere that adds a message.
        conversation = session.scalars(
            select(Conversation).where(Conversation.id == lease.conversation_id).with_for_update()
        ).one_or_none()
        ended = session.execute(
            update(Job)
            .where(Job.id == lease.job_id, Job.leased_by == lease.holder, Job.done_at.is_(None))
            .values(done_at=self._clock(), outcome=outcome)
            .returning(Job.id)
        ).first()
        return conversation if ended else None

    def _reply(
        self,
        session: Session,
        conversation: Conversation,
        reply: Reply,
        understood: list[dict[str, Any]],
        *,
        may_speak: bool,
    ) -> None:
        now = self._clock()
        ticket: Ticket | None = None
        response = reply.response
        for effect in reply.effects:
            if effect.kind != "hand_off":
                ticket = self._do(session, conversation, effect, now) or ticket
                if effect.kind == "open_ticket" and ticket and ticket.created_at < now:
                    response = _as_added(response)
        # A ticket is told of even when a person has taken over meanwhile: as a plain notice.
        if response and (may_speak or ticket is not None):
            say(
                session,
                self._words,
                conversation,
                response,
                now,
                sender="bot" if may_speak else "system",
                args=reply.args,
                buttons=reply.buttons,
                ticket=ticket,
                understood=understood,
                cards=cards_of(session, reply) if may_speak else (),
            )
            understood = []
        for effect in reply.effects:
            if effect.kind == "hand_off" and may_speak:
                _remember_facts(conversation, _known(effect), verified=False)
                self._handoff.hand_off(
                    session,
                    conversation,
                    reason=effect.reason or "asked",
                    category=effect.category,
                    now=now,
                    understood=understood,
                )

    def _do(
        self, session: Session, conversation: Conversation, effect: Effect, now: datetime
    ) -> Ticket | None:
        if effect.kind == "send_code":
            self._codes.send(session, conversation.id, effect.reference or "", now)
            return None
        known = _known(effect)
        details = Details(**known, description=effect.description)
        _remember_facts(conversation, known, verified=effect.kind == "verify")
        if effect.kind == "open_ticket":
            return self._open(session, conversation, effect, details, now)
        if effect.kind == "complete_ticket":
            ticket = (
                self._tickets.find(session, effect.reference)
                if effect.reference
                else self._tickets.unresolved_of(session, conversation.id)
            )
            if ticket is None:  # resolved while the visitor was still writing: nothing is lost
                return self._open(session, conversation, effect, details, now)
            language = language_described_in(session, conversation.id, details.description)
            self._tickets.complete(ticket, conversation, details, language)
            move = self._tickets.visitor_wrote(session, ticket, now)
            if move:
                tell_of_move(session, self._words, conversation, ticket, move)
            return ticket
        return None

    def _open(
        self,
        session: Session,
        conversation: Conversation,
        effect: Effect,
        details: Details,
        now: datetime,
    ) -> Ticket:
        return self._tickets.open_or_join(
            session,
            conversation,
            category=effect.category or category_of(conversation.last_request),
            reason=effect.reason or "asked",
            details=details,
            now=now,
            language=language_described_in(session, conversation.id, details.description),
        )


def _as_added(response: str | None) -> str | None:
    """What is said when a request was added to a ticket, for what is said when it got its own."""
    return REQUEST_ADDED if response and response.endswith("_sent") else response


def _known(effect: Effect) -> dict[str, Any]:
    return {key: getattr(effect, key) for key in FACTS if getattr(effect, key)}


def _remember_facts(conversation: Conversation, known: dict[str, Any], *, verified: bool) -> None:
    facts = dict(conversation.facts)
    if not verified and any(
        key in known and facts.get(key) != known[key] for key in ("order_number", "email")
    ):
        facts["order_verified"] = False  # another order, or another address: not proved
    facts.update(known)
    if verified:
        facts["order_verified"] = True
    conversation.facts = facts


def _remember_request(conversation: Conversation, answer: TurnAnswer) -> None:
    for part in answer.understood:
        label = part.get("label")
        if part.get("accepted") and label in CATEGORY_OF_REQUEST:
            conversation.last_request = label
