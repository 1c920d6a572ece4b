"""What came with a case by mail: shown and saved by who proved the case, by nobody else."""

import re

import pytest

from bot.app import Services
from bot.tickets import Tickets, missing_of
from tests.cases.letters import KeptLetters
from tests.mail.incoming_cast import Shop, raw, shop_of
from tests.web.cases.browser import Browser


@pytest.fixture
def shop(services: Services) -> Shop:
    return shop_of(services, Tickets(services.policy, services.calendar))


@pytest.fixture
def mailed(shop: Shop) -> str:
    """The case of a mail with files."""
    shop.takes_and_works(raw("nested"))
    return shop.ticket.reference


def addresses(page: str) -> list[tuple[str, str]]:
    return re.findall(r'href="(/cases/[^"]+/attachments/\d+)" download>([^<]+)', page)


def test_what_came_by_mail_is_shown_and_saved_under_its_name(
    browser: Browser, letters: KeptLetters, mailed: str, shop: Shop
) -> None:
    browser.prove(mailed, letters)
    page = browser.page(f"/cases/{mailed}")
    shown = addresses(page)
    assert len(shown) == shop.ticket.attachment_count > 0
    assert shown[0][1] == "ohrringé.jpg"
    answer = browser.http.get(shown[0][0])
    assert answer.content.startswith(b"\xff\xd8\xff")
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''ohrring")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_the_mail_that_opened_the_case_stands_among_its_messages_and_nowhere_twice(
    browser: Browser, letters: KeptLetters, mailed: str, shop: Shop
) -> None:
    browser.prove(mailed, letters)
    page = browser.page(f"/cases/{mailed}")
    first_words = shop.messages[0].text.split("\n", 1)[0]
    assert page.count(f">{first_words}") == 1
    assert "What you told us" not in page


def test_an_address_of_a_file_is_worth_nothing_without_the_proof(
    browser: Browser, mallory: Browser, letters: KeptLetters, mailed: str, shop: Shop
) -> None:
    browser.prove(mailed, letters)
    address = addresses(browser.page(f"/cases/{mailed}"))[0][0]
    refused = mallory.http.get(address)
    assert (refused.status_code, refused.headers["location"]) == (303, f"/cases/{mailed}")
    shop.takes_and_works(raw("plain"))
    other = shop.tickets[-1].reference
    browser.prove(other, letters)
    number = address.rpartition("/")[2]
    assert browser.http.get(f"/cases/{other}/attachments/{number}").status_code == 404


def test_what_came_by_mail_is_not_asked_for_again(shop: Shop) -> None:
    shop.understanding.labels = {"bent": "report_damaged"}
    shop.takes_and_works(raw("nested"))
    assert shop.ticket.category == "damaged"
    assert missing_of(shop.ticket) == ("order_number",)


def test_what_comes_with_a_later_mail_counts_as_well(shop: Shop) -> None:
    shop.takes_and_works(raw("plain"))
    assert shop.ticket.attachment_count == 0
    shop.sent("ours@shop.example", shop.ticket, shop.services.clock())
    answer = raw("nested").replace(b"MIME", b"In-Reply-To: <ours@shop.example>\nMIME", 1)
    shop.takes_and_works(answer)
    counted = shop.ticket.attachment_count
    shop.takes_and_works(answer)
    assert shop.ticket.attachment_count == counted > 0
