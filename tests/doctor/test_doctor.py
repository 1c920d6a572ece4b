"""`bot doctor` says what is not well, and which of it keeps the product from running."""

import shutil
import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from bot.app import Services
from bot.cli import app
from bot.clock import real_clock
from bot.doctor import examine
from bot.settings import Settings
from tests.mail.cast import mail_stands_still
from tests.web.serving import served


@pytest.fixture(autouse=True)
def no_settings_of_the_developers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(Settings.model_config, "env_file", None)


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    """A shop that lacks nothing it needs to run."""
    encoder = tmp_path / "encoder"
    encoder.mkdir()
    for name in ("model.int8.onnx", "tokenizer.json"):
        (encoder / name).touch()
    return Settings(data_dir=tmp_path, database_url=database_url, port=0)


def model(settings: Settings) -> Path:
    return settings.models_dir / "newest.tar.gz"


def told(settings: Settings) -> str:
    return "\n".join(finding.sentence for finding in examine(settings, model))


def stops(settings: Settings) -> list[str]:
    return [finding.sentence for finding in examine(settings, model) if finding.stops]


def test_a_trial_can_run_and_is_told_what_is_assumed_and_unset(settings: Settings) -> None:
    assert stops(settings) == []
    sentences = told(settings)
    assert "BOT_SUPPORT_EMAIL is not set" in sentences
    assert "BOT_SMTP_URL is not set" in sentences
    assert "business calendar is assumed" in sentences
    assert "wait to be confirmed (bot policy report): business_hours, peak" in sentences


def test_what_is_set_and_confirmed_is_not_told(settings: Settings, tmp_path: Path) -> None:
    policy = tmp_path / "policy.yml"
    text = settings.policy_file.read_text(encoding="utf-8")
    policy.write_text(text.replace("    assumed: true", "    assumed: false"), encoding="utf-8")
    well = settings.model_copy(update={"policy_file": policy, "support_email": "help@example.com"})
    assert "BOT_SUPPORT_EMAIL" not in told(well)
    assert "assumed" not in told(well)
    assert "confirmed" not in told(well)


def test_a_policy_that_cannot_be_read_stops(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "policy.yml").write_text("document: 3\n", encoding="utf-8")
    broken = settings.model_copy(update={"policy_file": tmp_path / "policy.yml"})
    assert any("policy.yml:1: document" in sentence for sentence in stops(broken))


def test_tables_that_are_not_todays_are_told(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "bot.sqlite3"
    fresh = settings.model_copy(update={"database_url": None})
    file.unlink(missing_ok=True)
    assert "There is no database yet" in told(fresh)
    assert not file.exists()
    file.touch()
    assert "tables are not today's" in told(fresh)
    assert stops(fresh) == []


def test_a_database_that_does_not_answer_stops(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    gone = f"postgresql://nobody@127.0.0.1:{port}/shop"
    (sentence,) = stops(settings.model_copy(update={"database_url": gone}))
    assert sentence.startswith("The database cannot be reached: ")


def test_an_address_that_is_none_stops(settings: Settings) -> None:
    (sentence,) = stops(settings.model_copy(update={"database_url": "shop"}))
    assert sentence.startswith("BOT_DATABASE_URL cannot be used: ")


def test_mail_that_stands_still_is_told(settings: Settings, services: Services) -> None:
    shop = settings.model_copy(update={"database_url": services.settings.database})
    assert "No mail has left" not in told(shop)
    mail_stands_still(services, real_clock() - timedelta(hours=1), "535 5.7.8 wrong password")
    assert "535 5.7.8 wrong password" in told(shop)
    assert not any("535" in sentence for sentence in stops(shop))


def test_a_missing_encoder_stops(settings: Settings) -> None:
    shutil.rmtree(settings.data_dir / "encoder")
    assert stops(settings) == ["The sentence encoder is missing; `make setup` prepares it."]


def test_a_model_that_is_absent_or_outdated_is_told(settings: Settings, tmp_path: Path) -> None:
    models = tmp_path / "models"
    models.mkdir()
    shop = settings.model_copy(update={"models_dir": models})

    def none(_: Settings) -> None: ...

    sentences = [finding.sentence for finding in examine(shop, none)]
    assert any("There is no model yet" in sentence for sentence in sentences)
    (models / "old.tar.gz").touch()
    sentences = [finding.sentence for finding in examine(shop, none)]
    assert any("The model is outdated" in sentence for sentence in sentences)
    assert not any(finding.stops for finding in examine(shop, none))


def test_a_rasa_side_that_is_not_there_stops(settings: Settings) -> None:
    def fails(_: Settings) -> Path:
        raise RuntimeError("The Rasa environment is missing; run `make setup`.")

    (finding,) = [finding for finding in examine(settings, fails) if finding.stops]
    assert "run `make setup`" in finding.sentence


@pytest.mark.parametrize(("free", "keeps_from_running"), [(900_000_000, False), (9_000_000, True)])
def test_a_disk_that_is_nearly_full_is_told(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, free: int, keeps_from_running: bool
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
    assert f"{free // 1_000_000} MB are free" in told(settings)
    assert bool(stops(settings)) is keeps_from_running


def test_a_port_that_another_program_has_stops_and_our_own_does_not(
    settings: Settings, served_port: int
) -> None:
    assert stops(settings.model_copy(update={"port": served_port})) == []
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        other.close()
        with socket.create_server(("127.0.0.1", port)):
            (sentence,) = stops(settings.model_copy(update={"port": port}))
    assert sentence.startswith(f"Port {port} is already in use")


@pytest.fixture
def served_port(services: Services) -> Iterator[int]:
    with served(services) as address:
        yield int(address.rpartition(":")[2])


def test_the_command_ends_with_one_only_where_the_product_cannot_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOT_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("BOT_PORT", "0")
    monkeypatch.setattr("bot.first_start.find_model", model)
    without = CliRunner().invoke(app, ["doctor"])
    assert without.exit_code == 1
    assert without.output.startswith("The sentence encoder is missing")
    (tmp_path / "encoder").mkdir()
    for name in ("model.int8.onnx", "tokenizer.json"):
        (tmp_path / "encoder" / name).touch()
    assert CliRunner().invoke(app, ["doctor"]).exit_code == 0
