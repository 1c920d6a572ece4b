"""Where the files of messages lie: under random names, readable by the owner only."""

import os
import secrets
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path


class FileFolder:
    """A folder below the data folder; it is made with its first file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path_of(self, stored_as: str) -> Path:
        """The file that is stored under this name."""
        return self._folder / stored_as

    def write(self, content: bytes) -> str:
        """Store a file so that it outlives a crash; gives the name it is stored under."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = secrets.token_hex(16)
        descriptor = os.open(self.path_of(name), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())  # what is acknowledged with it must outlive a crash
        return name

    def read(self, stored_as: str) -> bytes | None:
        """The content of a file; None where it is gone."""
        try:
            return self.path_of(stored_as).read_bytes()
        except FileNotFoundError:
            return None

    def discard(self, names: Iterable[str]) -> None:
        """Take these files away, those that are there."""
        for name in names:
            self.path_of(name).unlink(missing_ok=True)

    def older_than(self, instant: datetime) -> Iterator[str]:
        """The names of the files that were written before this instant."""
        if not self._folder.is_dir():
            return
        for path in self._folder.iterdir():
            try:
                written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
            except FileNotFoundError:
                continue
            if written < instant:
                yield path.name
