"""Where Rasa keeps how its dialogues stand: taken out by the conversation they belong to."""

import logging
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

FILE_NAME = "rasa-trackers.sqlite3"
TABLES = ("trackers", "answers")
WAIT_SECONDS = 3.0
# Rewriting a larger file could hold up a turn; then what was deleted is overwritten at night.
REWRITTEN_AT_ONCE = 16 * 1024 * 1024

log = logging.getLogger(__name__)


class Trackers:
    """The file of the dialogues, which a process of Rasa's writes at the same time."""

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / FILE_NAME

    def erase(self, conversation_ids: Iterable[str]) -> None:
        """Take out all dialogues of these conversations, from the file's free pages as well."""
        with self._opened() as connection:
            if connection is None:
                return
            with connection:
                for conversation_id in conversation_ids:
                    for table in _tables(connection):
                        connection.execute(
                            f"DELETE FROM {table} WHERE dialogue = ? OR dialogue GLOB ?",  # noqa: S608
                            (conversation_id, f"{conversation_id}.*"),
                        )
            if self._path.stat().st_size <= REWRITTEN_AT_ONCE:
                _rewrite(connection)

    def conversations(self) -> set[str]:
        """The conversations that have a dialogue here."""
        with self._opened() as connection:
            if connection is None:
                return set()
            return {
                dialogue.rsplit(".", 1)[0]
                for table in _tables(connection)
                for (dialogue,) in connection.execute(f"SELECT dialogue FROM {table}")  # noqa: S608
            }

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection | None]:
        if not self._path.exists():
            yield None
            return
        with closing(sqlite3.connect(self._path, timeout=WAIT_SECONDS)) as connection:
            connection.execute("PRAGMA secure_delete = ON")
            yield connection


def _tables(connection: sqlite3.Connection) -> list[str]:
    rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    return [name for (name,) in rows if name in TABLES]


def _rewrite(connection: sqlite3.Connection) -> None:
    """Write the file anew, so that nothing of what was deleted is left in it or beside it."""
    try:
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    except sqlite3.OperationalError as error:
        log.warning("the dialogues' file could not be rewritten now: %s", error)
