"""Sending a conversation by mail to an address that its visitor names."""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from bot.conversations.errors import ConversationError, ConversationNotFound
from bot.mail.errors import MailAddressError
from bot.mail.message import mail_address
from bot.mail.outbox import Outbox
from bot.mail.recipients import recipient_of
from bot.policy import exact_text
from bot.storage import Database
from bot.storage.tables import Conversation, Message
from bot.storage.tables_incoming import Attachment
from bot.storage.tables_outgoing import OutgoingMail

TEMPLATE = "transcript"
# What keeps the chat from mailing strangers.
MOST_OF_A_CONVERSATION = 3  # a day
MOST_TO_AN_ADDRESS = 5  # a day
_A_DAY = timedelta(days=1)  # not the policy's: what transcripts are counted by
MOST_MESSAGES = 500  # the newest
NAMES = {"visitor": "You", "bot": "Assistant", "system": "Notice", "agent": "Agent"}


class TooManyTranscripts(ConversationError):
    """This conversation or this address had its transcripts of the day."""

    code = "too_many_transcripts"

    def __init__(self) -> None:
        super().__init__("This was sent several times already. Please try again tomorrow.")


class AddressRefused(ConversationError):
    """No mail can go to this address."""

    code = "address_refused"

    def __init__(self) -> None:
        super().__init__("That does not look like a complete e-mail address. Please check it.")


class Transcripts:
    """Whose conversation it is, is asked elsewhere (`Intake.authorise`)."""

    def __init__(
        self, database: Database, outbox: Outbox, shop_zone: str, clock: Callable[[], datetime]
    ) -> None:
        self._database = database
        self._outbox = outbox
        self._shop_zone = shop_zone
        self._clock = clock

    def send(self, conversation_id: str, address: str) -> None:
        """Write the mail and the job that sends it.

        Raises ConversationNotFound, AddressRefused or TooManyTranscripts.
        """
        now = self._clock()
        try:
            address = mail_address(address)
        except MailAddressError as error:
            raise AddressRefused from error
        with self._database.write() as session:
            conversation = session.get(Conversation, conversation_id, with_for_update=True)
            if conversation is None:
                raise ConversationNotFound
            # Locked, so that two conversations cannot both send the last one of the day.
            recipient = recipient_of(session, address)
            number = _sent(session, now, OutgoingMail.occasion.startswith(_of(conversation_id)))
            to_address = _sent(session, now, OutgoingMail.recipient == recipient.address)
            if number >= MOST_OF_A_CONVERSATION or to_address >= MOST_TO_AN_ADDRESS:
                raise TooManyTranscripts
            self._outbox.write(
                session,
                to=address,
                template=TEMPLATE,
                values={
                    "name": conversation.facts.get("name"),
                    "transcript": self._text(session, conversation),
                },
                now=now,
                occasion=f"{_of(conversation_id)}{secrets.token_hex(8)}",
            )

    def _text(self, session: Session, conversation: Conversation) -> str:
        newest = session.scalars(
            select(Message)
            .where(Message.conversation_id == conversation.id)
            .order_by(Message.sequence.desc())
            .limit(MOST_MESSAGES)
        ).all()
        files = _names_of_files(session, conversation.id)
        return "\n\n".join(
            "\n".join(
                (
                    f"{self._name(message)}, {self._at(message, conversation)}",
                    *([message.text] if message.text else []),
                    *(f"[{name}]" for name in files.get(message.sequence, ())),
                )
            )
            for message in reversed(newest)
        )

    def _at(self, message: Message, conversation: Conversation) -> str:
        return exact_text(message.created_at, conversation.time_zone, self._shop_zone)

    @staticmethod
    def _name(message: Message) -> str:
        return message.account.name if message.account else NAMES[message.sender]


def _of(conversation_id: str) -> str:
    return f"transcript {conversation_id} "


def _sent(session: Session, now: datetime, which: ColumnElement[bool]) -> int:
    return (
        session.scalar(
            select(func.count())
            .select_from(OutgoingMail)
            .where(
                OutgoingMail.template == TEMPLATE,
                OutgoingMail.created_at > now - _A_DAY,
                which,
            )
        )
        or 0
    )


def _names_of_files(session: Session, conversation_id: str) -> dict[int | None, list[str]]:
    found: dict[int | None, list[str]] = {}
    rows = session.scalars(
        select(Attachment)
        .where(Attachment.conversation_id == conversation_id, Attachment.sequence.is_not(None))
        .order_by(Attachment.place, Attachment.id)
    )
    for row in rows:
        found.setdefault(row.sequence, []).append(row.name)
    return found
