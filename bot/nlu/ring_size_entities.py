"""Ring sizes: American and European numbers, British letters."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.nlu.found import Found

RING_SIZE = "ring_size"

_SYSTEMS = {
    **dict.fromkeys(("us", "usa", "u.s.", "u.s", "american"), "US"),
    **dict.fromkeys(("uk", "u.k.", "u.k", "british"), "UK"),
    **dict.fromkeys(("eu", "european", "europe"), "EU"),
}
_WORDS = ("three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_IN_WORDS = {word: number for number, word in enumerate(_WORDS, start=3)}
_QUARTERS = {"1/4": 0.25, "¼": 0.25, "1/2": 0.5, "½": 0.5, "3/4": 0.75, "¾": 0.75}
_QUARTERS |= {"half": 0.5, "quarter": 0.25}

_WHOLE = re.compile(r"\d{1,2}(?:[.,]\d{1,2})?")

_SYSTEM = r"(?:usa?|u\.s\.?|american|uk|u\.k\.?|british|eu|european|europe)"
_NUMBER = (
    r"\d{1,2}(?:[.,](?:25|50?|75|0)(?!\d))?(?:[\s-]?(?:1/2|1/4|3/4|[¼½¾])|\s+and\s+a\s+(?:half|quarter))?"
    rf"|(?:{'|'.join(_WORDS)})\b(?:\s+and\s+a\s+(?:half|quarter))?"
)
_LETTER = r"[A-Z](?:\s?(?:½|1/2))?"
# A size is followed by no unit and by nothing that is counted.
_END = (
    r"(?![\w½¼¾]|[.,:/-]\d|['’]\w|-\w)(?!\s?(?:inch|in\b\s*(?:$|[.,!?;])|[\"”″%$£€]|mm\b|cm\b|ft\b|feet|m\b"
    r"|[kmg]b\b|px|pixel|pt\b|font|points?\b|days?|weeks?|months?|years?|yrs?|hours?|minutes?|mins?"
    r"|of\b|pcs|people|times?|pieces?|items?|orders?|countr|states|dollars?|euros?|pounds?|bucks|usd\b"
    r"|eur\b|gbp\b|(?:\w+\s)?shoes?|sneakers?|boots?|dress|jeans|shirts?|stars?|business|orders|more\b|others?\b))"
)
_SIZED = re.compile(
    rf"(?<![\w-])(?:(?P<before>{_SYSTEM})\s+)?(?:ring\s+)?(?:size|sz|sise|szie)s?\b\.?"
    r"\s*(?:is|of|was|should\s+be|to|number|no\.?|[:=#])?\s*(?:an?\s+)?\(?"
    rf"(?P<whole>(?:(?P<system>{_SYSTEM})\s*)?(?P<value>{_NUMBER}|{_LETTER})"
    rf"(?:\s*\(?(?P<after>{_SYSTEM})\b)?){_END}",
    re.I,
)
_NEXT = re.compile(
    rf"\s*(?:or|to|and|-|/|->|→|instead\s+of|not)\s*(?:an?\s+)?(?:size\s+)?(?P<value>{_NUMBER}){_END}",
    re.I,
)
_SYSTEM_FIRST = re.compile(
    rf"(?<![\w.-])(?P<system>{_SYSTEM})[\s-]?(?P<value>{_NUMBER}|\b{_LETTER}){_END}", re.I
)
_SYSTEM_LAST = re.compile(
    rf"(?<![\w.,:/$£€#-])(?P<value>{_NUMBER}|\b{_LETTER})\s?(?P<system>{_SYSTEM})\b(?!\s?\$)", re.I
)
_RING_IN = re.compile(rf"\brings?\s+(?:in|as)\s+an?\s+(?P<value>{_NUMBER}){_END}", re.I)
_WORN = re.compile(
    rf"\b(?:wear|wears|take|takes|am|i['’]?m|is|need|needs)\s+an?\s+(?P<value>{_NUMBER}){_END}",
    re.I,
)
_OF_SOMETHING_ELSE = re.compile(
    r"\b(?:shoe|dress|file|shirt|jeans|paper|batch|font|screen|image|picture|photo|class|bra|pants?"
    r"|group|team|foot|feet|boot|sneaker|hat|glove|bed|king|queen|box|bracelet|wrist|chain|necklace"
    r"|party|clothes|clothing|coat|jacket)s?(?:['’]s)?[\s-]+$",
    re.I,
)
_OF_RINGS = re.compile(r"\b(?:rings?|finger|knuckle|resi[sz]\w*|size[sd]?|sizing|fits?)\b", re.I)
_CLOTHES = frozenset("SML")
_WORDS_TOO = frozenset("AI")
_AMERICAN, _EUROPEAN = (1.0, 15.0), (40.0, 76.0)
_SIZED_WORD = re.compile(r"siz|sz|sis|us|u\.|uk|eu|american|british|ring", re.I)


def ring_sizes_in(text: str) -> Iterator[Found]:
    """Ring sizes as "US 7", "UK N" or "EU 54"; the shop's own sizes are American."""
    if not _SIZED_WORD.search(text):
        return
    of_rings = _OF_RINGS.search(text) is not None
    about_rings = re.search(r"\b(?:rings?|finger|knuckle)\b", text, re.I) is not None
    for match in _SIZED.finditer(text):
        if _OF_SOMETHING_ELSE.search(text, 0, match.start()):
            continue
        said = match["before"] or match["system"] or match["after"]
        size = _size(match["value"], said, surely=about_rings)
        if size:
            start, end = match.span("whole")
            yield Found(RING_SIZE, size, start, _trimmed(text, start, end))
            following = _NEXT.match(text, match.end())
            other = _size(following["value"], said, surely=about_rings) if following else None
            if following and other:
                yield Found(RING_SIZE, other, *following.span("value"))
    for pattern in (_SYSTEM_FIRST, _SYSTEM_LAST):
        for match in pattern.finditer(text):
            # "the 2 of us 7 days ago": small letters are words, unless rings are the subject.
            letter = match["value"][0].isalpha() and match["value"].lower() not in _IN_WORDS
            plain = match["system"].islower() and match["system"] in ("us", "uk", "eu", "usa")
            if (plain or pattern is _SYSTEM_LAST) and not of_rings:
                continue
            if letter and (match["value"][0].islower() or match["value"][0] in _WORDS_TOO):
                continue
            if letter and not of_rings and text[match.end() :].strip(" .?!"):
                continue
            size = _size(match["value"], match["system"], surely=True)
            if size:
                yield Found(RING_SIZE, size, *match.span())
    about = [*_RING_IN.finditer(text), *(_WORN.finditer(text) if about_rings else ())]
    for match in about:
        size = _size(match["value"], None, surely=True)
        if size:
            yield Found(RING_SIZE, size, *match.span("value"))


