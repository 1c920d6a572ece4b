"""One mail as it came in: who wrote it, what, in which thread, and what came with it."""

import email
import hashlib
import re
from dataclasses import dataclass, field
from email.message import Message

from bot.mail.automatic import Bounce, bounce_of, why_automatic
from bot.mail.bodies import Attached, Body, body_of
from bot.mail.headers import addresses, header, message_ids
from bot.mail.quoting import own_words

LARGEST_MAIL = 25 * 1024 * 1024  # bytes
LONGEST_TEXT = 20_000  # characters that are kept of what somebody wrote
LONGEST_SUBJECT = 300
# A mail of a person has a handful of parts; the parser takes time with lines times depth.
MOST_NESTED = 100
_NESTED = re.compile(rb"boundary\s*=|message/rfc822", re.IGNORECASE)
TOO_LARGE = "This mail is too large and was not read; see the mailbox."
_RECIPIENTS = ("To", "Cc", "Delivered-To", "X-Original-To", "Envelope-To")
# What is the same however often and by whichever way a mail is delivered.
_IDENTITY = ("Message-ID", "From", "To", "Date", "Subject")
_END_OF_HEADERS = re.compile(rb"\r?\n\r?\n")


@dataclass(frozen=True)
class ParsedMail:
    """A mail, read; `whole` has the quotations that `text` is without."""

    digest: str
    message_id: str | None
    thread: tuple[str, ...]  # ids of In-Reply-To and References
    from_name: str
    from_address: str | None
    recipients: tuple[str, ...]
    subject: str
    text: str
    whole: str
    attached: tuple[Attached, ...] = ()
    notes: tuple[str, ...] = ()
    automatic: str | None = None  # why nobody is answered
    bounce: Bounce | None = None
    envelope: tuple[str, ...] = field(default=())  # who a relay says that it is for


def read_mail(
    raw: bytes,
    *,
    envelope_from: str | None = None,
    envelope_to: tuple[str, ...] = (),
    headers_only: bool = False,
) -> ParsedMail:
    """Read a mail of any shape; what cannot be read is noted, and never an error.

    `envelope_from` is what a relay names as the sender, empty for reports; None if not known.
    `headers_only` is for a mail that is too large to be fetched whole.
    """
    message, notes = _message(raw)
    if headers_only:
        message, notes = _headers_only(raw), [TOO_LARGE]
    body = _body(message, notes)
    sender = next(iter(addresses(message, "From") or addresses(message, "Sender")), ("", None))
    bounce = bounce_of(message)
    whole = _clipped(body.text, notes)
    thread = tuple(message_ids(message, "References", "In-Reply-To"))
    return ParsedMail(
        digest=_digest(message, raw),
        message_id=next(iter(message_ids(message, "Message-ID")), None),
        thread=thread,
        from_name=sender[0][:200],
        from_address=sender[1],
        recipients=tuple(address for _, address in addresses(message, *_RECIPIENTS)),
        subject=header(message, "Subject")[:LONGEST_SUBJECT],
        text=own_words(whole, is_reply=bool(thread)),
        whole=whole,
        attached=tuple(body.attached),
        notes=tuple(dict.fromkeys([*notes, *body.notes])),
        automatic="a delivery report" if bounce else why_automatic(message, envelope_from),
        bounce=bounce,
        envelope=envelope_to,
    )


def _message(raw: bytes) -> tuple[Message, list[str]]:
    """The parsed mail; where it is too large or too nested, its headers alone."""
    if len(raw) > LARGEST_MAIL:
        return _headers_only(raw), [TOO_LARGE]
    if len(_NESTED.findall(raw)) <= MOST_NESTED:
        try:
            return email.message_from_bytes(raw), []
        except (RecursionError, ValueError, LookupError, TypeError):
            pass
    return _headers_only(raw), ["This mail's parts are not as mails have them; it was not read."]


def _headers_only(raw: bytes) -> Message:
    end = _END_OF_HEADERS.search(raw, 0, 100_000)
    head = raw[: end.start() if end else 100_000]
    kept = [line for line in head.splitlines() if not line.lower().startswith(b"content-")]
    return email.message_from_bytes(b"\n".join(kept) + b"\n\n")


def _body(message: Message, notes: list[str]) -> Body:
    try:
        return body_of(message)
    except (RecursionError, ValueError, LookupError, TypeError, AttributeError, AssertionError):
        notes.append("This mail's text could not be read.")
        return Body()


def _clipped(text: str, notes: list[str]) -> str:
    kept = text.replace("\x00", "")
    if len(kept) > LONGEST_TEXT:
        notes.append(f"Only the first {LONGEST_TEXT:,} characters of this mail were kept.")
    return kept[:LONGEST_TEXT]


def _digest(message: Message, raw: bytes) -> str:
    """The same for the same mail, whatever way it came and whatever was put before it."""
    end = _END_OF_HEADERS.search(raw)
    body = raw[end.end() :] if end else b""
    digest = hashlib.sha256()
    for name in _IDENTITY:
        digest.update(" ".join(header(message, name).split()).encode() + b"\n")
    digest.update(body.replace(b"\r\n", b"\n").strip())
    return digest.hexdigest()
