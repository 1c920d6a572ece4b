"""Only a model of today's sources with our signature is current; anything else is refused."""

from __future__ import annotations

import json
import shutil
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot.nlu import models
from bot.nlu.card import ModelRefused, card_path, key_made_if_absent, signature
from bot.nlu.fingerprint import Sources, fingerprint_of, parts_of, sha256_of
from bot.nlu.models import NoCurrentModel

SEED = Path(__file__).parent / "seed"
ROOT = Path(__file__).resolve().parents[2]


class Shop:
    """A folder with sources, a key, and models signed with it."""

    def __init__(self, folder: Path) -> None:
        shutil.copytree(SEED, folder)
        shutil.copy(ROOT / "config.yml", folder)
        self.folder = folder
        self.sources = Sources(folder / "data", folder / "domain.yml", folder / "config.yml")
        self.key_file = folder / "secrets" / "model_key"

    def gets_model(self, name: str, content: bytes = b"a model") -> Path:
        """An archive with a card that is right in every way; what is in it does not matter."""
        archive = self.folder / "models" / f"{name}.tar.gz"
        archive.parent.mkdir(exist_ok=True)
        archive.write_bytes(content)
        parts = parts_of(self.sources)
        fingerprint = fingerprint_of(parts)
        key = key_made_if_absent(self.key_file)
        signed = signature(key, sha256_of(archive), fingerprint)
        card = {"fingerprint": fingerprint, "made_of": parts, "signature": signed}
        card_path(archive).write_text(json.dumps(card))
        return archive

    def edits(self, file: str, before: str, after: str) -> None:
        path = self.folder / file
        path.write_text(path.read_text().replace(before, after))

    def current(self) -> Path:
        return models.current(self.folder / "models", self.key_file, self.sources)


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path / "shop")


def test_the_newest_model_of_today_s_sources_is_current(shop: Shop) -> None:
    shop.gets_model("20260101-080000")
    newest = shop.gets_model("20260102-080000", b"another")
    assert shop.current() == newest


def test_without_a_model_there_is_none(shop: Shop) -> None:
    with pytest.raises(NoCurrentModel, match="no model in"):
        shop.current()


@pytest.mark.parametrize(
    ("file", "before", "after", "part"),
    [
        ("data/nlu/seed.yml", "- hello\n", "- hello you\n", "training messages"),
        ("data/rules/seed.yml", "a greeting", "a welcome", "rules"),
        ("domain.yml", "  - email\n", "", "domain"),
        ("config.yml", "language: en", "language: de", "config"),
        ("data/responses/seed.yml", "utter_greet:", "utter_hello:", "names of the answers"),
    ],
)
def test_an_edit_of_what_is_trained_outdates_the_model(
    shop: Shop, file: str, before: str, after: str, part: str
) -> None:
    shop.gets_model("20260101-080000")
    shop.edits(file, before, after)
    with pytest.raises(NoCurrentModel, match=f"was trained, {part} changed"):
        shop.current()


def test_new_wording_needs_no_training(shop: Shop) -> None:
    archive = shop.gets_model("20260101-080000")
    shop.edits("data/responses/seed.yml", "Hello.", "Good day, how can we help?")
    assert shop.current() == archive


def test_an_older_model_is_current_again_when_an_edit_is_undone(shop: Shop) -> None:
    old = shop.gets_model("20260101-080000")
    shop.edits("domain.yml", "  - email\n", "  - e_mail\n")
    shop.gets_model("20260102-080000")
    shop.edits("domain.yml", "  - e_mail\n", "  - email\n")
    assert shop.current() == old


def test_a_changed_archive_is_refused(shop: Shop) -> None:
    archive = shop.gets_model("20260101-080000")
    archive.write_bytes(b"Mallory's model")
    with pytest.raises(NoCurrentModel, match="not as our own training left it"):
        shop.current()
    with pytest.raises(ModelRefused, match="not as our own training left it"):
        models.verify(archive, shop.key_file)


def test_a_card_that_mallory_wrote_is_refused(shop: Shop) -> None:
    archive = shop.gets_model("20260101-080000")
    card = json.loads(card_path(archive).read_text())
    forgeries: list[object] = [
        {**card, "fingerprint": "0" * 64},
        {**card, "signature": "ÿ"},
        {"fingerprint": card["fingerprint"]},
        [],
    ]
    for forged in forgeries:
        card_path(archive).write_text(json.dumps(forged))
        with pytest.raises(ModelRefused):
            models.verify(archive, shop.key_file)


def test_a_model_without_card_or_key_is_refused(shop: Shop) -> None:
    archive = shop.gets_model("20260101-080000")
    models.verify(archive, shop.key_file)
    shop.key_file.unlink()
    with pytest.raises(ModelRefused, match="no model can be trusted"):
        models.verify(archive, shop.key_file)
    key_made_if_absent(shop.key_file)
    with pytest.raises(ModelRefused, match="not as our own"):
        models.verify(archive, shop.key_file)
    card_path(archive).unlink()
    with pytest.raises(ModelRefused, match="no readable card"):
        models.verify(archive, shop.key_file)


def test_the_key_is_made_once_for_the_owner_alone(tmp_path: Path) -> None:
    key_file = tmp_path / "secrets" / "model_key"
    key = key_made_if_absent(key_file)
    assert len(key) == 64
    assert key_made_if_absent(key_file) == key
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600


def test_the_command_needs_the_standard_library_alone_and_is_quick(shop: Shop) -> None:
    archive = shop.gets_model("20260101-080000")
    command = [sys.executable, "-S", "-m", "bot.nlu.models", "current"]
    sources = ["--data", str(shop.sources.data), "--domain", str(shop.sources.domain)]
    places = ["--models", str(archive.parent), "--key-file", str(shop.key_file)]
    began = time.perf_counter()
    found = subprocess.run(
        [*command, *sources, *places, "--config", str(shop.sources.config)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (found.returncode, found.stdout.strip()) == (0, str(archive)), found.stderr
    # A tenth of a second alone; the rest is for a busy machine.
    assert time.perf_counter() - began < 2.0


def test_the_command_says_in_one_sentence_that_there_is_none(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    assert models.main(["current", "--models", str(shop.folder / "models")]) == 1
    written = capsys.readouterr()
    assert written.out == ""
    assert written.err.count("\n") == 1
