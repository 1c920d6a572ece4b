"""The owner's commands for peak periods: `bot peak add`, `list` and `remove`."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.settings import Settings
from tests.conftest import TUESDAY_MORNING


@pytest.fixture(autouse=True)
def shop_of_its_own(tmp_path: Path, sqlite_template: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "clock").write_text(TUESDAY_MORNING.isoformat(), encoding="ascii")
    (tmp_path / "bot.sqlite3").write_bytes(sqlite_template.read_bytes())
    monkeypatch.setitem(Settings.model_config, "env_file", None)  # no .env of the developer's
    monkeypatch.setenv("BOT_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("BOT_CLOCK_FILE", str(tmp_path / "clock"))


def peak(*words: str) -> Result:
    return CliRunner().invoke(app, ["peak", *words])


def test_a_period_is_added_listed_and_removed() -> None:
    added = peak("add", "2026-11-27", "2026-11-30")
    assert added.exit_code == 0
    assert "Peak period 1, 2026-11-27 to 2026-11-30." in added.output
    assert "From November 27 to November 30" in added.output
    assert "1  2026-11-27 to 2026-11-30  notice not shown yet" in peak("list").output
    assert peak("remove", "1").exit_code == 0
    assert "removed 2026-11-17 15:0" in peak("list").output


def test_a_notice_of_its_own_is_taken() -> None:
    added = peak("add", "2026-11-27", "2026-11-30", "--notice", "Until {last}, {peak_extension}.")
    assert "Until November 30, 1 additional business day." in added.output


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("add", "2026-11-27", "2026-11-30", "--notice", ""), "needs the text of its notice"),
        (("add", "2026-11-30", "2026-11-27"), "ends before it begins"),
        (("remove", "7"), "There is no peak period 7."),
    ],
)
def test_what_is_refused_ends_in_one_sentence(words: tuple[str, ...], sentence: str) -> None:
    refused = peak(*words)
    assert refused.exit_code != 0
    assert sentence in str(refused.exception)


def test_with_the_notice_switched_off_a_period_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_PEAK_NOTICE", "false")
    assert "BOT_PEAK_NOTICE" in str(peak("add", "2026-11-27", "2026-11-30").exception)


def test_a_day_that_is_none_is_told() -> None:
    refused = peak("add", "Friday", "2026-11-30")
    assert refused.exit_code == 2
    assert "Friday" in refused.output
