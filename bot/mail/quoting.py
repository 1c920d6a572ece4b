"""Cuts the mail that is quoted below or within an answer, so that the answer is what is read."""

import re

from mailparser_reply import EmailReplyParser

# What the library looks at: its patterns take time with the square of a line's length, and more
# with each empty line. No line that introduces a quotation is this long.
LONGEST_LINE = 200
MOST_LINES = 400
LANGUAGES = ["en", "es", "fr", "de", "it", "pt"]
LONGEST_INTRODUCTION = 4  # lines
_ADDRESS = re.compile(r"\S@\S")
# A time, a date in figures, or a day beside its year.
_DATE = re.compile(
    r"\b\d{1,2}:\d{2}\b|\b\d{1,4}[./-]\d{1,2}[./-]\d{1,4}\b"
    r"|\b\d{1,2}\b\D{1,20}\b(19|20)\d\d\b"
)
_SIGNATURE = re.compile(r"^-- ?$")
_DEVICE = re.compile(r"^(Sent from my |Get Outlook for )[\w ./:<>()+-]{1,80}$", re.IGNORECASE)


def own_words(text: str, *, is_reply: bool) -> str:
    """The text without quotations and signature; the whole text where nothing else is left.

    In a mail that answers none (`is_reply`), what looks like a quotation is one only where its
    first lines have an address or a date, as mail programs write them; people write "and the
    courier wrote:" themselves.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").strip().split("\n")
    cut = _first_line_quoted(lines)
    if not is_reply and not _is_introduced(lines[cut:]):
        return "\n".join(_without_signature(lines)).strip() or "\n".join(lines).strip()
    answer, rest = lines[:cut], lines[cut:]
    if _is_answered_within(rest):
        answer += [line for line in rest[_header_lines(rest) :] if not _is_quoted(line)]
    while answer and (_is_quoted(answer[-1]) or not answer[-1].strip(" _-")):
        answer.pop()
    own = "\n".join(_without_signature(answer)).strip()
    return own or "\n".join(lines).strip()


def _first_line_quoted(lines: list[str]) -> int:
    """The number of the line with which the earlier mail begins; all lines where it has none."""
    places: list[int] = []
    shown: list[str] = []
    for number, line in enumerate(lines[:MOST_LINES]):
        if line.strip() or (shown and shown[-1]):
            places.append(number)
            shown.append(line.strip()[:LONGEST_LINE].replace("_" * 20, "_").replace("-" * 20, "-"))
    replies = EmailReplyParser(languages=LANGUAGES).read("\n".join(shown)).replies
    first = replies[0]
    if len(replies) < 2 and not first.headers:
        return len(lines)
    length = 0 if first.headers else first.content.count("\n") + 1
    while length < len(shown) and not shown[length]:
        length += 1
    return places[length] if length < len(places) else len(lines)


def _is_introduced(rest: list[str]) -> bool:
    """Whether these lines begin with what a mail program writes above the mail it quotes."""
    for line in (line[:LONGEST_LINE] for line in rest[:LONGEST_INTRODUCTION]):
        if _ADDRESS.search(line) or _DATE.search(line):
            return True
        if line.rstrip().endswith(":") or _is_quoted(line):
            return False
    return False


def _is_quoted(line: str) -> bool:
    return line.lstrip().startswith(">")


def _header_lines(rest: list[str]) -> int:
    return next((n for n, line in enumerate(rest) if _is_quoted(line)), len(rest))


def _is_answered_within(rest: list[str]) -> bool:
    """Whether the quotation is marked line by line and there is something below or between."""
    marked = rest[_header_lines(rest) :]
    return any(line.strip() and not _is_quoted(line) for line in marked)


def _without_signature(lines: list[str]) -> list[str]:
    for number, line in enumerate(lines):
        if number and _SIGNATURE.match(line.strip("\r")):
            return lines[:number]
    return [line for line in lines if not _DEVICE.match(line.strip())]
