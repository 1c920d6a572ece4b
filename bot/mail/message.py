"""A stored mail as it goes over the wire: the same each time, and no value becomes a header."""

import hashlib
import re
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime

from bot.mail.errors import MailAddressError
from bot.storage.tables import OutgoingMail

LONGEST_ADDRESS = 254
LONGEST_NAME = 200
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\\\"@\x00-\x1f\x7f]+@[^\s<>()\[\],;:\\\"@\x00-\x1f\x7f]+")
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,120}@[!-;=?-~]{1,120}>")


@dataclass(frozen=True)
class Sender:
    """Who our mails are from: the shop's name and its support address."""

    name: str
    address: str

    @property
    def domain(self) -> str:
        """The part of the address after the @, for the mails' own ids."""
        return self.address.rpartition("@")[2]


def one_line(text: str, longest: int) -> str:
    """Text that can stand in a header: no control characters, no halves of characters."""
    whole = text.encode("utf-8", "ignore").decode("utf-8")
    return " ".join("".join(c if c.isprintable() else " " for c in whole).split())[:longest].strip()


def readable(text: str) -> str:
    """Text as a visitor or an agent typed it, without what no reader can show."""
    whole = text.encode("utf-8", "ignore").decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in whole if c.isprintable() or c in "\n\t").strip()


def mail_address(text: str) -> str:
    """The address in the form it is sent to, its domain in ASCII. Raises MailAddressError."""
    plain = text.strip()
    if len(plain) > LONGEST_ADDRESS or not _ADDRESS.fullmatch(plain) or not plain.isprintable():
        raise MailAddressError("this is not an e-mail address")
    local, _, domain = plain.rpartition("@")
    try:
        address = Address(username=local, domain=domain.encode("idna").decode("ascii"))
        local.encode("utf-8")
    except (ValueError, IndexError) as error:
        raise MailAddressError("this is not an e-mail address") from error
    if address.addr_spec.startswith('"') or len(address.addr_spec) > LONGEST_ADDRESS:
        raise MailAddressError("this is not an e-mail address")
    return address.addr_spec


def message_ids(text: str | None) -> list[str]:
    """The ids of mails in a References or In-Reply-To header; whatever else stands there is not."""
    return _MESSAGE_ID.findall(text or "")


def to_message(mail: OutgoingMail, sender: Sender) -> EmailMessage:
    """The mail with its headers; text, and HTML beside it where there is one."""
    message = EmailMessage(policy=_policy(mail.to_address))
    message["From"] = Address(one_line(sender.name, LONGEST_NAME), addr_spec=sender.address)
    message["To"] = Address(
        one_line(mail.to_name or "", LONGEST_NAME), addr_spec=mail_address(mail.to_address)
    )
    message["Subject"] = one_line(mail.subject, LONGEST_ADDRESS)
    message["Date"] = format_datetime(mail.created_at)
    message["Message-ID"] = mail.message_id
    for name, value in mail.headers.items():
        message[name] = value
    message.set_content(mail.text, cte="quoted-printable")
    if mail.html is not None:
        message.add_alternative(mail.html, subtype="html", cte="quoted-printable")
        message.set_boundary(f"=_{hashlib.sha256(mail.message_id.encode()).hexdigest()[:32]}")
    return message


def _policy(address: str) -> "EmailPolicy[EmailMessage]":
    # Only an address that is not ASCII needs a server that takes headers which are not.
    return SMTP if address.isascii() else SMTP.clone(utf8=True)
