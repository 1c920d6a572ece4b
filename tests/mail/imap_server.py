"""A real IMAP server in memory, in a thread of its own, with one mailbox."""

import asyncio
import imaplib
import socket
import threading
from argparse import Namespace
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass

from proxyprotocol.reader import ProxyProtocolReader
from pymap.backend.dict import DictBackend
from pymap.imap import IMAPServer

USER, PASSWORD = "support", "p/ss:w@rd"
START_SECONDS = 10.0


@dataclass
class MailboxServer:
    """Where it listens; mails are put in as another mail server would."""

    port: int

    @property
    def url(self) -> str:
        return f"imap://{USER}:p%2Fss%3Aw%40rd@127.0.0.1:{self.port}/INBOX"

    def put(self, *mails: bytes) -> None:
        with self._signed_in() as client:
            for mail in mails:
                crlf = mail.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
                kind, answer = client.append("INBOX", "", "", crlf)
                assert kind == "OK", answer

    def seen(self) -> list[bool]:
        """Of each mail, whether it is marked as seen."""
        with self._signed_in() as client:
            client.select("INBOX", readonly=True)
            _, found = client.search(None, "ALL")
            _, marked = client.search(None, "SEEN")
            return [number in marked[0].split() for number in found[0].split()]

    @contextmanager
    def _signed_in(self) -> Iterator[imaplib.IMAP4]:
        client = imaplib.IMAP4("127.0.0.1", self.port, timeout=10)
        try:
            client.login(USER, PASSWORD)
            yield client
        finally:
            client.logout()


@contextmanager
def imap_server() -> Iterator[MailboxServer]:
    """The server, stopped at the end with its loop closed."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    stack = AsyncExitStack()
    listening = socket.create_server(("127.0.0.1", 0))
    asyncio.run_coroutine_threadsafe(_serve(stack, listening), loop).result(START_SECONDS)
    try:
        yield MailboxServer(listening.getsockname()[1])
    finally:
        asyncio.run_coroutine_threadsafe(_close(stack), loop).result(START_SECONDS)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(START_SECONDS)
        loop.close()


async def _serve(stack: AsyncExitStack, listening: socket.socket) -> None:
    arguments = Namespace(
        debug=False,
        demo_data=False,
        demo_user=USER,
        demo_password=PASSWORD,
        host=None,
        port="0",
        cert=None,
        key=None,
        tls=False,
        proxy_protocol=None,
        inherited_sockets=None,
        passlib_cfg=None,
        skip_services=[],
    )
    backend, config = await DictBackend.init(arguments)
    config.apply_context()
    await backend.start(stack)
    serve = ProxyProtocolReader(config.proxy_protocol).get_callback(
        IMAPServer(backend.login, config)
    )
    server = await asyncio.start_server(serve, sock=listening)
    await stack.enter_async_context(server)


async def _close(stack: AsyncExitStack) -> None:
    tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await stack.aclose()
