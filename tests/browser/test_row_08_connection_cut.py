"""The connection is cut a hundred times: both sides end with the same transcript, in a browser."""

import json
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from bot.app import Services
from tests.conftest import agent_at_work
from tests.faults.tcp_proxy import tcp_proxy
from tests.web.serving import served

CUTS = 100
EVERY = 5  # cuts between two messages of each side


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A database of one kind: what the browser shows is the same on both."""
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'bot.sqlite3')}"


def test_a_hundred_cuts_lose_nothing_double_nothing_and_change_no_order(
    browser: Browser, services: Services
) -> None:
    bob = agent_at_work(services)
    with served(services) as address, tcp_proxy(int(address.rsplit(":", 1)[1])) as proxy:
        context = browser.new_context(base_url=proxy.address)
        page = context.new_page()
        page.goto("/")
        page.get_by_role("button", name="Chat with us").click()
        expect(page.locator("li.bot")).to_have_count(1)
        kept = page.evaluate("localStorage['support-chat-conversation']")
        conversation_id, token = (json.loads(kept)[key] for key in ("id", "token"))
        services.desk.claim(conversation_id, bob)
        box = page.get_by_role("textbox", name="Your message")
        for number in range(CUTS):
            if number % EVERY == 0:
                box.fill(f"visitor {number}")
                box.press("Enter")
                services.desk.reply(conversation_id, bob, f"agent {number}", f"a{number}")
            before = proxy.accepted
            proxy.cut()
            # The network is back: the widget does not wait out its growing pauses.
            page.evaluate("dispatchEvent(new Event('online'))")
            page.wait_for_timeout(20)
            assert proxy.accepted >= before
        page.evaluate("dispatchEvent(new Event('online'))")
        texts = page.locator("li:not(.system) .text")
        expect(texts).to_have_count(1 + 2 * CUTS // EVERY, timeout=60_000)
        expect(page.locator("li.pending")).to_have_count(0, timeout=60_000)
        shown = texts.all_text_contents()
        context.close()
    stored = services.intake.page(conversation_id, token, 0).messages
    assert shown == [message.text for message in stored if message.sender != "system"]
    mine = [text for text in shown if text.startswith("visitor")]
    assert mine == [f"visitor {number}" for number in range(0, CUTS, EVERY)]
