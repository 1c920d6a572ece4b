"""Detects the language of a message; where it is not clear, the message counts as English.

A false alarm on English costs a visitor an answer, a short text that is missed costs little.
What was measured, and how the margins were found, is in tests/languages/README.md.
"""

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.languages.names import LATIN, OTHER_SCRIPTS
from bot.languages.scripts import prevailing_script

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

# How much likelier than English a text must be, as a difference of log-probabilities. Among the
# English training messages the highest difference is 10.3, of texts as short as these.
MARGIN = 16.0
# And still without any one of its words: a name or a dish does not make a sentence French.
MARGIN_WITHOUT_A_WORD = -1.0
# Enough where the conversation is known to be in this language.
MARGIN_WHERE_EXPECTED = 8.0
LEAST_WORDS, LEAST_LETTERS, LEAST_LOWER_CASE = 3, 10, 2
LEAST_LETTERS_WHERE_EXPECTED = 4
# With this share of words that no other language has, a text is English whatever else is in it.
ENGLISH_SHARE = 1 / 5

_ENGLISH_ONLY = frozenset(
    {
        *("the", "this", "that", "these", "those", "you", "your", "yours", "my", "they", "there"),
        *("what", "where", "when", "which", "why", "how", "and", "with", "from", "about"),
        *("have", "has", "does", "did", "would", "could", "should", "was", "were", "are"),
        *("isn't", "don't", "can't", "it's", "i'm", "i've", "please", "thanks", "thank"),
    }
)
# Addresses, links, and numbers with their signs and letters: #1001, 18k, KC-7F3K9QXM.
_SAYS_NO_LANGUAGE = re.compile(
    r"[\w.%+-]+@[\w.-]+|(?:https?://|www\.)[!-~]+|[A-Za-z#-]*\d[\w-]*", re.ASCII
)
_WORD = re.compile(r"[^\W\d_]+(?:[-'][^\W\d_]+)*")
_MOST_LEFT_OUT = 12  # words, one after the other; a longer text does not hang on one of them


@dataclass(frozen=True)
class Detected:
    """The language other than English that a text leans to, None where to none.

    Only a `sure` one stands on its own; the others say something where it is expected.
    """

    language: str | None
    sure: bool = False


ENGLISH = Detected(None)


def detect(text: str) -> Detected:
    """The language that a visitor's text is written in."""
    plain = _SAYS_NO_LANGUAGE.sub(" ", text.replace("’", "'"))
    script = prevailing_script(plain)
    if script is not None:
        return Detected(_likeliest(plain, script.language, script.others), sure=True)
    return _read_latin(plain)


def prepare() -> None:
    """Load the model, so that no visitor waits for it; takes about a second, once a process."""
    _identifier()


def _read_latin(text: str) -> Detected:
    words = _WORD.findall(text)
    letters = sum(map(len, words))
    if letters < LEAST_LETTERS_WHERE_EXPECTED or _has_english_words(words):
        return ENGLISH
    language, ahead = max(_ahead_of_english(words, LATIN).items(), key=lambda item: item[1])
    if ahead < MARGIN_WHERE_EXPECTED:
        return ENGLISH
    long_enough = len(words) >= LEAST_WORDS and letters >= LEAST_LETTERS
    sure = (
        long_enough
        and ahead >= MARGIN
        and not _is_a_name(text, words)
        and _ahead_without_a_word(words, language) >= MARGIN_WITHOUT_A_WORD
    )
    return Detected(language, sure)


def _has_english_words(words: list[str]) -> bool:
    return sum(word.lower() in _ENGLISH_ONLY for word in words) >= ENGLISH_SHARE * len(words)


def _is_a_name(text: str, words: list[str]) -> bool:
    """Of a person, a street or a piece: nearly all of it begins with a capital."""
    return not text.isupper() and sum(word[0].islower() for word in words) < LEAST_LOWER_CASE


def _ahead_without_a_word(words: list[str], language: str) -> float:
    shorter = ([*words[:n], *words[n + 1 :]] for n in range(min(len(words), _MOST_LEFT_OUT)))
    return min(_ahead_of_english(rest, (language,))[language] for rest in shorter)


def _ahead_of_english(words: list[str], languages: Iterable[str]) -> dict[str, float]:
    scores = _scores(" ".join(words))
    return {language: scores[language] - scores["en"] for language in languages}


def _likeliest(text: str, language: str, others: tuple[str, ...]) -> str:
    """The script's own language, unless another one that is written in it is clearly ahead."""
    if not others:
        return language
    scores = _scores(text)
    best = max(others, key=scores.__getitem__)
    return best if scores[best] - scores[language] >= MARGIN_WHERE_EXPECTED else language


def _scores(text: str) -> dict[str, float]:
    return {language: float(score) for language, score in _identifier().rank(text)}


@functools.cache
def _identifier() -> "LanguageIdentifier":
    # Imported here, so that processes that read no messages are spared numpy and its memory.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages({"en", *LATIN, *OTHER_SCRIPTS})
    return identifier
