"""The database locked or restarted under visitors who send: told to try again, nothing lost."""

import json
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from bot.app import Services, compose
from bot.settings import Settings
from bot.storage.migrate import migrate
from tests.conftest import SetClock
from tests.faults.ledger import Sender, begin, lost_and_doubled, progress
from tests.postgresql import PostgresServer, postgres_server
from tests.running_shop import wait_until
from tests.web.serving import served

SENDERS = 4
RESTARTS = 3
BACK_WITHIN_SECONDS = 10.0
TOLD_WITHIN_SECONDS = 20.0  # the wait for the lock is 3 s; the machine may be busy


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A shop whose visitors may send as fast as they can."""
    monkeypatch.setitem(Settings.model_config, "env_file", None)
    return Settings(data_dir=tmp_path / "var", messages_per_minute=1_000_000)


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    """A PostgreSQL as a shop would run it."""
    with postgres_server(durable=True) as server:
        yield server


@pytest.fixture
def on_sqlite(settings: Settings, clock: SetClock) -> Iterator[Services]:
    services = compose(settings, clock)
    migrate(services.database)
    yield services
    services.database.close()


@pytest.fixture
def on_postgresql(
    settings: Settings, clock: SetClock, server: PostgresServer
) -> Iterator[Services]:
    url = server.url(server.create())
    services = compose(settings.model_copy(update={"database_url": url}), clock)
    migrate(services.database)
    yield services
    services.database.close()


def senders_of(services: Services, address: str) -> list[Sender]:
    started = [services.intake.start() for _ in range(SENDERS)]
    return [Sender(address, visitor.id, visitor.token) for visitor in started]


def told_to_send_again(refusal: httpx.Response) -> None:
    assert refusal.status_code == 503
    assert int(refusal.headers["Retry-After"]) >= 1
    assert refusal.json()["error"]["code"] == "unavailable"
    assert "sqlite" not in refusal.text


def test_a_locked_file_is_answered_with_503_and_nothing_is_lost(on_sqlite: Services) -> None:
    enough = threading.Event()
    with served(on_sqlite) as address:
        senders = senders_of(on_sqlite, address)
        threads = begin(senders, enough)
        try:
            wait_until(progress(senders, 3), TOLD_WITHIN_SECONDS)
            file = on_sqlite.database.url.removeprefix("sqlite:///")
            with closing(sqlite3.connect(file, isolation_level=None, timeout=30)) as other:
                other.execute("BEGIN EXCLUSIVE")
                began = time.monotonic()
                for sender in senders:
                    assert sender.told_to_wait.wait(TOLD_WITHIN_SECONDS)
                held = time.monotonic() - began
                assert httpx.get(f"{address}/", trust_env=False).status_code == 200
                other.execute("COMMIT")
            back = wait_until(progress(senders, 3), BACK_WITHIN_SECONDS)
        finally:
            enough.set()
            for thread in threads:
                thread.join()
    refused = [refusal for sender in senders for refusal in sender.refused]
    for refusal in refused:
        told_to_send_again(refusal)
    sent = sum(len(sender.acknowledged) for sender in senders)
    print(
        f"row 4: SQLite locked for {held:.1f} s: {sent} acknowledged, {len(refused)} told to send"
        f" again, 0 lost, serving again after {back:.2f} s"
    )
    assert lost_and_doubled(on_sqlite.database, senders) == (0, 0)


def test_a_server_that_crashes_again_and_again_loses_nothing(
    on_postgresql: Services, server: PostgresServer
) -> None:
    enough = threading.Event()
    backs = []
    with served(on_postgresql) as address:
        senders = senders_of(on_postgresql, address)
        threads = begin(senders, enough)
        watching = Window(address, senders[0])
        try:
            for _ in range(RESTARTS):
                wait_until(progress(senders, 3), TOLD_WITHIN_SECONDS)
                server.crash()
                wait_until(lambda: any(s.told_to_wait.is_set() for s in senders), 20)
                server.start()
                backs.append(wait_until(progress(senders, 1), BACK_WITHIN_SECONDS))
                for sender in senders:
                    sender.told_to_wait.clear()
        finally:
            enough.set()
            for thread in threads:
                thread.join()
        last = max(senders[0].acknowledged.values())
        wait_until(lambda: last in watching.seen, BACK_WITHIN_SECONDS)
        watching.close()
    refused = [refusal for sender in senders for refusal in sender.refused]
    for refusal in refused:
        told_to_send_again(refusal)
    sent = sum(len(sender.acknowledged) for sender in senders)
    print(
        f"row 4: PostgreSQL crashed {RESTARTS} times: {sent} acknowledged, {len(refused)} told to"
        f" send again, 0 lost, serving again after at most {max(backs):.2f} s"
    )
    assert lost_and_doubled(on_postgresql.database, senders) == (0, 0)
    assert watching.seen == list(range(1, len(watching.seen) + 1))  # nothing missed, nothing twice


class Window:
    """A widget's open socket, which is to live through it all."""

    def __init__(self, address: str, sender: Sender) -> None:
        self.seen: list[int] = []
        self._line = connect(
            f"{address.replace('http', 'ws')}/api/v1/conversations/{sender.id}/socket",
            subprotocols=[Subprotocol("chat.v1"), Subprotocol(sender.token)],
            proxy=None,
        )
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def _watch(self) -> None:
        for frame in self._line:
            told = json.loads(frame)
            if told["type"] == "message":
                self.seen.append(told["message"]["sequence"])

    def close(self) -> None:
        self._line.close()
        self._thread.join()
