"""Pieces and metals are found in people's words, with slips, and ordinary words are left alone."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from bot.nlu.entities import EntityFinder

CATALOGUE: dict[str, Any] = {
    "names": {
        "maren": "Maren pendant necklace",
        "ondine": "Ondine pendant necklace",
        "odette": "Odette huggie earrings",
        "wren": "Wren huggie earrings",
        "lark": "Lark huggie earrings",
        "greer": "Greer band ring",
        "isolde": "Isolde band ring",
        "briony": "Briony bead bracelet",
    },
    "kinds": {
        **{"necklace": "necklace", "pendant": "necklace", "neckless": "necklace"},
        **{"earring": "earrings", "ear ring": "earrings", "huggie": "earrings"},
        **{"hoop": "earrings", "ring": "ring", "bracelet": "bracelet", "bangle": "bracelet"},
    },
    "metals": {
        **{"silver": "sterling silver", "sterling silver": "sterling silver", "gold": "gold"},
        **{"steel": "stainless steel", "stainless steel": "stainless steel"},
        **{"rose gold": "rose gold-plated brass", "gold plated": "gold-plated"},
        **{"vermeil": "14k gold vermeil", "gold vermeil": "14k gold vermeil"},
        **{"14k gold": "14k gold", "14k gold plated brass": "14k gold-plated brass"},
    },
    "ordinary": ["lark", "wren", "green", "online", "steal", "bring", "call", "titanic"],
}


def write_catalogue(folder: Path) -> Path:
    file = folder / "catalogue.json"
    file.write_text(json.dumps(CATALOGUE), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def finder(tmp_path_factory: pytest.TempPathFactory) -> EntityFinder:
    return EntityFinder(write_catalogue(tmp_path_factory.mktemp("data")))


def found(finder: EntityFinder, text: str, kind: str) -> list[tuple[str, str]]:
    each_of = [each for each in finder.find(text) if each.entity == kind]
    return [(text[each.start : each.end], each.value) for each in each_of]


@pytest.mark.parametrize(
    ("text", "said", "value"),
    [
        ("how much is the maren", "maren", "Maren pendant necklace"),
        ("is the Maren necklace in stock", "Maren necklace", "Maren pendant necklace"),
        ("the maren pendant necklace?", "maren pendant necklace", "Maren pendant necklace"),
        ("MAREN", "MAREN", "Maren pendant necklace"),
        ("the marren", "marren", "Maren pendant necklace"),
        ("is ondnie waterproof", "ondnie", "Ondine pendant necklace"),
        ("odete huggies", "odete huggies", "Odette huggie earrings"),
        ("my isodle ring", "isodle ring", "Isolde band ring"),
        ("the Wren", "Wren", "Wren huggie earrings"),
        ("lark huggies please", "lark huggies", "Lark huggie earrings"),
        ("where are my huggies", "huggies", "earrings"),
        ("a braclet for my wife", "braclet", "bracelet"),
        ("neckleses", "neckleses", "necklace"),
        ("my neckless broke", "neckless", "necklace"),
        ("one earing is bent", "earing", "earrings"),
        ("ear rings", "ear rings", "earrings"),
        ("ear-rings", "ear-rings", "earrings"),
        ("do you sell hoops", "hoops", "earrings"),
        ("the ring is too small", "ring", "ring"),
        ("a bangel", "bangel", "bracelet"),
    ],
)
def test_a_piece_is_found_by_name_or_kind_with_slips(
    finder: EntityFinder, text: str, said: str, value: str
) -> None:
    assert found(finder, text, "product") == [(said, value)]


@pytest.mark.parametrize(
    "text",
    [
        "I ordered 2 of them 3 weeks ago",
        "how green is your packaging",
        "can you ring me back",
        "please ring the bell",
        "give me a ring",
        "could somebody ring tomorrow",
        "that rings a bell",
        "happy as a lark",
        "a wren sang all morning in the garden",
        "can I order online",
        "bring it to me",
        "during the evening",
        "the string broke",
        "my earnings are small",
        "boxing ring",
        "when the phone rings",
        "maritime museum",
        "iron door",
    ],
)
def test_what_only_resembles_a_piece_is_none(finder: EntityFinder, text: str) -> None:
    assert found(finder, text, "product") == []


@pytest.mark.parametrize(
    ("text", "said", "value"),
    [
        ("is it silver", "silver", "sterling silver"),
        ("in sterling silver please", "sterling silver", "sterling silver"),
        ("SILVER", "SILVER", "sterling silver"),
        ("a silvr chain", "silvr", "sterling silver"),
        ("sliver chain", "sliver", "sterling silver"),
        ("gold", "gold", "gold"),
        ("real gold?", "gold", "gold"),
        ("the rose gold one", "rose gold", "rose gold-plated brass"),
        ("rose-gold", "rose-gold", "rose gold-plated brass"),
        ("gold plated", "gold plated", "gold-plated"),
        ("gold-plated", "gold-plated", "gold-plated"),
        ("14k gold-plated brass", "14k gold-plated brass", "14k gold-plated brass"),
        ("gold vermiel", "gold vermiel", "14k gold vermeil"),
        ("stainles steel", "stainles steel", "stainless steel"),
        ("is platinum possible", "platinum", "platinum"),
        ("titanium", "titanium", "titanium"),
        ("white gold", "white gold", "white gold"),
    ],
)
def test_a_metal_is_found_in_the_catalogues_word(
    finder: EntityFinder, text: str, said: str, value: str
) -> None:
    assert found(finder, text, "metal") == [(said, value)]


@pytest.mark.parametrize(
    "text",
    [
        "I ordered 2 of them 3 weeks ago",
        "I am a gold member",
        "gold medal",
        "good as gold",
        "every cloud has a silver lining",
        "silver spring, maryland",
        "a golden retriever",
        "they steal my money",
        "it was sold out",
        "that is a bold claim",
        "I hold the ring",
        "a brass band",
        "I told you",
        "the titanic sank",
        "solve it",
    ],
)
def test_what_only_resembles_a_metal_is_none(finder: EntityFinder, text: str) -> None:
    assert found(finder, text, "metal") == []


def test_several_pieces_and_metals_of_a_message_are_all_found(finder: EntityFinder) -> None:
    text = "the Maren in silver, or gold hoops?"
    assert [(each.entity, each.value) for each in finder.find(text)] == [
        ("product", "Maren pendant necklace"),
        ("metal", "sterling silver"),
        ("metal", "gold"),
        ("product", "earrings"),
    ]


def test_without_a_catalogue_metals_are_known_and_no_piece(tmp_path: Path) -> None:
    without = EntityFinder(tmp_path / "catalogue.json")
    for finder in (without, EntityFinder()):
        assert [e.value for e in finder.find("the Maren necklace in silver")] == ["silver"]


def test_a_new_catalogue_is_read_by_the_next_message(tmp_path: Path) -> None:
    file = tmp_path / "catalogue.json"
    finder = EntityFinder(file)
    assert finder.find("the maren") == []
    file.write_text(json.dumps(CATALOGUE), encoding="utf-8")
    assert [each.value for each in finder.find("the maren")] == ["Maren pendant necklace"]
    draft = tmp_path / "draft"
    draft.write_text(json.dumps({**CATALOGUE, "names": {}}), encoding="utf-8")
    os.replace(draft, file)  # noqa: PTH105
    assert finder.find("the maren") == []
    file.unlink()
    assert finder.find("a necklace") == []


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "null", '{"names": {}}', '{"names": 1, "kinds": 1}', "[" * 100_000]
)
def test_a_damaged_catalogue_is_as_good_as_none(tmp_path: Path, content: str) -> None:
    file = tmp_path / "catalogue.json"
    file.write_text(content, encoding="utf-8")
    assert [e.value for e in EntityFinder(file).find("the Maren in silver")] == ["silver"]
