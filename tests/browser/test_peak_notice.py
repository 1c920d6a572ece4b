"""The notice of a peak on a page that embeds the chat, and in the chat: in a real browser."""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.app import Services
from tests.browser.conftest import picture
from tests.web.serving import served

TODAY = date(2026, 11, 17)
WRITTEN = "Many people write to us until {last}; replies may take {peak_extension}."
NOTICE = "Many people write to us until November 17; replies may take 1 additional business day."


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A database of one kind: what the browser shows is the same on both."""
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'bot.sqlite3')}"


@pytest.fixture
def address(services: Services) -> Iterator[str]:
    services.peaks.add(TODAY, TODAY, WRITTEN)
    with served(services) as address:
        yield address


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(base_url=address, viewport={"width": 390, "height": 844})
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.goto("/")
    yield page
    context.close()
    assert complaints == []


def test_the_page_shows_the_notice_until_it_is_closed(page: Page) -> None:
    notice = page.get_by_role("complementary", name="Notice")
    expect(notice).to_contain_text(NOTICE)
    picture(page, "peak-notice-page")
    page.get_by_role("button", name="Close this notice").click()
    expect(notice).to_be_hidden()
    expect(page.get_by_role("button", name="Chat with us")).to_be_focused()
    page.reload()
    expect(page.get_by_role("button", name="Chat with us")).to_be_visible()
    page.wait_for_load_state("networkidle")
    expect(notice).to_be_hidden()


def test_the_chat_shows_the_notice_also_after_a_reload(page: Page) -> None:
    expect(page.get_by_role("complementary", name="Notice")).to_contain_text(NOTICE)
    page.get_by_role("button", name="Chat with us").click()
    shown = page.get_by_role("dialog").get_by_text(NOTICE)
    expect(shown).to_be_visible()
    box, log = shown.bounding_box(), page.get_by_role("log").bounding_box()
    assert box
    assert log
    assert box["y"] + box["height"] <= log["y"]  # above the messages, and over none of them
    expect(page.get_by_role("complementary", name="Notice")).to_be_hidden()
    picture(page, "peak-notice-chat")
    page.reload()
    expect(page.get_by_role("dialog").get_by_text(NOTICE)).to_be_visible()
