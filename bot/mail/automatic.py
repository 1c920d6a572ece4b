"""Tells what a machine wrote, so that no machine is answered by ours; reads delivery reports."""

import re
from dataclasses import dataclass
from email import message_from_string
from email.message import Message

from bot.mail.headers import address_in, header, message_ids

LIST_HEADERS = ("List-Id", "List-Post", "List-Help", "List-Unsubscribe", "List-Subscribe")
_REPORT_SENDERS = ("mailer-daemon@", "postmaster@")
_NO_REPLY = re.compile(r"^(no|do[-_.]?not)[-_.]?reply@", re.IGNORECASE)
# Of what may be named there; the rest (DR, RN, NRN) asks for no receipts, as people's mails do.
_SUPPRESSING = frozenset({"all", "oof", "autoreply"})
LONGEST_CAUSE = 300


@dataclass(frozen=True)
class Bounce:
    """A report that a mail could not be delivered, or is late: which mail, to whom, and why."""

    message_ids: tuple[str, ...]
    recipient: str | None
    failed: bool
    cause: str


def why_automatic(message: Message, envelope_from: str | None) -> str | None:
    """Why this mail must not be answered, in words for an agent; None for a person's mail."""
    return_path = header(message, "Return-Path")
    if envelope_from == "" or return_path == "<>":
        return "an empty return path"
    submitted = header(message, "Auto-Submitted").lower()
    if submitted and not submitted.startswith("no"):
        return "an automatic answer (Auto-Submitted)"
    if header(message, "Precedence").lower() in ("bulk", "junk", "list", "auto_reply"):
        return "mass mail (Precedence)"
    if any(name in message for name in LIST_HEADERS):
        return "a mailing list"
    if "X-Loop" in message:
        return "a mail that went round (X-Loop)"
    suppressed = header(message, "X-Auto-Response-Suppress").lower().replace(",", " ").split()
    if _SUPPRESSING.intersection(suppressed):
        return "a mail that asks for no automatic answer"
    if "X-Autoreply" in message or "X-Autorespond" in message:
        return "an automatic answer"
    if message.get_content_type() == "multipart/report":
        return "a report"
    sender = address_in(header(message, "From").rpartition("<")[2].rstrip(">")) or ""
    if sender.startswith(_REPORT_SENDERS):
        return "a mail server's notice"
    return "an address that takes no answer" if _NO_REPLY.match(sender) else None


def bounce_of(message: Message) -> Bounce | None:
    """The delivery report that this mail is (RFC 3464), or None."""
    if message.get_content_type() != "multipart/report":
        return None
    if str(message.get_param("report-type", "")).lower() != "delivery-status":
        return None
    status = _parts(message, "message/delivery-status")
    originals = [
        *_parts(message, "message/rfc822"),
        *_parts(message, "text/rfc822-headers"),
    ]
    ids = [i for part in originals for i in message_ids(part, "Message-ID")]
    recipients = [header(part, "Final-Recipient").rpartition(";")[2] for part in status]
    causes = [
        f"{header(part, 'Status')} {header(part, 'Diagnostic-Code').rpartition(';')[2]}".strip()
        for part in status
        if header(part, "Action")
    ]
    return Bounce(
        message_ids=(*ids, *message_ids(message, "In-Reply-To", "References")),
        recipient=next((a for a in map(address_in, recipients) if a), None),
        failed=any(header(part, "Action").lower() == "failed" for part in status),
        cause=("; ".join(causes) or "no cause was given")[:LONGEST_CAUSE],
    )


def _parts(message: Message, kind: str) -> list[Message]:
    """What is inside the report's parts of this type: blocks of headers."""
    children = message.get_payload()
    found: list[Message] = []
    for child in children if isinstance(children, list) else []:
        if not isinstance(child, Message) or child.get_content_type() != kind:
            continue
        inner = child.get_payload()
        if isinstance(inner, list):
            found += [part for part in inner if isinstance(part, Message)]
        elif isinstance(inner, str):
            found.append(message_from_string(inner))
    return found
