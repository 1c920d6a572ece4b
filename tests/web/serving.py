"""The public web process in a thread of the test, on any free port, without Rasa."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sanic import Sanic

from bot.app import Services
from bot.web.app import create_app
from bot.web.patience import PatientProtocol


@contextmanager
def served(services: Services, **limits: Any) -> Iterator[str]:
    """Serve these services within these limits of `create_app`; gives the address."""
    listening = socket.create_server(("127.0.0.1", 0))
    loop = asyncio.new_event_loop()
    started, ended = threading.Event(), asyncio.Event()

    async def serve() -> None:
        app = create_app(services, **limits)
        app.config.TOUCHUP = False  # it rewrites Sanic's classes, which works once a process
        made = await app.create_server(
            sock=listening, protocol=PatientProtocol, return_asyncio_server=True
        )
        assert made is not None
        server: Any = made
        await server.startup()
        await server.after_start()
        # The turns that visitors are owed stay with the test, which says what Rasa would have said.
        app.ctx.background.pop(0).cancel()
        started.set()
        await ended.wait()
        await server.before_stop()
        for connection in list(server.connections):
            connection.abort()
        server.close()
        await server.wait_closed()
        await end_what_goes_on()
        Sanic.unregister_app(app)

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    assert started.wait(10), "the web process did not start"
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join(10)
        loop.close()


async def end_what_goes_on() -> None:
    """Let every other task of this loop end: else it fails a later test."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    if others:
        await asyncio.wait(others, timeout=5)
