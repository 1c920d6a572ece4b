"""Where mail comes in while the worker runs: the listener, the mailbox, and what is owed then."""

import logging
import threading
from collections.abc import Callable

from bot.mail.drafting import Drafting
from bot.mail.imap_mailbox import ImapMailbox, MailboxUnavailable
from bot.mail.smtp_listener import SmtpListener
from bot.storage import DatabaseUnavailable

DRAFT_EVERY_SECONDS = 1.0
STOP_SECONDS = 5.0

log = logging.getLogger(__name__)


class Reception:
    """Threads of their own, so that a mailbox that hangs stops no clock."""

    def __init__(
        self,
        drafting: Drafting,
        listener: SmtpListener | None,
        mailbox: ImapMailbox | None,
        *,
        poll_every_seconds: float,
    ) -> None:
        self._listener = listener
        self._stop = threading.Event()
        self._rounds: list[tuple[Callable[[], object], float]] = [
            (drafting.work_off, DRAFT_EVERY_SECONDS)
        ]
        if mailbox is not None:
            self._rounds.append((mailbox.poll, poll_every_seconds))
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Take mails from now on. Raises OSError where the listener's port is taken."""
        if self._listener is not None:
            log.info("mail is taken in by SMTP on port %s", self._listener.start())
        for work, seconds in self._rounds:
            thread = threading.Thread(target=self._repeat, args=(work, seconds), daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self) -> None:
        """Take no more; a mail that is half taken in is taken again the next time."""
        self._stop.set()
        if self._listener is not None:
            self._listener.stop()
        for thread in self._threads:
            thread.join(STOP_SECONDS)

    def _repeat(self, work: Callable[[], object], seconds: float) -> None:
        while not self._stop.is_set():
            try:
                work()
            except (DatabaseUnavailable, MailboxUnavailable) as error:
                log.warning("mail waits: %s", error)
            except Exception:
                log.exception("a round of incoming mail broke")
            self._stop.wait(seconds)
