"""Where a dialogue stands survives the process, in a file that only its owner can read."""

from __future__ import annotations

import asyncio
import sqlite3
import stat
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # Rasa's pins, at their import
    from rasa.shared.core.domain import Domain
    from rasa.shared.core.events import ActiveLoop, SlotSet, UserUttered
    from rasa.shared.core.trackers import DialogueStateTracker

    from bot.nlu.tracker_store import FILE_NAME, OneRowTrackerStore

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
