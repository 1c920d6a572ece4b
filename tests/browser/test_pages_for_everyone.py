"""The demonstration, case, rating and sign-in pages: for the eye, the keyboard and axe."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from bot.app import Services
from bot.storage.tables_outgoing import OutgoingMail
from tests.browser.axe import findings
from tests.browser.conftest import screenshot
from tests.browser.embedding import DESKTOP, PHONE
from tests.cases.letters import case_of
from tests.conftest import agent_at_work
from tests.web.serving import served

LOOKS = [
    pytest.param({**size, "color_scheme": scheme}, id=f"{name}-{scheme}")
    for name, size in (("desktop", DESKTOP), ("phone", PHONE))
    for scheme in ("light", "dark")
]
TOO_SMALL = """() => [...document.querySelectorAll("button, input:not([type=hidden]), textarea")]
  .filter((node) => node.checkVisibility())
  .map((node) => [node.outerHTML, (node.closest("label") ?? node).getBoundingClientRect()])
  .filter(([, box]) => box.height < 44 || box.width < 44)
  .map(([html, box]) => `${html} ${box.width}x${box.height}`)"""


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A database of one kind: what the browser shows is the same on both."""
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'bot.sqlite3')}"


@pytest.fixture
def address(services: Services) -> Iterator[str]:
    with served(services) as address:
        yield address


@pytest.fixture(params=LOOKS)
def page(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(base_url=address, **request.param)
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    yield page
    context.close()
    # A browser names a refused code, which is tried on purpose, among its complaints.
    assert [told for told in complaints if "401 (Unauthorized)" not in told] == []


def code_in_the_mail(services: Services) -> str:
    with services.database.read() as session:
        mails = select(OutgoingMail.text).where(OutgoingMail.template == "one_time_code")
        text = session.scalars(mails).one()
    found = re.search(r"\b(\d{3}) (\d{3})\b", text)
    assert found
    return found[0]


def looks_well(page: Page, request: pytest.FixtureRequest, name: str) -> None:
    """A screenshot to be looked at; nothing that axe finds, no scrolling sideways."""
    look = request.node.callspec.id.split("-/")[0]
    screenshot(page, f"{name}-{look}")
    assert findings(page) == []
    wide = "document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"
    assert page.evaluate(wide) <= 0


def test_a_case_is_found_proved_and_added_to_by_keyboard_alone(
    page: Page, services: Services, request: pytest.FixtureRequest
) -> None:
    alice = services.intake.start(time_zone="America/New_York")
    case = case_of(services, alice)
    bob = agent_at_work(services)
    services.desk.reply(alice.id, bob, "A new clasp is on its way.", "b1")
    page.goto("/cases")
    looks_well(page, request, "case-find")
    page.get_by_role("textbox").focus()
    page.keyboard.type(case)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Send me a code")).to_be_visible()
    looks_well(page, request, "case-ask")
    page.get_by_role("button", name="Send me a code").press("Enter")
    expect(page.get_by_role("textbox", name="code")).to_be_visible()
    looks_well(page, request, "case-code")
    page.get_by_role("textbox", name="code").focus()
    page.keyboard.type("000000")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    looks_well(page, request, "case-code-wrong")
    page.get_by_role("textbox", name="code").fill(code_in_the_mail(services))
    page.keyboard.press("Enter")
    expect(page.get_by_text("A new clasp is on its way.")).to_be_visible()
    looks_well(page, request, "case")
    assert page.evaluate(TOO_SMALL) == []
    page.get_by_role("textbox", name="Your message").focus()
    page.keyboard.type("Thank you!")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Added")
    looks_well(page, request, "case-added")


@pytest.mark.parametrize("path", ["/", "/console/sign-in", "/cases/KC-22222222"])
def test_a_page_that_is_open_to_all_suits_everybody(
    page: Page, request: pytest.FixtureRequest, path: str
) -> None:
    page.goto(path)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    looks_well(page, request, "page-" + (path.strip("/").replace("/", "-") or "shop"))
    assert page.evaluate(TOO_SMALL) == []
