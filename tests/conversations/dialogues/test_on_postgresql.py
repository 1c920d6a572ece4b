"""The whole product on PostgreSQL: asked, an order found, handed over, and the server crashed."""

import threading
from collections.abc import Iterator

import pytest

from bot.storage import Database
from bot.storage.migrate import differences
from tests.conftest import TUESDAY_MORNING
from tests.faults.ledger import Sender, begin, lost_and_doubled, progress
from tests.postgresql import PostgresServer, postgres_server
from tests.running_shop import RunningShop, running_shop, wait_until
from tests.visitor import Visitor
from tests.web.console.browser import Browser

BACK_WITHIN_SECONDS = 30.0


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    """A PostgreSQL as a shop would run it."""
    with postgres_server(durable=True) as server:
        yield server


@pytest.fixture(scope="module")
def url(server: PostgresServer) -> str:
    return server.url(server.create())


@pytest.fixture(scope="module")
def shop(
    tmp_path_factory: pytest.TempPathFactory, server: PostgresServer, url: str
) -> Iterator[RunningShop]:
    """The whole product with no database file."""
    folder = tmp_path_factory.mktemp("on-postgresql")
    settings = {"BOT_DATABASE_URL": url, "BOT_MESSAGES_PER_MINUTE": "1000000"}
    with running_shop(folder, TUESDAY_MORNING, **settings) as running:
        yield running
    assert not (folder / "var" / "bot.sqlite3").exists()


def test_a_visitor_asks_and_finds_an_order(alice: Visitor, url: str) -> None:
    alice.say("how fast do you reply?")
    assert "3" in alice.sections
    assert "DEMO-1001-3471" in alice.say("where is order 1001? my mail is alice@example.com")
    database = Database(url)
    assert differences(database) == []
    database.close()


def test_a_visitor_is_handed_over_answered_and_handed_back(
    shop: RunningShop, alice: Visitor
) -> None:
    bob = Browser(shop.address)
    with bob.http:
        bob.sign_in("bob@example.com", shop.password("agent"))
        bob.press("availability", available="yes")
        alice.say("can i speak to someone from the team")
        assert alice.state == "waiting"
        conversation = f"conversations/{alice.id}"
        assert "can i speak to someone" in bob.page(conversation)
        bob.press(f"{conversation}/reply", text="Hello Alice, Bob here.", client_id="0" * 32)
        assert "Bob here." in alice.wait()
        assert alice.state == "agent"
        bob.press(f"{conversation}/hand-back")
        alice.wait()
        assert alice.say("how fast do you reply?")
        assert alice.state == "bot"


def test_a_crash_of_the_server_is_survived_and_nothing_acknowledged_is_lost(
    shop: RunningShop, server: PostgresServer, url: str
) -> None:
    senders = []
    for _ in range(2):
        with Visitor(shop.address) as visitor:
            senders.append(Sender(shop.address, visitor.id, visitor.token))
    enough = threading.Event()
    threads = begin(senders, enough)
    try:
        wait_until(progress(senders, 2), BACK_WITHIN_SECONDS)
        server.crash()
        wait_until(lambda: any(s.told_to_wait.is_set() for s in senders), BACK_WITHIN_SECONDS)
        assert not shop.ready()
        server.start()
        back = wait_until(progress(senders, 1), BACK_WITHIN_SECONDS)
    finally:
        enough.set()
        for thread in threads:
            thread.join()
    print(f"row 4: the whole product was storing messages {back:.2f} s after the server was back")
    wait_until(shop.ready, BACK_WITHIN_SECONDS)
    database = Database(url)
    assert lost_and_doubled(database, senders) == (0, 0)
    database.close()
    with Visitor(shop.address) as again:
        again.say("how fast do you reply?")
        assert "3" in again.sections
