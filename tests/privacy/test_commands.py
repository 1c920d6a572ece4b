"""`bot export` and `bot erase`, as the owner calls them."""

import json

import pytest
from typer.testing import CliRunner

from bot.app import Services
from bot.commands.privacy import app
from bot.privacy import Trackers
from tests.conversations.cast import send

EMAIL = "alice@example.com"


@pytest.fixture
def command(services: Services, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setattr("bot.commands.privacy.read_settings", lambda: services.settings)
    monkeypatch.setattr("bot.app.compose", lambda _: services)
    return CliRunner()


def test_the_owner_exports_and_erases_a_person(services: Services, command: CliRunner) -> None:
    alice = services.intake.start()
    send(services, alice, f"please write to {EMAIL}")
    told = command.invoke(app, ["export", EMAIL])
    assert told.exit_code == 0, told.output
    assert json.loads(told.stdout)["conversations"][0]["conversation"]["id"] == alice.id
    assert command.invoke(app, ["erase", EMAIL], input="n\n").exit_code == 1
    assert services.intake.page(alice.id, alice.token, 0).messages
    erased = command.invoke(app, ["erase", EMAIL, "--yes"])
    assert erased.exit_code == 0, erased.output
    assert "Erased: 1 conversations" in erased.stdout
    assert EMAIL not in command.invoke(app, ["export", EMAIL]).stdout


def test_an_address_that_is_part_of_another_is_not_taken_for_it(services: Services) -> None:
    alice = services.intake.start()
    send(services, alice, "I am alice_a@example.com")
    assert services.people.erase("aliceXa@example.com").conversations == 0
    assert services.people.erase("%").conversations == 0
    assert services.people.erase("a@example.com").conversations == 0
    assert services.intake.page(alice.id, alice.token, 0).messages


def test_without_a_file_of_dialogues_there_is_nothing_to_erase(services: Services) -> None:
    trackers = Trackers(services.settings.data_dir / "nowhere")
    trackers.erase(["a"])
    assert trackers.conversations() == set()
