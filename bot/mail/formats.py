"""How each address wants its mails (section 5.2): set by who writes from it, or by agents."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.mail.errors import MailAddressError
from bot.mail.message import mail_address
from bot.mail.recipients import keep_format_wishes
from bot.storage import Database
from bot.storage.tables import Ticket
from bot.storage.tables_outgoing import Recipient


@dataclass(frozen=True)
class FormatView:
    """The format that mails to this address have."""

    address: str
    plain_text: bool = False
    large_print: bool = False


class Formats:
    """Every method may raise bot.storage.DatabaseUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_address(self, address: str) -> FormatView | None:
        """How mails to this address are written; None where no mail can be sent there."""
        with self._database.read() as session:
            return _view(session, address)

    def of_conversation(self, conversation_id: str) -> list[FormatView]:
        """The same for each address that the tickets of a conversation have."""
        with self._database.read() as session:
            addresses = session.scalars(
                select(Ticket.email)
                .where(Ticket.conversation_id == conversation_id, Ticket.email.is_not(None))
                .order_by(Ticket.id.desc())
            )
            views = [_view(session, address) for address in addresses if address]
        return list({view.address: view for view in views if view}.values())

    def keep(self, wanted: FormatView) -> None:
        """Write every later mail to this address like this. Raises MailAddressError."""
        wishes = {"plain_text": wanted.plain_text, "large_print": wanted.large_print}
        with self._database.write() as session:
            keep_format_wishes(session, wanted.address, wishes)


def _view(session: Session, address: str) -> FormatView | None:
    try:
        key = mail_address(address).lower()
    except MailAddressError:
        return None
    recipient = session.get(Recipient, key)
    wishes = recipient.format_wishes if recipient else {}
    return FormatView(key, bool(wishes.get("plain_text")), bool(wishes.get("large_print")))
