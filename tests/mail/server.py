"""A real mail server of the tests' own, on any free port, that counts and can be made to fail."""

import asyncio
import socket
import ssl
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

TAKEN = "250 taken"


@dataclass
class Received:
    """What came in, in order, and what is said to the next ones."""

    contents: list[bytes] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    to_mail: str = "250 OK"
    to_rcpt: str = "250 OK"
    to_data: str = TAKEN
    drops: int = 0  # so many mails are taken and then the line is cut without a word
    hangs: int = 0  # so many mails are taken in whole and then nothing is said any more
    commands: Counter[str] = field(default_factory=Counter)
    signs_in: bool = True  # or 535
    logins: list[tuple[str, str]] = field(default_factory=list)

    @property
    def mails(self) -> list[EmailMessage]:
        """The mails as a mail program reads them."""
        return [message_from_bytes(each, policy=default) for each in self.contents]

    @property
    def by_id(self) -> Counter[str]:
        """How often each Message-ID came."""
        return Counter(str(mail["Message-ID"]) for mail in self.mails)


class Handler:
    """Says what `Received` wants said. Apart from it: aiosmtpd looks at every attribute of a
    handler at each connection, and would parse all mails."""

    def __init__(self, received: Received) -> None:
        self._received = received

    async def handle_MAIL(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        """Take the sender, or say what was asked for."""
        envelope.mail_from = address
        return self._received.to_mail

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        """Take the recipient, or say what was asked for."""
        self._received.commands["RCPT"] += 1
        if self._received.to_rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self._received.to_rcpt

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Take the mail, or say what was asked for; or take it and hang up."""
        self._received.commands["DATA"] += 1
        if self._received.to_data == TAKEN:
            assert isinstance(envelope.content, bytes)
            self._received.contents.append(envelope.content)
            self._received.recipients += envelope.rcpt_tos
        if self._received.hangs:
            self._received.hangs -= 1
            await asyncio.Event().wait()
        if self._received.drops:
            self._received.drops -= 1
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        return self._received.to_data


class MailServer:
    """Starts and stops on one port, so that it can go away and come back."""

    def __init__(self, encryption: ssl.SSLContext | None = None, *, smtps: bool = False) -> None:
        """Encrypted from the first byte with `smtps`, else once STARTTLS was said."""
        self._encryption, self._smtps = encryption, smtps
        self.received = Received()
        self.user = ""  # "name:password@" where clients are to sign in
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="mail server")
        self._thread.start()
        self._server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        """Its address as the setting has it."""
        return f"smtp://{self.user}127.0.0.1:{self.port}"

    def start(self) -> None:
        """Listen."""

        async def listen() -> asyncio.Server:
            at_once = self._encryption if self._smtps else None
            return await self._loop.create_server(self._line, "127.0.0.1", self.port, ssl=at_once)

        self._server = asyncio.run_coroutine_threadsafe(listen(), self._loop).result(10)

    def stop(self) -> None:
        """Listen no more."""
        if self._server is None:
            return

        async def end(server: asyncio.Server) -> None:
            server.close()
            await server.wait_closed()

        asyncio.run_coroutine_threadsafe(end(self._server), self._loop).result(10)
        self._server = None

    def close(self) -> None:
        """Stop for good."""
        self.stop()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    def _line(self) -> SMTP:
        later = None if self._smtps else self._encryption
        return SMTP(
            Handler(self.received),
            hostname="mail.example",
            loop=self._loop,
            enable_SMTPUTF8=True,
            tls_context=later,
            require_starttls=later is not None,
            authenticator=self._sign_in,
            auth_require_tls=later is not None,
        )

    def _sign_in(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _how: str, given: Any
    ) -> AuthResult:
        assert isinstance(given, LoginPassword)
        self.received.logins.append((given.login.decode(), given.password.decode()))
        return AuthResult(success=self.received.signs_in, handled=False)


@contextmanager
def mail_server(
    encryption: ssl.SSLContext | None = None, *, smtps: bool = False
) -> Iterator[MailServer]:
    """A mail server that listens."""
    server = MailServer(encryption, smtps=smtps)
    try:
        server.start()
        yield server
    finally:
        server.close()
