"""The held-out messages are well formed, and none stands in the training data, nor nearly so."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from math import ceil
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from bot.settings import ROOT

HELD_OUT = Path(__file__).parent
TRAINING = ROOT / "data" / "nlu"
# Of two texts this alike, one gives the other away: the share of their trigrams that both have.
NEARLY_THE_SAME = 0.7
LEAST_MESSAGES = 800
LEAST_OF_A_LABEL = 14

Trigrams = frozenset[str]


def read(path: Path) -> Any:
    return YAML(typ="safe").load(path.read_text(encoding="utf-8"))


def trigrams(text: str) -> Trigrams:
    plain = "".join(each if each.isalnum() else " " for each in text.lower())
    padded = f" {' '.join(plain.split())} "
    return frozenset(padded[at : at + 3] for at in range(len(padded) - 2))


@cache
def training() -> dict[str, list[str]]:
    blocks = [block for path in TRAINING.glob("*.yml") for block in read(path)["nlu"]]
    return {
        block["intent"]: [line.strip()[2:] for line in block["examples"].splitlines() if line]
        for block in blocks
    }


def held_out() -> list[dict[str, str]]:
    messages = read(HELD_OUT / "messages.yml")["messages"]
    return [*messages, *read(HELD_OUT / "off_topic.yml")["off_topic"]]


def alike(ours: Iterable[str], theirs: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Pairs of texts that are nearly the same.

    Two sets that share so much share one of the rarest members of either, so only texts with
    such a trigram in common are compared.
    """
    known = [(text, trigrams(text)) for text in theirs]
    frequent = Counter(gram for _, grams in known for gram in grams)

    def rarest(grams: Trigrams) -> list[str]:
        ordered = sorted(grams, key=lambda gram: (frequent[gram], gram))
        return ordered[: len(grams) - ceil(NEARLY_THE_SAME * len(grams)) + 1]

    places = defaultdict(list)
    for place, (_, grams) in enumerate(known):
        for gram in rarest(grams):
            places[gram].append(place)
    for text in ours:
        grams = trigrams(text)
        for place in {place for gram in rarest(grams) for place in places[gram]}:
            other, others = known[place]
            if len(grams & others) >= NEARLY_THE_SAME * len(grams | others):
                yield text, other


def test_a_changed_word_is_found_and_another_sentence_is_not() -> None:
    known = ["Where is my order 1001?", "the clasp of my necklace broke"]
    assert list(alike(["where's my order 1001"], known)) == [("where's my order 1001", known[0])]
    assert list(alike(["my necklace came with a broken clasp"], known)) == []


def test_no_held_out_message_is_a_training_example_or_nearly_one() -> None:
    examples = [text for texts in training().values() for text in texts]
    assert list(alike([message["text"] for message in held_out()], examples)) == []


def test_each_label_is_held_out_often_enough_to_say_something() -> None:
    counts = Counter(message["label"] for message in held_out() if "label" in message)
    assert counts.keys() == training().keys()
    assert counts.total() >= LEAST_MESSAGES
    assert min(counts.values()) >= LEAST_OF_A_LABEL


@pytest.mark.parametrize("kind", ["near", "far"])
def test_enough_is_off_topic(kind: str) -> None:
    assert sum(message.get("kind") == kind for message in held_out()) >= 100


def test_no_held_out_message_stands_twice() -> None:
    counts = Counter(message["text"].casefold() for message in held_out())
    assert [text for text, times in counts.items() if times > 1] == []
