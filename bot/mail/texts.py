"""Plain text out of HTML and out of text whose lines were wrapped to be joined again."""

import logging
import re
from itertools import pairwise

import html2text

MOST_HTML = 200_000  # characters of HTML that are read
_LINE_BREAKS = re.compile(r"\r\n?")
_EMPTY_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
_TAGS = re.compile(r"<[^<>]*>")

log = logging.getLogger(__name__)


def text_of_html(source: str) -> str:
    """What a reader would see of it: no markup, no pictures, links by their words only."""
    reader = html2text.HTML2Text(bodywidth=0)
    reader.ignore_links = reader.ignore_images = reader.ignore_emphasis = True
    reader.ignore_tables = True
    reader.escape_snob = False
    try:
        text = reader.handle(source[:MOST_HTML])
    except Exception:  # the library raises what its parser of markup happens to meet
        log.warning("a mail's HTML could not be read as such")
        text = _TAGS.sub(" ", source[:MOST_HTML])
    return _EMPTY_LINES.sub("\n\n", text).strip()


def text_of_flowed(source: str, *, del_sp: bool) -> str:
    """Text with `format=flowed` (RFC 3676): lines that end in a blank go on in the next one."""
    lines = [_unstuffed(line) for line in _LINE_BREAKS.sub("\n", source).split("\n")]
    out: list[str] = []
    flows_on = False
    for (depth, line), following in pairwise([*lines, (-1, "")]):
        if flows_on and out:
            out[-1] += line
        else:
            out.append("> " * depth + line if depth else line)
        flows_on = line.endswith(" ") and line != "-- " and following[0] == depth
        if flows_on and del_sp:
            out[-1] = out[-1][:-1]
    return "\n".join(out)


def _unstuffed(line: str) -> tuple[int, str]:
    bare = line.lstrip(">")
    return len(line) - len(bare), bare[1:] if bare.startswith(" ") else bare
