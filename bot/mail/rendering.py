"""Makes text and HTML of a template: the same words, readable without styles or pictures."""

import html
import re
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from bot.mail.templates import Block, MailTemplate

LINE = 72
# A web address as it may stand in a link; whatever else comes is said as text only.
_WEB_ADDRESS = re.compile(r"https?://[^\s<>\"']+")
_NAME = re.compile(r"\{([a-z_]+)\}")
LARGE_PRINT = ' style="font-size: 1.75em; line-height: 1.5"'


@dataclass(frozen=True)
class Rendered:
    """A mail's words; `html` is None where its reader wants plain text only."""

    subject: str
    text: str
    html: str | None


def render(
    template: MailTemplate, values: Mapping[str, str], wishes: Mapping[str, object]
) -> Rendered:
    """Fill in the values; wishes are `plain_text` and `large_print` (section 5.2).

    Values are words, never wording: nothing in them is read as a placeholder, a link or HTML.
    A block that lacks a value is left out. Raises KeyError for one that the subject lacks.
    """
    blocks = [
        block for block in template.blocks if all(values.get(name) for name in block.placeholders)
    ]
    subject = " ".join(_filled(template.subject, values).split())
    large = bool(wishes.get("large_print"))
    return Rendered(
        subject=subject,
        text="\n\n".join(_text_of(blocks, values)) + "\n",
        html=None if wishes.get("plain_text") else _page(subject, blocks, values, large),
    )


def _filled(text: str, values: Mapping[str, str]) -> str:
    return _NAME.sub(lambda found: values[found[1]], text)


def _text_of(blocks: list[Block], values: Mapping[str, str]) -> Iterator[str]:
    for kind, group in groupby(blocks, key=lambda block: block.kind):
        texts = [_plain(block, values) for block in group]
        if kind == "item":
            yield "\n".join(_wrapped(text, "- ") for text in texts)
        else:
            yield from (_wrapped(text, "") for text in texts)


def _plain(block: Block, values: Mapping[str, str]) -> str:
    return "".join(
        _filled(piece, values)
        if address is None
        else f"{_filled(piece, values)}: {values[address]}"
        for piece, address in block.pieces()
    )


def _wrapped(text: str, mark: str) -> str:
    lines = []
    for number, line in enumerate(text.split("\n")):
        before = mark if number == 0 else " " * len(mark)
        filled = textwrap.wrap(
            line,
            LINE,
            initial_indent=before,
            subsequent_indent=" " * len(mark),
            break_long_words=False,
            break_on_hyphens=False,
        )
        lines += filled or [""]
    return "\n".join(lines)


def _page(subject: str, blocks: list[Block], values: Mapping[str, str], large: bool) -> str:
    body = "\n".join(_html_of(blocks, values))
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{html.escape(subject)}</title>\n</head>\n"
        f"<body{LARGE_PRINT if large else ''}>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _html_of(blocks: list[Block], values: Mapping[str, str]) -> Iterator[str]:
    for kind, group in groupby(blocks, key=lambda block: block.kind):
        texts = [_marked_up(block, values) for block in group]
        if kind == "item":
            yield "<ul>\n" + "\n".join(f'<li dir="auto">{text}</li>' for text in texts) + "\n</ul>"
        elif kind == "heading":
            yield from (f'<h1 dir="auto">{text}</h1>' for text in texts)
        else:
            for text in texts:
                for paragraph in re.split(r"\n{2,}", text):
                    yield f'<p dir="auto">{paragraph.replace(chr(10), "<br>")}</p>'


def _marked_up(block: Block, values: Mapping[str, str]) -> str:
    pieces = []
    for piece, name in block.pieces():
        words = html.escape(_filled(piece, values))
        if name is None:
            pieces.append(words)
        elif _WEB_ADDRESS.fullmatch(values[name]):
            pieces.append(f'<a href="{html.escape(values[name])}">{words}</a>')
        else:
            pieces.append(f"{words}: {html.escape(values[name])}")
    return "".join(pieces)
