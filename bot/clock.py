"""The clock that everything is given: real time, or for tests the time a file says."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

Clock = Callable[[], datetime]


def real_clock() -> datetime:
    """The present instant, in UTC."""
    return datetime.now(UTC)


def clock_from(file: Path | None) -> Clock:
    """The real clock, or one that was set to the file's instant when the file was written.

    The set clock goes on from there, so that waits and leases still end. Writing the file again
    sets the clock of every process at once.
    """
    if file is None:
        return real_clock
    path = file

    def set_clock() -> datetime:
        written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        instant = datetime.fromisoformat(path.read_text(encoding="ascii").strip())
        return instant.astimezone(UTC) + (real_clock() - written)

    return set_clock
