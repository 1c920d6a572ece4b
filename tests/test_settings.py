"""Settings say what they are, and secrets are made once and for the owner only."""

import re
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from bot.settings import ROOT, Secrets, Settings

BOT = Path(sys.executable).with_name("bot")


def test_every_setting_says_what_it_is() -> None:
    for name, field in Settings.model_fields.items():
        assert field.description, name
        assert field.description.endswith("."), name


def test_the_settings_an_owner_looks_at_first_exist() -> None:
    told = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")
    named = set(re.findall(r"BOT_[A-Z_]+", told))
    known = {f"BOT_{name.upper()}" for name in Settings.model_fields}
    assert named
    assert named <= known


def test_bot_settings_lists_them_all_and_shows_no_secret(tmp_path: Path) -> None:
    env = {"BOT_DATA_DIR": str(tmp_path), "BOT_RASA_TOKEN": "very-secret", "PATH": ""}
    listed = subprocess.run([BOT, "settings"], env=env, capture_output=True, text=True, check=True)
    for name in Settings.model_fields:
        assert f"BOT_{name.upper()}=" in listed.stdout
    assert "very-secret" not in listed.stdout


def test_a_wrong_setting_ends_in_one_sentence(tmp_path: Path) -> None:
    env = {"BOT_DATA_DIR": str(tmp_path), "BOT_PORT": "many", "PATH": ""}
    ended = subprocess.run([BOT, "settings"], env=env, capture_output=True, text=True, check=False)
    assert ended.returncode != 0
    assert ended.stderr.startswith("The setting BOT_PORT is wrong:")
    assert len(ended.stderr.strip().splitlines()) == 1


def test_a_secret_is_for_the_owner_only_and_stays_the_same(tmp_path: Path) -> None:
    secret = Secrets(tmp_path / "secrets").get("rasa_token")
    assert len(secret) == 43
    assert Secrets(tmp_path / "secrets").get("rasa_token") == secret
    assert (tmp_path / "secrets" / "rasa_token").stat().st_mode & 0o077 == 0
    assert (tmp_path / "secrets").stat().st_mode & 0o077 == 0


def test_two_who_ask_at_once_get_the_same_secret(tmp_path: Path) -> None:
    found: list[str] = []
    barrier = threading.Barrier(8)

    def ask() -> None:
        barrier.wait()
        found.append(Secrets(tmp_path / "secrets").get("session_key"))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1


@pytest.mark.parametrize("text", ["", "https://a.example, https://b.example/ ,"])
def test_origins_are_separated_by_commas(text: str) -> None:
    origins = Settings(shop_origins=text).origins
    assert origins == ({"https://a.example", "https://b.example"} if text else set())
