"""Keeps two set-ups of one checkout from getting in each other's way."""

import contextlib
import fcntl
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

LOOK_EVERY_SECONDS = 0.2


@contextlib.contextmanager
def locked(path: Path, say: Callable[[str], None]) -> Iterator[int]:
    """Hold the lock file, waiting for another program that has it; gives its descriptor.

    The lock belongs to the open file: it goes with the last program that holds the descriptor,
    however that one ends.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if not _taken(descriptor):
            say("Another set-up of this checkout is under way; waiting for it to end.")
            while not _taken(descriptor):
                time.sleep(LOOK_EVERY_SECONDS)
        yield descriptor
    finally:
        os.close(descriptor)


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
