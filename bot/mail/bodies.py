"""What somebody wrote, out of the MIME parts of a mail; and the parts that are attached."""

from dataclasses import dataclass, field
from email.message import Message

from bot.mail.charsets import decoded
from bot.mail.headers import decoded_words, header
from bot.mail.texts import text_of_flowed, text_of_html

DEEPEST = 12
MOST_PARTS = 200


@dataclass(frozen=True)
class Attached:
    """A part that is not text to read: its name as given, its bytes, whether it was attached."""

    name: str
    content: bytes
    inline: bool


@dataclass
class Body:
    """The text of a mail, plain or of its HTML, and everything that came with it."""

    text: str = ""
    is_plain: bool = True
    attached: list[Attached] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def body_of(message: Message) -> Body:
    """The whole mail's body; what cannot be read is noted for the agent."""
    return _Reader().read(message, 0)


class _Reader:
    """Goes through the parts, and stops where there are too many or too deep."""

    def __init__(self) -> None:
        self._parts = 0

    def read(self, part: Message, depth: int) -> Body:
        self._parts += 1
        if depth > DEEPEST or self._parts > MOST_PARTS:
            return Body(notes=["Some of this mail's parts were too many or too deep to be read."])
        kind = part.get_content_type()
        children = part.get_payload()
        if part.is_multipart() and isinstance(children, list):
            inner = [child for child in children if isinstance(child, Message)]
            if kind == "message/rfc822":
                subject = header(inner[0], "Subject") if inner else ""
                return Body(notes=[f"An attached mail was kept out: “{subject}”."])
            read = [self.read(child, depth + 1) for child in inner]
            return _best(read) if kind == "multipart/alternative" else _joined(read)
        return _leaf(part, kind)


def _best(alternatives: list[Body]) -> Body:
    """The plain text where it says something, else the HTML; attachments of all of them."""
    chosen = next((b for b in alternatives if b.is_plain and b.text.strip()), None)
    chosen = chosen or next((b for b in reversed(alternatives) if b.text.strip()), Body())
    return Body(
        chosen.text,
        chosen.is_plain,
        [attached for body in alternatives for attached in body.attached],
        [note for body in alternatives for note in body.notes],
    )


def _joined(parts: list[Body]) -> Body:
    return Body(
        "\n\n".join(body.text.strip("\n") for body in parts if body.text.strip()),
        all(body.is_plain for body in parts),
        [attached for body in parts for attached in body.attached],
        [note for body in parts for note in body.notes],
    )


def _leaf(part: Message, kind: str) -> Body:
    disposition = part.get_content_disposition()
    name = _name(part)
    content = part.get_payload(decode=True)
    raw = content if isinstance(content, bytes) else b""
    if kind not in ("text/plain", "text/html") or disposition == "attachment" or name:
        return Body(attached=[Attached(name, raw, inline=disposition != "attachment")])
    text = decoded(raw, part.get_content_charset())
    if kind == "text/html":
        return Body(text_of_html(text), is_plain=False)
    if str(part.get_param("format", "")).lower() == "flowed":
        text = text_of_flowed(text, del_sp=str(part.get_param("delsp", "")).lower() == "yes")
    return Body(text)


def _name(part: Message) -> str:
    try:
        return decoded_words(part.get_filename() or "")
    except (LookupError, ValueError):
        return "unreadable name"
