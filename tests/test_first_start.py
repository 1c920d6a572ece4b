"""What is there before the processes start: the demonstration when it is on, and gone when off."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.clock import clock_from
from bot.first_start import prepare_database, with_language
from bot.settings import Settings
from bot.storage import Database
from bot.storage.migrate import differences
from bot.storage.tables import Account, Order, Product
from tests.conftest import TUESDAY_MORNING

BOT = Path(sys.executable).with_name("bot")


def counts(settings: Settings) -> list[int]:
    database = Database(settings.database)
    try:
        with database.read() as session:
            return [
                session.scalar(select(func.count()).select_from(table)) or 0
                for table in (Product, Order, Account)
            ]
    finally:
        database.close()


def test_a_first_start_fills_in_the_demonstration_and_a_second_changes_nothing(
    tmp_path: Path,
) -> None:
    settings = Settings(data_dir=tmp_path)
    first = prepare_database(settings)
    assert counts(settings) == [30, 40, 3]
    assert [sign_in.role for sign_in in first] == ["agent", "trainer", "owner"]
    assert prepare_database(settings) == first
    assert counts(settings) == [30, 40, 3]
    database = Database(settings.database)
    assert differences(database) == []
    database.close()


def test_switched_off_the_demonstrations_data_and_accounts_are_deleted(tmp_path: Path) -> None:
    prepare_database(Settings(data_dir=tmp_path))
    off = Settings(data_dir=tmp_path, demonstration=False)
    assert prepare_database(off) == []
    assert counts(off) == [0, 0, 0]


def test_the_rasa_side_is_told_what_the_catalogues_pieces_are_called(tmp_path: Path) -> None:
    file = tmp_path / "catalogue.json"
    prepare_database(Settings(data_dir=tmp_path))
    assert "maren" in json.loads(file.read_text(encoding="utf-8"))["names"]
    prepare_database(Settings(data_dir=tmp_path, demonstration=False))
    assert json.loads(file.read_text(encoding="utf-8"))["names"] == {}


def test_the_passwords_of_two_installations_differ(tmp_path: Path) -> None:
    passwords = [
        prepare_database(Settings(data_dir=tmp_path / name))[0].password for name in ("a", "b")
    ]
    assert passwords[0] != passwords[1]


def test_the_demonstration_does_not_listen_beyond_loopback(tmp_path: Path) -> None:
    env = {"BOT_DATA_DIR": str(tmp_path), "BOT_HOST": "0.0.0.0", "PATH": ""}  # noqa: S104
    ended = subprocess.run([BOT, "run"], env=env, capture_output=True, text=True, check=False)
    assert ended.returncode != 0
    assert "loopback only" in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1


def test_the_clock_of_a_file_goes_on_from_its_instant(tmp_path: Path) -> None:
    file = tmp_path / "clock"
    file.write_text(TUESDAY_MORNING.isoformat(), encoding="ascii")
    clock = clock_from(file)
    first = clock()
    assert 0 <= (first - TUESDAY_MORNING).total_seconds() < 60
    assert clock() >= first


@pytest.mark.parametrize(
    ("text", "language", "accepted"),
    [("where is my order", "en", True), ("¿dónde está mi pedido?", "es", False)],
)
def test_what_is_understood_comes_with_its_language(
    text: str, language: str, accepted: bool
) -> None:
    line = json.dumps({"text": text, "accepted": True, "language": "en", "nearest": []})
    found = json.loads(with_language(line))
    assert found == {"text": text, "accepted": accepted, "language": language, "nearest": []}
