"""A mail's headers as text: decoded, of bounded length, and never a reason to fail."""

import re
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses

from bot.mail.charsets import decoded

LONGEST_HEADER = 2_000
MOST_IDS = 50  # of a thread's ids; the newest stand last
_ID = re.compile(r"<([^<>\s]{1,250})>")
_ADDRESS = re.compile(r"[^@\s<>\"(),:;]{1,64}@[A-Za-z0-9.\-\[\]]{1,190}")


def header(message: Message, name: str) -> str:
    """The header on one line, its encoded words decoded; empty where there is none."""
    value = message.get(name)
    if value is None:
        return ""
    return decoded_words(str(value))


def decoded_words(value: str) -> str:
    """A header's value with its encoded words as text, on one line, of bounded length."""
    plain = "".join(_words(value[:LONGEST_HEADER]))
    whole = plain.encode("utf-8", "replace").decode("utf-8")
    return " ".join("".join(c if c.isprintable() else " " for c in whole).split())


def _words(value: str) -> list[str]:
    # The parser keeps bytes that are not ASCII as halves of surrogate pairs.
    whole = decoded(value.encode("utf-8", "surrogateescape"), "utf-8")
    try:
        found = decode_header(whole)
    except (HeaderParseError, ValueError):
        return [whole]
    return [
        part if isinstance(part, str) else decoded(part, charset or "ascii")
        for part, charset in found
    ]


def addresses(message: Message, *names: str) -> list[tuple[str, str]]:
    """Every name and address in these headers; addresses in lower case, the unreadable left out."""
    written = [str(value)[:LONGEST_HEADER] for name in names for value in message.get_all(name, [])]
    found = []
    for raw_name, raw_address in getaddresses(written):
        address = address_in(raw_address)
        if address:
            found.append((decoded_words(raw_name), address))
    return found


def address_in(text: str) -> str | None:
    """The address that this text is, in lower case; None where it is none."""
    plain = text.strip().strip("<>").strip()
    fits = _ADDRESS.fullmatch(plain) and len(plain) <= 254
    return plain.lower() if fits and plain.isprintable() else None


def message_ids(message: Message, *names: str) -> list[str]:
    """The message ids in these headers without their brackets, in the order they stand."""
    written = " ".join(str(value) for name in names for value in message.get_all(name, []))
    return list(dict.fromkeys(_ID.findall(written)))[-MOST_IDS:]
