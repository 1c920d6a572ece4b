"""Dates: as an ISO day where day, month and year are certain, else as they were written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from bot.nlu.found import Found

DATE = "date"

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:r?uary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DAY = r"(?P<day>\d{1,2})(?P<nth>\s?(?:st|nd|rd|th)\b)?"
_YEAR = r"(?P<year>(?:19|20)\d\d)(?!\d|[.,]\d)"
_BEFORE = r"(?P<before>\b(?:on|by|since|from|before|after|until|till|for|the|dated?|of)\s+)?"
_NUMERIC_YEAR = r"(?P<year>(?:19|20)\d\d|\d\d)"

_ISO = re.compile(
    r"(?<![\w./-])(?P<year>(?:19|20)\d\d)([-/.])(?P<m>\d{1,2})\2(?P<day>\d{1,2})(?![\w/-])"
)
_FIGURES = re.compile(
    rf"(?<![\w./$£€-])(?P<a>\d{{1,2}})(?P<mark>[/.-])(?P<b>\d{{1,2}})(?P=mark){_NUMERIC_YEAR}"
    r"(?![\w/-]|\.\d)"
)
_DAY_FIRST = re.compile(
    rf"{_BEFORE}(?<![\w.,:/#$£€-]){_DAY}(?:\s+of)?[\s-]+{_MONTH}(?:,?[\s-]+{_YEAR})?", re.I
)
_MONTH_FIRST = re.compile(
    rf"{_BEFORE}(?<![\w-]){_MONTH}\s?(?:the\s)?{_DAY}(?![\w:/%$£€]|[.,]\d)(?:,?\s*{_YEAR})?", re.I
)
_WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_SHORT_WEEKDAY = r"(?:mon|tues?|weds?|thurs?|thu|fri|sat|sun)"
_SPOKEN = re.compile(
    r"\b(?:(?:the\s)?day\s(?:before\syesterday|after\stomorrow)|yesterday|tomorrow|today"
    rf"|(?:on|last|next|this|since|by|until|before|coming)\s+{_WEEKDAY}"
    rf"|(?:on|last|next)\s+{_SHORT_WEEKDAY}\.?"
    rf"|{_WEEKDAY}(?=\s*(?:$|[,.!?;)]\s|[.!?]$|(?:morning|afternoon|evening|and|or|but|i|it|to|at|please)\b)))"
    r"(?![\w-])(?!['’]s)",
    re.I,
)
_LEADING = re.compile(r"(?:on|since|by|until|before)\s+", re.I)
_NO_DAY = re.compile(r"\b(?:black|cyber|good|easter|ash|shrove)\s+$", re.I)
# After "may 2" or "march 3" these say that the word is a verb, or that things are counted.
_COUNTED = re.compile(
    r"\s*(?:of\b|people|persons?|times|days?|weeks?|months?|years?|hours?|minutes?|mins?|pieces?"
    r"|items?|orders?|rings?|necklaces?|bracelets?|pairs?|percent|dollars?|euros?|pounds?|usd|eur|gbp"
    r"|more\b|other|friends|inch|cm\b|mm\b|am\b|pm\b)",
    re.I,
)
_GOES_ON = re.compile(r"\s*(?:be|have|i|we|you|not|get|come|take|need|arrive|also|still)\b", re.I)
_VERBS = frozenset({"may", "mar", "march"})
_LEAST_YEAR_IN_FULL = 100


def dates_in(text: str) -> Iterator[Found]:
    """Dates by figures and names, and days that are only spoken of ("last Monday")."""
    if any(map(str.isdigit, text)):
        for match in _ISO.finditer(text):
            day = _iso(int(match["year"]), int(match["m"]), int(match["day"]))
            if day:
                yield Found(DATE, day, *match.span())
        for match in _FIGURES.finditer(text):
            yield from _of_figures(match)
        for pattern in (_DAY_FIRST, _MONTH_FIRST):
            for match in pattern.finditer(text):
                yield from _of_names(match, text)
    for match in _SPOKEN.finditer(text):
        leading = _LEADING.match(match[0])
        start = match.start() + (leading.end() if leading else 0)
        if not _NO_DAY.search(text, 0, start):
            yield Found(DATE, text[start : match.end()], start, match.end())


def _of_figures(match: re.Match[str]) -> Iterator[Found]:
    """ "25/12/2024" is certain, "05/12/2024" is not, but "05.12.2024" is written day first."""
    a, b, year = int(match["a"]), int(match["b"]), int(match["year"])
    year += 2000 if year < _LEAST_YEAR_IN_FULL else 0
    month_first, day_first = _iso(year, a, b), _iso(year, b, a)
    if match["mark"] == ".":
        if day_first and (len(match["year"]) > 2 or len(match["b"]) > 1):
            yield Found(DATE, day_first, *match.span())
        return
    if not (month_first or day_first) or (match["mark"] == "-" and len(match["year"]) < 4):
        return
    certain = month_first if not day_first or month_first == day_first else day_first
    value = match[0] if month_first and day_first and a != b else certain
    yield Found(DATE, value or match[0], *match.span())


def _of_names(match: re.Match[str], text: str) -> Iterator[Found]:
    month, day = match["month"].lower(), int(match["day"])
    start = match.end("before") if match["before"] else match.start()
    if _COUNTED.match(text, match.end()) and not match["year"]:
        return
    bare = not (match["before"] or match["nth"] or match["year"])
    is_verb = match["month"].islower() or _GOES_ON.match(text, match.end()) is not None
    if month in _VERBS and bare and is_verb:
        return
    number = _MONTHS.index(month[:3]) + 1
    # Without a year the 29th of February may exist.
    certain = _iso(int(match["year"]) if match["year"] else 2024, number, day)
    if certain:
        end = match.end()
        yield Found(DATE, certain if match["year"] else text[start:end], start, end)


def _iso(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None
