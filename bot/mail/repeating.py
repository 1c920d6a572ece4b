"""Work on mail in threads of its own, again and again: a server that hangs stops no clock."""

import logging
import threading
from collections.abc import Callable

from bot.mail.imap_mailbox import MailboxUnavailable
from bot.storage import DatabaseUnavailable

STOP_SECONDS = 5.0

log = logging.getLogger(__name__)


class Repeating:
    """A thread for each piece of work, with so many seconds between its rounds."""

    def __init__(self, *rounds: tuple[Callable[[], object], float]) -> None:
        self._rounds = rounds
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Begin the first rounds."""
        for work, seconds in self._rounds:
            thread = threading.Thread(target=self._repeat, args=(work, seconds), daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """Begin no more; a round that hangs is waited for a moment and then left alone."""
        self._stop.set()
        for thread in self._threads:
            thread.join(STOP_SECONDS)

    def _repeat(self, work: Callable[[], object], seconds: float) -> None:
        while not self._stop.is_set():
            try:
                work()
            except (DatabaseUnavailable, MailboxUnavailable) as error:
                log.warning("mail waits: %s", error)
            except Exception:
                log.exception("a round of mail broke")
            self._stop.wait(seconds)
