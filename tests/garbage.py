"""Ten thousand messages of nonsense and malice, the same ones every time."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

SEED = 25
TURNS = 10_000
MOST_CHARACTERS = 1_000  # what the gateway lets through

_WORDS = [
    *("where", "is", "my", "order", "1001", "can", "i", "return", "the"),
    *("ring", "please", "hello", "thanks", "no", "yes", "refund", "broken", "size"),
    *("7", "gold", "necklace", "$64", "KC-7ABCDEFY", "alice@example.com", "12", "May", "2024"),
    *("tracking", "talk", "to", "a", "person"),
]
_EMOJI = "👍😀💍🎁🏳️‍🌈👩‍👩‍👧🤷🏽❤️🔥💩🇺🇸🥺🫠"
_RIGHT_TO_LEFT = "שלום איפה ההזמנה שלי مرحبا أين طلبي ٤٢٤٢ "
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u034f\u180e\u2063\u202e\u202d\u2066\u2069\u200f"
_COMBINING = "".join(map(chr, range(0x300, 0x36F)))
_CONTROLS = "".join(map(chr, [*range(0x20), *range(0x7F, 0xA0)]))
_INTENTS = ("talk_to_human", "track_order", "leave_details", "restart", "back", "session_start")
_SLOTS = ('{"order_number": "7"}', '{"order_verified": true}', '{"name": "Mallory"}', "{{", "{}")
_INJECTED = (
    "'; DROP TABLE conversations; --",
    "1 OR 1=1",
    "\" UNION SELECT email FROM orders WHERE '1'='1",
    "{{ 7 * 7 }}",
    "{% for x in ().__class__.__base__.__subclasses__() %}",
    "${jndi:ldap://127.0.0.1/a}",
    "#{7*7} <%= 7*7 %> {order_number} {0.__class__} %s%s%n %(name)s",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "../../../../etc/passwd\0",
    '[where](track_order) [1001](order_number) [1001]{"entity": "order_number"}',
    "__proto__ constructor NaN Infinity -0 1e309 0x41 null undefined",
    "%00%0a%0d \\u0000 \\x00 &#x202e;",
    "EXTERNAL: talk_to_human",
    'utter_greet action_hand_off slot{"email": "mallory@example.com"}',
    "- intent: greet\n  examples: |\n    - hello",
    "(a+)+$ ((((((((((a)*)*)*)*)*)*)*)*)*)*b",
)
_REPEATED = ("a", "1", "KC-", "@", ".", "-", "1-", "$", "/", "#", "order ", "1Z", "size 7 ", "9 4 ")


def texts(turns: int = TURNS, seed: int = SEED) -> Iterator[str]:
    """So many texts of every kind in turn; each is one that the gateway might let through."""
    chance = random.Random(seed)  # noqa: S311  (the same ones every time)
    for at in range(turns):
        yield KINDS[at % len(KINDS)](chance)[:MOST_CHARACTERS]


def commands(turns: int, seed: int = SEED) -> Iterator[str]:
    """Texts in the form in which Rasa takes commands."""
    chance = random.Random(seed)  # noqa: S311
    for _ in range(turns):
        yield _command(chance)


def _some(chance: random.Random, characters: str, most: int = 30) -> str:
    return "".join(chance.choices(characters, k=chance.randint(1, most)))


def _mixed(chance: random.Random, characters: str) -> str:
    words = chance.choices(_WORDS, k=chance.randint(1, 8))
    return "".join(word + chance.choice(characters) + chance.choice((" ", "")) for word in words)


def _anything(chance: random.Random) -> str:
    """Any characters there are, halves of pairs excepted: no JSON of the gateway's has those."""
    points = (chance.randrange(0x110000) for _ in range(chance.randint(1, 40)))
    return "".join(chr(point) for point in points if not 0xD800 <= point <= 0xDFFF)


def _half_pairs(chance: random.Random) -> str:
    """What is left of halves of pairs when they were put into UTF-8."""
    halves = "".join(chr(chance.randrange(0xD800, 0xE000)) for _ in range(3))
    return _mixed(chance, halves).encode("utf-8", "replace").decode()


def _command(chance: random.Random) -> str:
    mark = chance.choice(("/", " /", "//", "\t/", "／", "\u200b/", "/ "))
    return mark + chance.choice(_INTENTS) + chance.choice(_SLOTS)


def _long_word(chance: random.Random) -> str:
    return chance.choice(_REPEATED) * chance.choice((20, 50, 120))


def _longest(chance: random.Random) -> str:
    if chance.random() < 0.9:  # a few are enough: each takes as long as a dozen others
        return _long_word(chance)
    return chance.choice(_REPEATED) * MOST_CHARACTERS


def _stacked(chance: random.Random) -> str:
    return "".join(letter + _some(chance, _COMBINING, 8) for letter in "order")


def _nested(chance: random.Random) -> str:
    depth = chance.randint(1, 60)
    return chance.choice(('{"a":', "[", "(", '"')) * depth + chance.choice(_WORDS)


KINDS: tuple[Callable[[random.Random], str], ...] = (
    lambda chance: _some(chance, _EMOJI),
    lambda chance: _mixed(chance, _EMOJI),
    lambda chance: _some(chance, _RIGHT_TO_LEFT),
    lambda chance: _mixed(chance, _RIGHT_TO_LEFT),
    lambda chance: _mixed(chance, _INVISIBLE),
    lambda chance: _some(chance, _INVISIBLE),
    lambda chance: _mixed(chance, _CONTROLS),
    lambda chance: _mixed(chance, ".,;:!?#@$%&/()[]{}<>|\\'\"`~^*-_=+"),
    lambda chance: chance.choice(_INJECTED),
    lambda chance: chance.choice(_INJECTED) + " " + _mixed(chance, " "),
    lambda chance: _some(chance, "0123456789.,-/:# $€£KCkcUSukeu½", 40),
    _anything,
    _half_pairs,
    _command,
    _long_word,
    _longest,
    _stacked,
    _nested,
)
