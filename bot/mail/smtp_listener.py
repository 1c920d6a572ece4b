"""Takes mails from a relay by SMTP; says that it has one only after it is stored."""

import asyncio
import logging
import threading

from aiosmtpd.smtp import SMTP, Envelope, Session

from bot.mail.incoming import LARGEST_MAIL, read_mail
from bot.mail.receiving import Receiving
from bot.mail.signed_addresses import SignedAddresses
from bot.storage import DatabaseUnavailable

IDLE_SECONDS = 60.0
AT_ONCE = 2  # mails that are read at the same moment; each may be large
LONGEST_LINE = 1024 * 1024  # relays pass on lines that are longer than they may be
START_SECONDS = 5.0

ACCEPTED = "250 2.0.0 Stored"
NOT_OURS = "550 5.1.1 This server takes mail for the support address only"
AGAIN = "451 4.3.0 The mail could not be stored; please send it again"

log = logging.getLogger(__name__)


class _Protocol(SMTP):
    line_length_limit = LONGEST_LINE


class _Handler:
    """The answers to RCPT and DATA; everything else is the library's."""

    def __init__(self, receiving: Receiving, own: SignedAddresses) -> None:
        self._receiving = receiving
        self._own = own
        self._room = asyncio.Semaphore(AT_ONCE)

    async def handle_RCPT(  # noqa: N802  # named by the library
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: object
    ) -> str:
        if not self._own.is_ours(address):
            return NOT_OURS
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(  # noqa: N802  # named by the library
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        async with self._room:
            return await asyncio.to_thread(self._take, envelope)

    def _take(self, envelope: Envelope) -> str:
        raw = envelope.original_content or b""
        try:
            mail = read_mail(
                raw,
                envelope_from=(envelope.mail_from or "").strip("<>"),
                envelope_to=tuple(envelope.rcpt_tos),
            )
            self._receiving.receive(mail, "smtp")
        except DatabaseUnavailable as error:
            log.warning("a mail waits for the database: %s", error)
            return AGAIN
        except Exception:
            log.exception("a mail could not be taken in")  # the relay keeps it
            return AGAIN
        return ACCEPTED


class SmtpListener:
    """A server in a thread of its own."""

    def __init__(self, receiving: Receiving, own: SignedAddresses, host: str, port: int) -> None:
        self._receiving = receiving
        self._own = own
        self._host = host
        self._port = port
        self._loop = asyncio.new_event_loop()
        self._server: asyncio.Server | None = None
        self._thread = threading.Thread(target=self._loop.run_forever, name="smtp", daemon=True)

    def start(self) -> int:
        """Listen; gives the port. Raises OSError where it is taken."""
        self._thread.start()
        try:
            started = asyncio.run_coroutine_threadsafe(self._listen(), self._loop)
            return started.result(START_SECONDS)
        except OSError:
            self.stop()
            raise

    async def _listen(self) -> int:
        handler = _Handler(self._receiving, self._own)
        self._server = await self._loop.create_server(
            lambda: _Protocol(
                handler,
                data_size_limit=LARGEST_MAIL,
                hostname="localhost",
                ident="SMTP",
                timeout=IDLE_SECONDS,
                loop=self._loop,
            ),
            self._host,
            self._port,
        )
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    def stop(self) -> None:
        """Stop listening; a mail that is being stored is stored, and sent again at worst."""
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(START_SECONDS)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(START_SECONDS)
        self._loop.close()

    async def _close(self) -> None:
        if self._server is not None:
            self._server.close()
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
