"""Fetches new mails from the shop's mailbox by IMAP; marks one as seen only once it is stored."""

import imaplib
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from imap_tools import (
    AND,
    BaseMailBox,
    ImapToolsError,
    MailBox,
    MailBoxStartTls,
    MailBoxUnencrypted,
    MailMessageFlags,
)

from bot.mail.incoming import LARGEST_MAIL, ParsedMail, read_mail
from bot.mail.receiving import Receiving
from bot.storage import DatabaseUnavailable

MOST_A_ROUND = 50  # mails; the next round takes the rest
ANSWER_SECONDS = 30.0
_PORTS = {"imaps": 993, "imap": 143, "imap+starttls": 143}
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")

log = logging.getLogger(__name__)


class MailboxUnavailable(Exception):
    """The mailbox cannot be reached or read now; the text says why, without the password."""


class MailboxAddressWrong(ValueError):
    """The address of the mailbox cannot be read."""


@dataclass(frozen=True)
class MailboxAddress:
    """Where the mailbox is: `imaps://user:password@host:port/folder`."""

    scheme: str
    host: str
    port: int
    user: str
    password: str
    folder: str

    @classmethod
    def read(cls, url: str) -> "MailboxAddress":
        """The address in its parts; the folder is INBOX unless named.

        Raises MailboxAddressWrong with a sentence that does not repeat the password.
        """
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise MailboxAddressWrong("its host or port cannot be read") from None
        if parts.scheme not in _PORTS or not parts.hostname or not parts.username:
            raise MailboxAddressWrong("it should look like imaps://user:password@host/folder")
        return cls(
            scheme=parts.scheme,
            host=parts.hostname,
            port=port or _PORTS[parts.scheme],
            user=unquote(parts.username),
            password=unquote(parts.password or ""),
            folder=unquote(parts.path.strip("/")) or "INBOX",
        )


class ImapMailbox:
    """The mails that nobody has seen yet, taken in one after the other."""

    def __init__(self, receiving: Receiving, address: MailboxAddress) -> None:
        self._receiving = receiving
        self._address = address

    def poll(self) -> int:
        """Take in what is new; gives how many mails were stored.

        A mail that cannot be stored stays unseen and is tried again in the next round.
        Raises MailboxUnavailable, DatabaseUnavailable.
        """
        taken = 0
        with self._opened() as mailbox:
            for uid in mailbox.uids(AND(seen=False))[:MOST_A_ROUND]:
                if self._take(mailbox, uid):
                    taken += 1
        return taken

    def _take(self, mailbox: BaseMailBox, uid: str) -> bool:
        try:
            self._receiving.receive(_fetched(mailbox.client, uid), "imap")
        except (DatabaseUnavailable, imaplib.IMAP4.error, OSError):
            raise
        except Exception:
            log.exception("a mail could not be taken in")
            return False
        mailbox.flag(uid, MailMessageFlags.SEEN, True)
        return True

    @contextmanager
    def _opened(self) -> Iterator[BaseMailBox]:
        address = self._address
        try:
            line = _connection(address)
            try:
                with line.login(address.user, address.password, address.folder) as mailbox:
                    yield mailbox
            finally:
                with suppress(OSError):  # a line that was signed off is closed already
                    line.client.shutdown()
        except (ImapToolsError, imaplib.IMAP4.error, OSError) as error:
            # What a server says of a failed sign-in may repeat it.
            said = type(error).__name__ if address.password in str(error) else str(error)
            raise MailboxUnavailable(f"the mailbox at {address.host}: {said}") from None


def _connection(address: MailboxAddress) -> BaseMailBox:
    if address.scheme == "imaps":
        return MailBox(address.host, address.port, timeout=ANSWER_SECONDS)
    if address.scheme == "imap+starttls":
        return MailBoxStartTls(address.host, address.port, timeout=ANSWER_SECONDS)
    return MailBoxUnencrypted(address.host, address.port, timeout=ANSWER_SECONDS)


def _fetched(client: imaplib.IMAP4, uid: str) -> ParsedMail:
    """The mail as it is in the mailbox, still unseen; of one that is too large its headers."""
    size = _SIZE.search(b" ".join(_parts(client, uid, "(RFC822.SIZE)")))
    if size and int(size[1]) > LARGEST_MAIL:
        return read_mail(_literal(client, uid, "(BODY.PEEK[HEADER])"), headers_only=True)
    return read_mail(_literal(client, uid, "(BODY.PEEK[])"))


def _literal(client: imaplib.IMAP4, uid: str, what: str) -> bytes:
    return max(_parts(client, uid, what), key=len, default=b"")


def _parts(client: imaplib.IMAP4, uid: str, what: str) -> list[bytes]:
    kind, data = client.uid("FETCH", uid, what)
    if kind != "OK":
        raise imaplib.IMAP4.error(f"FETCH was answered {kind}")
    found: list[bytes] = []
    for part in data:
        found += [p for p in (part if isinstance(part, tuple) else (part,)) if isinstance(p, bytes)]
    return found