def _size(written: str, said: str | None, *, surely: bool) -> str | None:
    """The size in its one spelling; None where this system has none such.

    Without a system a size is taken for the one it can only be, and letters and numbers that
    clothes have too only where a ring is spoken of (`surely`).
    """
    system = _SYSTEMS[said.lower()] if said else None
    value = written.strip()
    if value[0].isalpha() and value.lower().split()[0] not in _IN_WORDS:
        letter = value[0].upper()
        clear = system == "UK" or (value[0].isupper() and letter not in _WORDS_TOO)
        if system not in (None, "UK") or not clear:
            return None
        if system is None and letter in _CLOTHES and not surely:
            return None
        return f"UK {letter}{'½' if len(value) > 1 else ''}"
    number = _number(value)
    if system in (None, "US") and _AMERICAN[0] <= number <= _AMERICAN[1]:
        return f"US {number:g}"
    if system == "EU" or (system is None and surely):
        return f"EU {number:g}" if _EUROPEAN[0] <= number <= _EUROPEAN[1] else None
    return None


def _number(written: str) -> float:
    quarters = next(
        (part for sign, part in _QUARTERS.items() if written.lower().endswith(sign)), 0.0
    )
    whole = _WHOLE.match(written)
    if whole:
        return float(whole[0].replace(",", ".")) + quarters
    return _IN_WORDS[written.lower().split()[0]] + quarters


def _trimmed(text: str, start: int, end: int) -> int:
    return start + len(text[start:end].rstrip(" ("))
