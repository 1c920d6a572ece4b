"""A thousand windows lose their line at once: all come back, spread out, and miss nothing."""

import asyncio
import json
import random
import shutil
import time
from collections.abc import Awaitable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidHandshake
from websockets.typing import Subprotocol

from bot.app import Services
from bot.conversations.intake import Started
from bot.conversations.transcript import add_message
from bot.storage.tables import Conversation
from bot.web.socket import PROTOCOL
from tests.web.serving import served

WINDOWS = 1_000
LONGEST_WAIT, FIRST_WAIT = 30.0, 1.0  # seconds, as the widget waits (`pause` in talk.js)
LET_IN_SECONDS = 120.0


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A database of one kind: the line is the same on both."""
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'bot.sqlite3')}"


@dataclass
class Window:
    """One visitor's line, which is opened anew after the widget's growing, jittered waits."""

    started: Started
    address: str
    sequences: list[int] = field(default_factory=list)
    came_back_after: float = 0.0
    tries: int = 0
    line: ClientConnection | None = None

    async def open(self) -> None:
        """Connect from the last sequence that came."""
        after = self.sequences[-1] if self.sequences else 0
        path = f"/api/v1/conversations/{self.started.id}/socket?after={after}"
        self.line = await connect(
            self.address.replace("http", "ws") + path,
            subprotocols=[Subprotocol(PROTOCOL), Subprotocol(self.started.token)],
            proxy=None,
            open_timeout=LET_IN_SECONDS,
            ping_interval=None,
        )

    async def read_until(self, sequence: int) -> None:
        """Take down what comes, up to this message."""
        assert self.line
        while not self.sequences or self.sequences[-1] < sequence:
            frame = json.loads(await self.line.recv())
            if frame["type"] == "message":
                self.sequences.append(frame["message"]["sequence"])

    async def come_back(self, since: float, chance: random.Random) -> None:
        """What the widget does when its line is cut."""
        while True:
            wait = min(LONGEST_WAIT, FIRST_WAIT * 2**self.tries) * (0.5 + chance.random() / 2)
            await asyncio.sleep(wait)
            self.tries += 1
            try:
                await self.open()
            except (OSError, InvalidHandshake):
                continue
            break
        await self.read_until(2)
        self.came_back_after = time.monotonic() - since


async def all_of(steps: list[Awaitable[None]]) -> None:
    async with asyncio.timeout(LET_IN_SECONDS):
        await asyncio.gather(*steps)


async def cut_and_come_back(services: Services, windows: list[Window]) -> None:
    for some in range(0, WINDOWS, 50):
        group = windows[some : some + 50]
        await all_of([window.open() for window in group])
        await all_of([window.read_until(1) for window in group])
    for window in windows:
        assert window.line
        window.line.transport.abort()
    await asyncio.to_thread(one_message_each, services, windows)
    since, chance = time.monotonic(), random.Random(8)  # noqa: S311 - waits
    await all_of([window.come_back(since, chance) for window in windows])
    for window in windows:
        assert window.line
        window.line.transport.abort()


def one_message_each(services: Services, windows: list[Window]) -> None:
    with services.database.write() as session:
        for window in windows:
            conversation = session.get_one(Conversation, window.started.id)
            add_message(
                session, conversation, sender="agent", text="Still there?", now=services.clock()
            )


@pytest.mark.timeout(400)
def test_a_thousand_windows_come_back_spread_out_and_have_every_message_once(
    services: Services,
) -> None:
    started = [services.intake.start() for _ in range(WINDOWS)]
    with served(services, connections_per_address=2 * WINDOWS) as address:
        windows = [Window(each, address) for each in started]
        asyncio.run(cut_and_come_back(services, windows))
    assert [window.sequences for window in windows] == [[1, 2]] * WINDOWS
    back = sorted(window.came_back_after for window in windows)
    tries = sum(window.tries for window in windows)
    print(
        f"row 8: {WINDOWS} windows back after {back[WINDOWS // 2]:.1f} s (median), "
        f"{back[-1]:.1f} s (last), {tries} tries"
    )
    # Spread: the waits themselves take from half a second to a whole one.
    assert back[-1] - back[0] > FIRST_WAIT / 2 * 0.8
