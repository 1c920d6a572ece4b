"""A stored mail as it goes over the wire: the same each time, and no value becomes a header."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from bot.mail.errors import MailAddressError
from bot.storage.tables_outgoing import OutgoingMail

LONGEST_ADDRESS = 254
LONGEST_NAME = 200
LONGEST_SUBJECT_WORDS = 250
LONGEST_HEADER = 4000
LINE = 76
_ADDRESS = re.compile(r"[^\s<>()\[\],;:\\\"@\x00-\x1f\x7f]+@[^\s<>()\[\],;:\\\"@\x00-\x1f\x7f]+")
# What may stand in a header as it is, before an address and alone; the rest is encoded.
_PLAIN_NAME = re.compile(r"[A-Za-z0-9 _-]*")
_PLAIN_WORDS = re.compile(r"[A-Za-z0-9 .,?!'()_-]*")
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


@dataclass(frozen=True)
class Letter:
    """A mail as it goes over the wire, and what stands on its envelope."""

    message_id: str
    written_at: datetime
    sender: str
    to: str
    content: bytes


def to_letter(mail: OutgoingMail, sender: Sender) -> Letter:
    """The mail with its headers; text, and HTML beside it where there is one.

    Raises MailAddressError.
    """
    to = mail_address(mail.to_address)
    body = EmailMessage(policy=SMTP)
    body.set_content(mail.text, cte="quoted-printable")
    if mail.html is not None:
        body.add_alternative(mail.html, subtype="html", cte="quoted-printable")
        body.set_boundary(f"=_{hashlib.sha256(mail.message_id.encode()).hexdigest()[:32]}")
    lines = [
        header("From", sender.address, sender.name),
        header("To", to, mail.to_name or ""),
        header("Subject", "", mail.subject),
        header("Date", format_datetime(mail.created_at)),
        header("Message-ID", mail.message_id),
        *(header(name, value) for name, value in mail.headers.items()),
    ]
    return Letter(
        message_id=mail.message_id,
        written_at=mail.created_at,
        sender=sender.address,
        to=to,
        content="".join(lines).encode() + body.as_bytes(),
    )


def header(name: str, exact: str, words: str = "") -> str:
    """One header: words of anybody's, then, in angle brackets behind words, what is exact.

    Written here rather than by the standard library, which decodes what only looks encoded
    ("=?utf-8?q?=0ABcc:…?=") and then writes the line end that was hidden in it.
    """
    plain, said = one_line(exact, LONGEST_HEADER), one_line(words, LONGEST_SUBJECT_WORDS)
    if said and plain:
        plain = f"<{plain}>"
    if not (_PLAIN_NAME if plain else _PLAIN_WORDS).fullmatch(said):
        said = Header(said, "utf-8", LINE, name, " ").encode()
    tokens = [*said.split(), *plain.split()]
    lines, line = [], f"{name}:"
    for token in tokens:
        if len(line) + len(token) >= LINE and line != f"{name}:":
            lines.append(line)
            line = ""
        line += f" {token}"
    return "\r\n".join([*lines, line]) + "\r\n"
