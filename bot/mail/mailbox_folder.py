"""A mailbox on disk, for a trial: every mail is a file, whole or not at all, and none leaves."""

import os
from pathlib import Path

from bot.mail.message import Letter
from bot.mail.transports import ServerAway


class MailboxFolder:
    """One `.eml` a mail, named by its time and its id: sent twice it is still one file."""

    leaves_here = False

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, letter: Letter) -> None:
        """Write the mail to the disk; raises ServerAway where that fails."""
        token = letter.message_id.strip("<>").partition("@")[0]
        path = self._folder / f"{letter.written_at:%Y%m%d-%H%M%S}-{token}.eml"
        draft = path.with_suffix(f".{os.getpid()}.draft")
        envelope = f"Return-Path: <{letter.sender}>\r\nDelivered-To: {letter.to}\r\n"
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(envelope.encode() + letter.content)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        except OSError as error:
            raise ServerAway(f"the mailbox on disk cannot be written: {error.strerror}") from error

    def close(self) -> None:
        """Nothing is open."""
