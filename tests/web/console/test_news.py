"""What an open page of the console hears without being loaded again, and when it hears no more."""

import re
import threading
from typing import Any

import httpx
import pytest

from bot.app import Services
from bot.conversations.intake import Started
from tests.conversations.cast import answer, lease, send, transcript
from tests.web.console.browser import SCRIPT, Browser
from tests.web.console.conftest import HAND_OFF


def test_news_of_the_queue_comes_as_soon_as_somebody_waits(
    bob: Browser, services: Services
) -> None:
    page = re.search(r'data-seen="(\d+)"', bob.page())
    assert page
    seen = page[1]
    view: dict[str, Any] = {"waiting": []}

    def somebody_comes() -> None:
        visitor = services.intake.start()
        send(services, visitor, "a person please")
        services.answering.store(lease(services, visitor), answer(effects=[HAND_OFF]))

    comes = threading.Thread(target=somebody_comes)
    comes.start()
    while not view["waiting"]:  # a wait that ends without news would run into the time limit
        asked = {"seen": seen, "wait": 25}
        news = bob.http.get("/console/events", params=asked, headers=SCRIPT).json()
        seen, view = news["seen"], news["view"]
    comes.join()
    assert view["title"] == "(1) Queue"
    assert [row["text"] for row in view["waiting"]] == ["a person please"]
    assert [row["category"] for row in view["tickets"]] == ["damaged"]


def test_news_of_a_conversation_are_the_messages_after_the_last_one_shown(
    bob: Browser, alice: Started, services: Services
) -> None:
    path = f"/console/conversations/{alice.id}/events"
    last = transcript(services, alice)[-1].sequence
    send(services, alice, "still there?")
    news = bob.http.get(path, params={"after": last, "seen": 0, "wait": 0}, headers=SCRIPT).json()
    assert [row["text"] for row in news["view"]["messages"]] == ["still there?"]
    assert news["view"]["can_claim"]


def test_a_counter_from_before_a_restart_is_answered_at_once(bob: Browser) -> None:
    news = bob.http.get("/console/events?seen=999999&wait=25", headers=SCRIPT, timeout=5)
    assert news.json()["seen"] < 999999


@pytest.mark.parametrize("path", ["", "conversations/{alice}/"])
def test_who_signs_out_while_a_page_waits_hears_no_more(
    bob: Browser, alice: Started, services: Services, path: str
) -> None:
    address = f"/console/{path.format(alice=alice.id)}events"
    # This browser's cookie, in another client: it still has it when Bob has signed out.
    waiting = httpx.Client(base_url=bob.address, cookies=dict(bob.http.cookies), timeout=30)
    answers: list[httpx.Response] = []

    def wait() -> None:
        # As the page does: an answer without news, as the first look may give, is asked again.
        while not answers or answers[-1].status_code == 200:
            seen = services.feed.counter(alice.id if path else None)
            answers.append(waiting.get(address, params={"seen": seen, "wait": 25}, headers=SCRIPT))

    waits = threading.Thread(target=wait)
    waits.start()
    while not services.feed.waited_for:
        assert waits.is_alive()
    bob.press("sign-out")
    send(services, alice, "my secret")
    waits.join()
    waiting.close()
    assert (answers[-1].status_code, answers[-1].json()["error"]["code"]) == (401, "signed_out")
    assert not any("my secret" in answer.text for answer in answers)


@pytest.mark.parametrize("query", ["seen=-1", "seen=x", "wait=1e9", "seen=99999999999", "seen=²"])
def test_a_query_that_is_not_a_number_gets_a_sentence(bob: Browser, query: str) -> None:
    refused = bob.http.get(f"/console/events?{query}", headers=SCRIPT)
    assert refused.status_code == 400
    assert "must be a whole number" in refused.json()["error"]["message"]
