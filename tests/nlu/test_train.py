"""A seed is trained by the command, and understood without Rasa exactly as with it."""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.nlu import models, train
from bot.nlu.card import read_card
from bot.nlu.fingerprint import Sources

ROOT = Path(__file__).resolve().parents[2]
SEED = Path(__file__).parent / "seed"
SOURCES = Sources(SEED / "data", SEED / "domain.yml", ROOT / "config.yml")
TEXTS = [
    "where is my parcel",
    "",
    "how do returns work? order #1001, alice@example.com",
    "qwxz",
    "a person please",
]


class Trained:
    """What the command left behind and said."""

    def __init__(self, folder: Path, data_dir: Path) -> None:
        self.models = folder / "models"
        self.key_file = folder / "secrets" / "model_key"
        self.data_dir = data_dir
        self.out, self.err = io.StringIO(), io.StringIO()
        # In this process: Rasa, imported once, then judges beside our own command.
        with contextlib.redirect_stdout(self.out), contextlib.redirect_stderr(self.err):
            assert train.main(["--out", str(self.models), *self.places]) == 0
        (self.archive,) = models.archives_of(self.models)

    @property
    def places(self) -> list[str]:
        """The options that name the seed and the key."""
        sources = ["--data", SOURCES.data, "--domain", SOURCES.domain, "--config", SOURCES.config]
        return [str(option) for option in (*sources, "--key-file", self.key_file)]

    def understand(self, folder: Path, given: bytes) -> subprocess.CompletedProcess[bytes]:
        """Run the command on its own, as a person would."""
        return subprocess.run(
            [sys.executable, "-m", "bot.nlu.understand", "--models", str(folder), *self.places],
            cwd=ROOT,
            env={**os.environ, "BOT_DATA_DIR": str(self.data_dir)},
            input=given,
            capture_output=True,
            check=False,
        )

    def understands(self, given: bytes) -> list[dict[str, Any]]:
        """What the command prints for these bytes, a line each."""
        found = self.understand(self.models, given)
        assert found.returncode == 0, found.stderr.decode()
        return [json.loads(line) for line in found.stdout.decode().splitlines()]


@pytest.fixture(scope="module")
def trained(encoder_files: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trained]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BOT_DATA_DIR", str(encoder_files.parent))
        yield Trained(tmp_path_factory.mktemp("trained"), encoder_files.parent)


def test_the_card_holds_figures_labels_and_our_signature(trained: Trained) -> None:
    card = read_card(trained.archive)
    assert card["labels"] == {
        "faq/reply_times": 8,
        "faq/returns": 8,
        "greet": 8,
        "out_of_scope/unrelated": 8,
        "talk_to_human": 8,
        "track_order": 9,
    }
    assert card["created_at"].endswith("+00:00")
    assert 0.0 < card["threshold"] < 1.0
    assert card["figures"]["examples"] == 49
    assert set(card["seconds"]) >= {"Checking the training data", "Starting Rasa"}
    models.verify(trained.archive, trained.key_file)
    assert models.current(trained.models, trained.key_file, SOURCES) == trained.archive


def test_the_trainer_reads_stages_and_figures_and_nothing_else(trained: Trained) -> None:
    lines = trained.out.getvalue().splitlines()
    assert lines[0].startswith("Checking the training data ... ")
    assert any("macro F1" in line for line in lines)
    assert any("threshold" in line for line in lines)
    assert trained.err.getvalue() == ""


def test_nothing_but_archive_and_card_is_left(trained: Trained) -> None:
    name = trained.archive.name.removesuffix(".tar.gz")
    left = sorted(path.name for path in trained.models.iterdir())
    assert left == [f"{name}.json", f"{name}.tar.gz"]


@pytest.mark.filterwarnings("ignore:Slot auto-fill")  # said of every domain with an entity
def test_rasa_understands_as_the_command_does(trained: Trained) -> None:
    lines = trained.understands("".join(f"{text}\n" for text in TEXTS).encode())
    assert [line["text"] for line in lines] == TEXTS
    for line, parsed in zip(lines, _parsed_by_rasa(trained, TEXTS), strict=True):
        best = parsed["intent_ranking"][0]
        assert line["label"] == best["name"]
        assert line["confidence"] == pytest.approx(best["confidence"], abs=1e-4)
        assert line["accepted"] == (parsed["intent"]["name"] != "nlu_fallback")
        assert line["entities"] == [
            {key: each[key] for key in ("entity", "value", "start", "end")}
            for each in parsed["entities"]
        ]
        if line["accepted"]:
            intent = parsed["intent"]
            assert line["label"] == intent.get("full_retrieval_intent_name", intent["name"])


def test_a_line_comes_for_every_line_whatever_is_in_it(trained: Trained) -> None:
    given = b"\nwhere is my order\r\n\xff\xfe\n{}\none\rline\n\xe2\x80\xa8\nlast without an end"
    lines = trained.understands(given)
    assert [line["text"] for line in lines] == [
        *("", "where is my order", "\ufffd\ufffd", "{}", "one\rline", "\u2028"),
        "last without an end",
    ]
    for line in lines:
        assert set(line) == {
            *("text", "label", "confidence", "accepted", "parts", "entities", "language"),
            "nearest",
        }
    assert lines[1]["label"] == "track_order"
    assert lines[1]["nearest"][0] == {
        "text": "where is my order",
        "label": "track_order",
        "cosine": 1.0,
    }


def test_without_a_current_model_the_command_says_so_and_prints_no_json(
    trained: Trained, tmp_path: Path
) -> None:
    found = trained.understand(tmp_path, b"hello\n")
    assert found.returncode == 1
    assert found.stdout == b""
    assert b"make train" in found.stderr


def _parsed_by_rasa(trained: Trained, texts: list[str]) -> list[dict[str, Any]]:
    from rasa.core.agent import Agent

    agent = Agent.load(str(trained.archive))

    async def parse_all() -> list[dict[str, Any]]:
        return [await agent.parse_message(text) for text in texts]

    return asyncio.run(parse_all())
