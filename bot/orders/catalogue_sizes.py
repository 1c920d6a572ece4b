"""Reads the size that a visitor wants and compares it with those that the catalogue writes."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

_WORDS = (
    *("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
)
_FIGURES = {word: str(n) for n, word in enumerate(_WORDS, start=2)}
_NUMBER_WORD = re.compile(rf"\b({'|'.join(_WORDS)})\b")
_PARTS = {"½": " 1/2", "¼": " 1/4", "¾": " 3/4", "a half": "1/2"}
_WITH_PART = re.compile(r"(\d+)(?: and |[ -]+)([13])/([24])")

_MILLIMETRES = {"mm": 1.0, "cm": 10.0, "in": 25.4}
_ROUNDED_MM = 0.3  # what inches may be off when they are said in centimetres
_STRICTLY = 0.01  # "under 7" is at most 7 less this share of it

_LETTERS = {"xs": "extra small", "s": "small", "m": "medium", "l": "large", "xl": "extra large"}
_NAMED = r"(?:extra[ -])?(?:small|large)|medium"

_N = r"\d{1,3}(?:\.\d+)?(?![\d/]|\.\d)"
_INCH_FOLLOWS = (
    r"(?= ?(?:$|[?.!,;)]|(?:necklace|chain|bracelet|pendant|hoop|huggie|earring)s?\b"
    r"|(?:long|length|size|version|one|or|and|to|please|available)\b))"
)
_UNIT = (
    r"(?P<unit>mm\b|millimet\w+|cms?\b|centimet\w+|inch\w*|ins\b|\"|''|”|″"
    rf"|in\b{_INCH_FOLLOWS})"
)
_STRICT = r"under|below|over|above|(?:less|more|(?:short|small|long|bigg|larg)er) than"
_LOOSE = r"up to|at most|at least|no (?:more|longer|bigger|larger|less|smaller) than|from"
_BOUND = rf"(?:\b(?P<bound>{_STRICT}|{_LOOSE}) )?"
_MOST = re.compile(r"under|below|less than|short|^small|up to|at most|no (?:more|lo|bi|la)")
_NUMBERS = (
    rf"(?P<numbers>{_N}(?:(?:, ?{_N})*,? ?(?:or|and|to|-|–|/) ?{_N}(?! ?(?:dollar|buck|usd|\$)))?)"
)
_OPEN_END = r"(?: (?:or|and) (?P<end>larger|bigger|longer|up|above|over|smaller|shorter|less)\b)?"
_LENGTH = re.compile(rf"{_BOUND}(?<![\w.$]){_NUMBERS}[ -]?{_UNIT}(?! ?(?:wide|thick)){_OPEN_END}")
_SIZE = re.compile(
    rf"{_BOUND}\b(?:(?:sizes?|sz)\b:? ?(?:us |of |is |a |an |number )*|us |in an? )"
    rf"{_NUMBERS}{_OPEN_END}"
)
_IN_NUMBER = re.compile(rf"(?<=\bin ){_NUMBERS}(?= ?(?:$|[?.!,;]|please\b|rings?\b|bands?\b))")
_CALLED = re.compile(
    rf"\bsize (?P<letter>xs|s|m|l|xl)\b|\b(?:size|in an?|in) (?P<name>{_NAMED})\b"
    rf"|\b(?P<first>{_NAMED}) (?:size|one|version)\b"
    r"|(?<!than )(?<!just )(?<!only )\b(?P<one>one[ -]size)\b"
)
_OF_A_BODY = re.compile(r"\b(?:wrist|neck|finger|ear)\b")


@dataclass(frozen=True)
class _Range:
    """From the least to the most in a unit: millimetres, centimetres, inches, or none said."""

    least: float
    most: float
    unit: str

    def distance(self, number: float, unit: str) -> float:
        """How far a size is from it, 0 within it; infinite where they cannot be compared."""
        least, most, allowed = self.least, self.most, 1e-6
        if self.unit and unit:
            least, most = (each * _MILLIMETRES[self.unit] for each in (least, most))
            number *= _MILLIMETRES[unit]
            allowed = _ROUNDED_MM if (self.unit == "in") is not (unit == "in") else allowed
        elif self.unit:
            return math.inf  # a ring's size says nothing of millimetres
        off = max(least - number, number - most, 0.0)
        return 0.0 if off <= allowed else off


@dataclass(frozen=True)
class Sizes:
    """The sizes that a visitor would take, any of them; `said` is how they were put."""

    said: str
    ranges: tuple[_Range, ...] = ()
    name: str | None = None

    def distance(self, sizes: Iterable[str]) -> float:
        """How far the nearest of a product's sizes is: 0 if it is one of those wanted."""
        return min((self._distance(size) for size in sizes), default=math.inf)

    def without_unit(self, sizes: Iterable[str]) -> bool:
        """Whether one of those wanted is written just so, as a number without a unit."""
        plain = [size for size in sizes if re.fullmatch(_N, size.strip())]
        return self.distance(plain) == 0

    def _distance(self, size: str) -> float:
        written = size.strip().casefold()
        if self.name is not None:
            return 0.0 if _LETTERS.get(written, written) == self.name else math.inf
        found = re.fullmatch(rf"({_N}) ?(?:{_UNIT})?", written)
        if not found:
            return math.inf
        number, unit = float(found[1]), _unit(found["unit"])
        return min(each.distance(number, unit) for each in self.ranges)


def read_sizes(text: str) -> Sizes | None:
    """The sizes that this text asks for; None where it names none.

    How wide a piece or a visitor's wrist is, is no size of a piece.
    """
    read = _in_figures(text)
    lengths = [] if _OF_A_BODY.search(read) else list(_LENGTH.finditer(read))
    found = lengths or list(_SIZE.finditer(read)) or list(_IN_NUMBER.finditer(read))
    if found:
        said = " / ".join(re.sub(r"^in an? ", "", each[0].strip()) for each in found)
        return Sizes(said, tuple(one for each in found for one in _ranges(each)))
    if called := _CALLED.search(read):
        letter, name = called["letter"], called["name"] or called["first"]
        name = _LETTERS[letter] if letter else name or "one size"
        return Sizes(name, name=name.replace("-", " "))
    return None


def _in_figures(text: str) -> str:
    """The text in small letters, its numbers in figures and with a point: "4 1/2" is "4.5"."""
    read = " ".join(text.casefold().split())
    for part, figures in _PARTS.items():
        read = read.replace(part, figures)
    read = _NUMBER_WORD.sub(lambda word: _FIGURES[word[1]], read)
    return _WITH_PART.sub(lambda n: f"{int(n[1]) + int(n[2]) / int(n[3]):g}", read)


def _ranges(found: re.Match[str]) -> list[_Range]:
    said = found.groupdict()
    unit = _unit(said.get("unit"))
    numbers = sorted(float(number) for number in re.findall(_N, said["numbers"]))
    bound, end = said.get("bound"), said.get("end")
    off = _STRICTLY if bound and re.match(_STRICT, bound) else 0.0
    if (bound and _MOST.search(bound)) or end in ("smaller", "shorter", "less"):
        return [_Range(0.0, numbers[-1] * (1 - off), unit)]
    if re.search(r"to|-|–", said["numbers"]):
        return [_Range(numbers[0], numbers[-1], unit)]
    if bound or end:
        return [_Range(numbers[0] * (1 + off), math.inf, unit)]
    return [_Range(number, number, unit) for number in numbers]


def _unit(said: str | None) -> str:
    if not said:
        return ""
    return {"m": "mm", "c": "cm"}.get(said[0], "in") if said[:2] != "mi" else "mm"
