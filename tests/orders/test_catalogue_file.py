"""What the Rasa side is told of the catalogue's words."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from bot.first_start import RASA_PYTHON
from bot.orders.catalogue_file import CATALOGUE_FILE, write_catalogue_words
from bot.orders.demonstration import demonstration_pieces
from bot.settings import ROOT


@pytest.fixture
def told(tmp_path: Path) -> dict[str, Any]:
    write_catalogue_words(demonstration_pieces().values(), tmp_path)
    content: dict[str, Any] = json.loads((tmp_path / CATALOGUE_FILE).read_text(encoding="utf-8"))
    return content


def test_every_piece_has_its_name_and_the_word_that_only_it_has(told: dict[str, Any]) -> None:
    assert told["names"]["maren"] == "Maren pendant necklace"
    assert told["names"]["ines"] == "Ines huggie earrings"
    assert set(told["names"].values()) == {piece.name for piece in demonstration_pieces().values()}
    assert not {"pendant", "chain", "band", "pearl", "cord"} & told["names"].keys()


def test_kinds_and_nicknames_mean_a_category(told: dict[str, Any]) -> None:
    kinds = told["kinds"]
    assert (kinds["huggie"], kinds["hoop"], kinds["earring"]) == ("earrings",) * 3
    assert (kinds["pendant"], kinds["neckless"], kinds["choker"]) == ("necklace",) * 3
    assert (kinds["ring"], kinds["bangle"]) == ("ring", "bracelet")
    assert "band" not in kinds  # a rubber band is no ring


def test_a_metal_has_the_catalogues_word_where_there_is_one(told: dict[str, Any]) -> None:
    metals = told["metals"]
    assert metals["silver"] == metals["925 silver"] == "sterling silver"
    assert metals["vermeil"] == "14k gold vermeil"
    assert metals["rose gold"] == "rose gold-plated brass"
    assert metals["gold"] == "gold"  # which of them nobody can tell
    assert metals["gold plated"] == "gold-plated"
    assert "rose quartz" not in metals


def test_words_that_come_near_a_name_are_told_as_ordinary(told: dict[str, Any]) -> None:
    assert {"online", "green", "lark", "dune"} <= set(told["ordinary"])
    assert not {"maren", "necklace", "silver"} & set(told["ordinary"])


def test_nothing_but_the_file_is_left_and_it_is_small(tmp_path: Path) -> None:
    for _ in range(2):
        write_catalogue_words(demonstration_pieces().values(), tmp_path)
    assert os.listdir(tmp_path) == [CATALOGUE_FILE]  # noqa: PTH208
    assert (tmp_path / CATALOGUE_FILE).stat().st_size < 50_000


def test_an_empty_catalogue_is_told_too(tmp_path: Path) -> None:
    write_catalogue_words([], tmp_path)
    content = json.loads((tmp_path / CATALOGUE_FILE).read_text(encoding="utf-8"))
    assert content == {"names": {}, "kinds": {}, "metals": {}, "ordinary": []}


def test_the_other_side_finds_the_pieces_by_it(tmp_path: Path) -> None:
    write_catalogue_words(demonstration_pieces().values(), tmp_path)
    script = (
        "from bot.nlu.catalogue_entities import catalogue_file\n"
        "from bot.nlu.entities import EntityFinder\n"
        "finder = EntityFinder(catalogue_file())\n"
        "text = 'is the Marren pendant made of rose gold, and the Calla?'\n"
        "print([each.value for each in finder.find(text)])"
    )
    answer = subprocess.run(
        [RASA_PYTHON, "-c", script],
        cwd=ROOT,
        env={**os.environ, "BOT_DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert answer.stdout.strip() == str(
        ["Maren pendant necklace", "rose gold-plated brass", "Calla chain bracelet"]
    )
