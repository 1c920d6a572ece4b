"""Where a dialogue stands survives the process, in a file that only its owner can read."""

from __future__ import annotations

import asyncio
import logging
import pickle
import sqlite3
import stat
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # Rasa's pins, at their import
    from rasa.shared.core.domain import Domain
    from rasa.shared.core.events import (
        ActionExecuted,
        ActiveLoop,
        BotUttered,
        SlotSet,
        UserUttered,
    )
    from rasa.shared.core.trackers import DialogueStateTracker

    from bot.nlu.tracker_store import FILE_NAME, MOST_MESSAGES, OneRowTrackerStore

DOMAIN = """
version: "3.1"
slots:
  email: {type: text, mappings: [{type: custom}]}
forms:
  report_damaged_form: {required_slots: [email]}
"""


@pytest.fixture(scope="module")
def domain() -> Domain:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Domain.from_yaml(DOMAIN)


@pytest.fixture
def store(tmp_path: Path, domain: Domain) -> Iterator[OneRowTrackerStore]:
    opened = OneRowTrackerStore(domain, folder=tmp_path / "var")
    yield opened
    opened.close()


def started(store: OneRowTrackerStore, dialogue: str = "alice.1") -> DialogueStateTracker:
    tracker = asyncio.run(store.get_or_create_tracker(dialogue))
    tracker.update(UserUttered("it broke"), store.domain)
    tracker.update(ActiveLoop("report_damaged_form"), store.domain)
    tracker.update(SlotSet("email", "alice@example.com"), store.domain)
    return tracker


def test_a_form_goes_on_where_it_stood_after_a_restart(
    store: OneRowTrackerStore, tmp_path: Path, domain: Domain
) -> None:
    tracker = started(store)
    asyncio.run(store.save(tracker))
    store.close()
    reopened = OneRowTrackerStore(domain, folder=tmp_path / "var")
    found = asyncio.run(reopened.retrieve("alice.1"))
    reopened.close()
    assert found is not None
    assert found.active_loop_name == "report_damaged_form"
    assert found.get_slot("email") == "alice@example.com"
    assert list(found.events) == list(tracker.events)


def test_a_dialogue_is_one_row_however_often_it_is_saved(store: OneRowTrackerStore) -> None:
    for _ in range(3):
        asyncio.run(store.save(started(store)))
    asyncio.run(store.save(started(store, "bob.1")))
    assert sorted(asyncio.run(store.keys())) == ["alice.1", "bob.1"]


def test_an_unsaved_change_is_not_there(store: OneRowTrackerStore) -> None:
    started(store)
    found = asyncio.run(store.retrieve("alice.1"))
    assert found is not None
    assert found.active_loop_name is None


def test_a_new_dialogue_begins_empty(store: OneRowTrackerStore) -> None:
    asyncio.run(store.save(started(store)))
    assert asyncio.run(store.retrieve("alice.2")) is None


def test_only_the_owner_can_read_or_write_the_file(
    store: OneRowTrackerStore, tmp_path: Path
) -> None:
    asyncio.run(store.save(started(store)))
    files = list((tmp_path / "var").iterdir())
    assert (tmp_path / "var" / FILE_NAME) in files
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_a_locked_file_is_an_error_and_not_a_silent_loss(
    store: OneRowTrackerStore, tmp_path: Path
) -> None:
    tracker = started(store)
    other = sqlite3.connect(tmp_path / "var" / FILE_NAME, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(sqlite3.OperationalError):
        asyncio.run(store.save(tracker))
    other.close()


def rows(folder: Path) -> list[bytes]:
    with sqlite3.connect(folder / "var" / FILE_NAME) as connection:
        found = [row[0] for row in connection.execute("SELECT events FROM trackers")]
    connection.close()
    return found


def rounds(store: OneRowTrackerStore, count: int) -> DialogueStateTracker:
    """So many messages with their answers, each saved and read again as a turn does."""
    for number in range(count):
        tracker = asyncio.run(store.get_or_create_tracker("alice.1"))
        for event in (
            ActionExecuted("action_listen"),
            UserUttered(f"message {number}"),
            ActionExecuted("utter_x"),
            BotUttered("an answer"),
        ):
            tracker.update(event, store.domain)
        asyncio.run(store.save(tracker))
    return tracker


def test_the_answer_to_a_turn_is_kept_with_the_dialogue_and_survives_the_process(
    store: OneRowTrackerStore, tmp_path: Path, domain: Domain
) -> None:
    answer = {"replies": [{"response": "utter_é"}]}
    asyncio.run(store.save(started(store), "7", answer))
    store.close()
    reopened = OneRowTrackerStore(domain, folder=tmp_path / "var")
    assert reopened.answer_to("alice.1", "7") == answer
    assert reopened.answer_to("alice.1", "8") is None
    assert reopened.answer_to("alice.2", "7") is None
    reopened.close()


def test_only_the_last_answer_of_a_dialogue_is_kept(store: OneRowTrackerStore) -> None:
    asyncio.run(store.save(started(store), "7", {"replies": [1]}))
    asyncio.run(store.save(started(store), "8", {"replies": [2]}))
    assert store.answer_to("alice.1", "7") is None
    assert store.answer_to("alice.1", "8") == {"replies": [2]}


def test_a_turn_that_could_not_be_saved_has_no_answer(
    store: OneRowTrackerStore, tmp_path: Path
) -> None:
    tracker = started(store)
    other = sqlite3.connect(tmp_path / "var" / FILE_NAME, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(sqlite3.OperationalError):
        asyncio.run(store.save(tracker, "7", {"replies": []}))
    other.close()
    assert store.answer_to("alice.1", "7") is None


def test_three_hundred_rounds_take_no_more_room_than_thirty(
    store: OneRowTrackerStore, tmp_path: Path
) -> None:
    asyncio.run(store.save(started(store)))
    rounds(store, MOST_MESSAGES - 1)
    (longest,) = rows(tmp_path)
    rounds(store, 271)
    (after_all,) = rows(tmp_path)
    assert len(after_all) < 1.2 * len(longest)


def test_what_lies_long_ago_is_left_out_and_slots_and_the_open_form_are_not(
    store: OneRowTrackerStore,
) -> None:
    asyncio.run(store.save(started(store)))
    rounds(store, 2 * MOST_MESSAGES)
    found = asyncio.run(store.retrieve("alice.1"))
    assert found is not None
    said = [event.text for event in found.events if isinstance(event, UserUttered)]
    assert "it broke" not in said
    assert said[-1] == f"message {2 * MOST_MESSAGES - 1}"
    assert len(said) <= MOST_MESSAGES
    assert found.get_slot("email") == "alice@example.com"
    assert found.active_loop_name == "report_damaged_form"


@pytest.mark.parametrize(
    "row", [b"no pickle, canary", b"", b"cno.such.module\nName\n.", pickle.dumps("canary")]
)
def test_an_unreadable_row_begins_the_dialogue_afresh_and_is_logged_without_its_content(
    store: OneRowTrackerStore, tmp_path: Path, row: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    asyncio.run(store.save(started(store)))
    with sqlite3.connect(tmp_path / "var" / FILE_NAME) as connection:
        connection.execute("UPDATE trackers SET events = ?", (row,))
    connection.close()
    with caplog.at_level(logging.ERROR):
        assert asyncio.run(store.retrieve("alice.1")) is None
    assert "alice.1 is unreadable" in caplog.text
    assert "canary" not in caplog.text
    asyncio.run(store.save(started(store)))
    assert asyncio.run(store.retrieve("alice.1")) is not None
