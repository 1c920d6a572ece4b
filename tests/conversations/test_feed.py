"""Open windows hear of news, however much the feed has had to forget."""

import asyncio
import logging

import pytest

from bot.conversations.feed import Feed
from bot.storage import Database

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

AT_ONCE = 0.01


def test_asking_for_a_counter_keeps_nothing(database: Database) -> None:
    feed = Feed(database)
    for n in range(100):
        assert feed.counter(f"no-such-{n}") == 0
    assert len(feed) == 0


async def _wait_in_vain(feed: Feed) -> None:
    await feed.changed("alice", feed.counter("alice"), AT_ONCE)


def test_a_window_that_waited_in_vain_leaves_nothing(database: Database) -> None:
    feed = Feed(database)
    asyncio.run(_wait_in_vain(feed))
    assert len(feed) == 0


def test_only_so_many_conversations_are_remembered(database: Database) -> None:
    feed = Feed(database, remembered=10)
    for n in range(100):
        feed.wake(f"conversation-{n}")
    assert len(feed) == 10


def test_news_that_is_forgotten_is_still_news(database: Database) -> None:
    feed = Feed(database, remembered=3)
    feed.wake("alice")
    before = feed.counter("alice")
    never_woken = feed.counter("carol")
    feed.wake("alice")
    feed.wake("carol")
    for n in range(10):
        feed.wake(f"other-{n}")

    async def both() -> tuple[int, int]:
        # They would wait for the test's time limit if there were no news.
        return (
            await feed.changed("alice", before, 60),
            await feed.changed("carol", never_woken, 60),
        )

    alice, carol = asyncio.run(both())
    assert alice != before
    assert carol != never_woken


def test_a_waiting_window_is_woken_by_its_own_news_only(database: Database) -> None:
    feed = Feed(database)

    async def story() -> bool:
        waiting = asyncio.create_task(feed.changed("alice", feed.counter("alice"), 60))
        await asyncio.sleep(0)
        feed.wake("bob")
        await asyncio.sleep(0)
        woken_by_bob = waiting.done()
        feed.wake("alice")
        await waiting
        return woken_by_bob

    assert asyncio.run(story()) is False


def test_looking_for_news_goes_on_after_a_failure(
    database: Database, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.conversations.feed.POLL_SECONDS", 0)
    feed = Feed(database)
    looks = 0

    class Broken:
        def read(self) -> object:
            nonlocal looks
            looks += 1
            if looks > 1:
                feed_looked_again.set()
            raise RuntimeError("the disk is on fire")

    async def story() -> bool:
        following = asyncio.create_task(feed.follow())
        waiting = asyncio.create_task(feed.changed("alice", feed.counter("alice"), 60))
        await asyncio.wait_for(feed_looked_again.wait(), 10)
        alive = not following.done()
        for task in (following, waiting):
            task.cancel()
        await asyncio.gather(following, waiting, return_exceptions=True)
        return alive

    feed_looked_again = asyncio.Event()
    monkeypatch.setattr(feed, "_database", Broken())
    with caplog.at_level(logging.ERROR):
        assert asyncio.run(story())
    assert "looking for news failed" in caplog.text
