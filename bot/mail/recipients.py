"""What the owner of an address wishes of our mails: another format, or none that need not be."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as insert_on_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_on_sqlite
from sqlalchemy.orm import Session

from bot.mail.message import mail_address
from bot.storage.tables_outgoing import Recipient

FORMAT_WISHES = frozenset({"plain_text", "large_print"})


def recipient_of(session: Session, address: str) -> Recipient:
    """The recipient with this address, locked until the transaction ends, and made if new."""
    key = _key(address)
    on_sqlite = session.get_bind().dialect.name == "sqlite"
    insert = insert_on_sqlite if on_sqlite else insert_on_postgresql
    session.execute(
        insert(Recipient).values(address=key, format_wishes={}).on_conflict_do_nothing()
    )
    return session.scalars(
        select(Recipient)
        .where(Recipient.address == key)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def keep_format_wishes(session: Session, address: str, wishes: Mapping[str, Any]) -> None:
    """Keep how this address wants its mails from now on (section 5.2).

    `plain_text` leaves the HTML part out, `large_print` sets it larger; a false one ends a wish.
    Raises ValueError for a wish that nothing obeys, MailAddressError for what is no address.
    """
    if unknown := wishes.keys() - FORMAT_WISHES:
        raise ValueError(f"no mail can be {', '.join(sorted(unknown))}")
    recipient = recipient_of(session, mail_address(address))
    recipient.format_wishes = {**recipient.format_wishes, **wishes}


def unsubscribe(session: Session, address: str, now: datetime) -> None:
    """Send this address no more mails that need not be: the follow-ups of section 4.3."""
    recipient = recipient_of(session, address)
    recipient.unsubscribed_at = recipient.unsubscribed_at or now


def has_unsubscribed(session: Session, address: str) -> bool:
    """Whether the owner of this address takes no mails that need not be."""
    asked = select(Recipient.unsubscribed_at).where(Recipient.address == _key(address))
    return session.scalar(asked) is not None


def _key(address: str) -> str:
    return address.strip().lower()
