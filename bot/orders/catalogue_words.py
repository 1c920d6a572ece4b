"""What people call the pieces of a catalogue, and which of their words name no piece at all."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path

PLAIN_WORDS = Path(__file__).with_name("plain_words.txt")

# What a catalogue may call differently; the word itself counts where the catalogue has it.
CALLED: Mapping[str, tuple[str, ...]] = {
    "925": ("sterling",),
    "chain": ("necklace",),
    "cz": ("zirconia",),
    "ear": ("earring",),
    "hoop": ("huggie",),
    "huggy": ("huggie",),
    "neckless": ("necklace",),
    "pink": ("rose",),
    "sleeper": ("huggie",),
}
# Kinds that are asked for; where a catalogue lacks one, the category that comes nearest to it.
KINDS: Mapping[str, str | None] = {
    **{"stud": "earrings", "clip-on": "earrings", "locket": "necklace", "choker": "necklace"},
    **{"bangle": "bracelet", "signet": "ring", "anklet": None, "ankle": None, "brooch": None},
    **{"cameo": None, "watch": None, "tiara": None, "cufflink": None, "charm": None},
    **{"cross": None, "piercing": None, "headband": None, "keyring": None, "scarf": None},
}
MATERIALS = frozenset(
    {
        *("amber", "amethyst", "aluminium", "ceramic", "copper", "coral", "crystal", "diamond"),
        *("emerald", "garnet", "glass", "jade", "leather", "moissanite", "moonstone", "opal"),
        *("palladium", "platinum", "plastic", "resin", "ruby", "sapphire", "titanium", "topaz"),
        *("tungsten", "turquoise", "wood"),
    }
)

LEAST_LETTERS = 4  # shorter words are like too many others to be taken for a slip
# How alike (of 1) a word and the catalogue's must be: one slip in it, more in a long one.
ALIKE = 0.8
LETTERS_LEFT_OUT = 2
_AS_ALIKE = 0.05  # two words of the catalogue as near as this are both meant

_WORD = re.compile(r"[^\W_]+(?:-on\b)?")
_EAR_RING = re.compile(r"\bear[ -]ring")
_ENDING = re.compile(r"(?<=ch|sh|ss)es$|(?<=x)es$|(?<=[^su])s$")


def plain(text: str) -> str:
    """The text in small letters, without accents and possessives, digits and blanks as usual."""
    decomposed = unicodedata.normalize("NFKD", text.replace("’", "'")).casefold()
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return re.sub(r"'s?\b", "", bare)


def words_in(text: str) -> list[str]:
    """The words of a text, each as it is compared: plain and in the singular."""
    return [singular(word) for word in _WORD.findall(_EAR_RING.sub("earring", plain(text)))]


def singular(word: str) -> str:
    """The word without the ending of a plural ("earrings", "brooches"); names keep theirs."""
    return _ENDING.sub("", word) if len(word) >= LEAST_LETTERS else word


@cache
def plain_words() -> frozenset[str]:
    """Words that visitors write about anything, so that none is taken for a slip of a name."""
    return frozenset(singular(word) for word in PLAIN_WORDS.read_text(encoding="utf-8").split())


def alike(word: str, known: Iterable[str]) -> dict[str, float]:
    """The known words that this one may be a slip of, with how alike they are (of 1).

    Slips seldom change a first letter or the length by much; other words are not compared.
    """
    if len(word) < LEAST_LETTERS or word in plain_words() or not word.isalpha():
        return {}
    found = {other: _likeness(word, other) for other in known if _comparable(word, other)}
    least = max(ALIKE, max(found.values(), default=0.0) - _AS_ALIKE)
    return {other: likeness for other, likeness in found.items() if likeness >= least}


def _comparable(word: str, other: str) -> bool:
    return word[0] == other[0] and abs(len(word) - len(other)) <= LETTERS_LEFT_OUT


def _likeness(word: str, other: str) -> float:
    if len(word) == len(other) and sum(map(str.__ne__, word, other)) == 1:
        return max(ALIKE, 1 - 1 / len(word))  # one wrong letter is a slip also in a short word
    matcher = SequenceMatcher(None, word, other)
    if matcher.quick_ratio() < ALIKE:
        return 0.0
    # The matcher is not symmetric; the better of both orders finds a swap of letters.
    return max(matcher.ratio(), SequenceMatcher(None, other, word).ratio())
