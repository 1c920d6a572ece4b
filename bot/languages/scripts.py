"""Which script most of a message is in; letters that English does not have prove a language."""

import re
from dataclasses import dataclass

_LATIN_WORD = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]+")
_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_KANA = "\u3041-\u3096\u30a1-\u30fc\uff66-\uff9d"
_TWO_KANA = re.compile(f"[{_KANA}].*[{_KANA}]", re.DOTALL)


@dataclass(frozen=True)
class Script:
    """A script with the language most often written in it, and others that share it.

    Its words stand apart, or else each of its characters counts as one.
    """

    letters: re.Pattern[str]
    language: str
    others: tuple[str, ...] = ()
    words_apart: bool = True

    def count(self, text: str) -> int:
        """How many words of the text are in it; none where no two of its letters stand together.

        A single one is a sign, part of a face, or what a pendant is to bear.
        """
        runs: list[str] = self.letters.findall(text)
        if max(map(len, runs), default=0) < 2:
            return 0
        return len(runs) if self.words_apart else sum(map(len, runs))


def _of(ranges: str, language: str, *others: str, words_apart: bool = True) -> Script:
    return Script(re.compile(f"[{ranges}]+"), language, others, words_apart)


_CHINESE_OR_JAPANESE = _of(_HAN + _KANA, "zh", words_apart=False)
_SCRIPTS = (
    _CHINESE_OR_JAPANESE,
    _of("\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3", "ko"),
    _of("\u0620-\u065f\u066e-\u06d3\u0750-\u077f\ufb50-\ufdfb\ufe70-\ufefc", "ar", "fa", "ur"),
    _of("\u0400-\u052f", "ru", "uk", "bg", "sr"),
    _of("\u0370-\u03ff\u1f00-\u1fff", "el"),
    _of("\u05d0-\u05ea", "he"),
    _of("\u0900-\u097f", "hi"),
    _of("\u0980-\u09ff", "bn"),
    _of("\u0b80-\u0bff", "ta"),
    _of("\u0e01-\u0e4e", "th"),
)


def prevailing_script(text: str) -> Script | None:
    """The script that has more words than Latin letters have, or None."""
    script = max(_SCRIPTS, key=lambda each: each.count(text))
    if script.count(text) <= len(_LATIN_WORD.findall(text)):
        return None
    if script is _CHINESE_OR_JAPANESE and _TWO_KANA.search(text):
        return _of(_HAN + _KANA, "ja", words_apart=False)
    return script
