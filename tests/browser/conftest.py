"""A real browser, with everything it complains about collected."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from bot.settings import ROOT
from tests.running_shop import RunningShop

# Screenshots of each state, to be looked at; the folder is not in git.
PICTURES = ROOT / "var" / "pictures"
SCREENSHOTS = ROOT / "var" / "screenshots"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_MS = 30_000
expect.set_options(timeout=PATIENCE_MS)  # a busy machine is slow, and that is not what is tested


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium: the one that `make test` found, or the machine's.

    For one module at a time: while it is open, its event loop is this thread's, and no other test
    can run one of its own.
    """
    path = os.environ.get("BOT_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield started
        started.close()


Opener = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, shop: RunningShop) -> Iterator[Opener]:
    """Opens pages, each in a browser of its own; at the end nothing may have been complained of.

    `expect_console_errors=True` is for pages that provoke refused requests on purpose.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def opened(path: str = "/", *, expect_console_errors: bool = False, **options: object) -> Page:
        context = browser.new_context(
            base_url=shop.address,
            timezone_id="America/New_York",
            locale="en-US",
            **options,  # type: ignore[arg-type]
        )
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        if not expect_console_errors:
            page.on(
                "console",
                lambda said: complaints.append(said.text) if said.type == "error" else None,
            )
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def picture(page: Page, name: str) -> None:
    """Take a screenshot to look at."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=Path(PICTURES, f"{name}.png"))


def screenshot(page: Page, name: str) -> None:
    """Take a screenshot of a state of the widget."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png")
