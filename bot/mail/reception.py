"""Where mail comes in while the worker runs: the listener, the mailbox, and what is owed then."""

import logging
from collections.abc import Callable

from bot.mail.drafting import Drafting
from bot.mail.imap_mailbox import ImapMailbox
from bot.mail.repeating import Repeating
from bot.mail.smtp_listener import SmtpListener

DRAFT_EVERY_SECONDS = 1.0

log = logging.getLogger(__name__)


class Reception:
    """Takes mails by whichever ways are set, and does what they owe."""

    def __init__(
        self,
        drafting: Drafting,
        listener: SmtpListener | None,
        mailbox: ImapMailbox | None,
        *,
        poll_every_seconds: float,
    ) -> None:
        self._listener = listener
        rounds: list[tuple[Callable[[], object], float]] = [
            (drafting.work_off, DRAFT_EVERY_SECONDS)
        ]
        if mailbox is not None:
            rounds.append((mailbox.poll, poll_every_seconds))
        self._repeating = Repeating(*rounds)

    def start(self) -> None:
        """Take mails from now on. Raises OSError where the listener's port is taken."""
        if self._listener is not None:
            log.info("mail is taken in by SMTP on port %s", self._listener.start())
        self._repeating.start()

    def stop(self) -> None:
        """Take no more; a mail that is half taken in is taken again the next time."""
        if self._listener is not None:
            self._listener.stop()
        self._repeating.stop()
