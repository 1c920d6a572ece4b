"""A visitor asks, finds an order, is handed over, and gets the agent's reply: in a real browser."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Opener, picture
from tests.running_shop import RunningShop

DARK_PHONE = {
    "viewport": {"width": 390, "height": 844},
    "color_scheme": "dark",
    "has_touch": True,
    "is_mobile": True,
}


def open_chat(page: Page) -> None:
    page.get_by_role("button", name="Chat with us").click()
    expect(page.get_by_role("log")).to_contain_text("automated assistant")


def say(page: Page, text: str) -> None:
    page.get_by_role("textbox", name="Your message").fill(text)
    page.get_by_role("button", name="Send", exact=True).click()


def messages(page: Page, sender: str) -> Locator:
    return page.locator(f"[role=log] li.{sender}")


def sign_in(page: Page, shop: RunningShop) -> None:
    page.get_by_label("E-mail address").fill("bob@example.com")
    page.get_by_label("Password").fill(shop.password("agent"))
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Queue")).to_be_visible()


def test_a_question_is_answered_with_its_section_and_a_reload_keeps_it(open_page: Opener) -> None:
    page = open_page()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    picture(page, "shop")
    open_chat(page)
    picture(page, "chat-open")
    say(page, "how fast do you usually answer?")
    expect(messages(page, "bot").last).to_contain_text("1–2 business days")
    expect(messages(page, "bot").last).to_contain_text("section 3")
    picture(page, "chat-answer")
    page.reload()
    expect(messages(page, "visitor")).to_have_count(1)
    expect(messages(page, "visitor")).to_contain_text(["how fast do you usually answer?"])
    expect(messages(page, "bot").last).to_contain_text("1–2 business days")


def test_an_order_is_found_by_number_and_email(open_page: Opener) -> None:
    page = open_page()
    open_chat(page)
    page.get_by_role("button", name="Track my order").click()
    expect(messages(page, "bot").last).to_contain_text("order number")
    say(page, "1001")
    expect(messages(page, "bot").last).to_contain_text("e-mail")
    say(page, "alice@example.com")
    expect(messages(page, "bot").last).to_contain_text("DEMO-1001-3471")
    picture(page, "chat-order")


def test_a_damaged_piece_ends_in_a_card_with_reference_and_date(open_page: Opener) -> None:
    page = open_page(**DARK_PHONE)
    open_chat(page)
    for text in (
        "my bracelet came broken",
        "1001",
        "alice@example.com",
        "Alice Moreau",
        "the clasp does not close any more",
    ):
        before = messages(page, "bot").count()
        say(page, text)
        expect(messages(page, "bot")).not_to_have_count(before)
    picture(page, "chat-confirm-dark-phone")
    page.get_by_role("button", name="Yes, send it").click()
    expect(page.get_by_role("button", name="Copy KC-")).to_be_visible()
    expect(messages(page, "bot").last).to_contain_text("24 business hours")
    picture(page, "chat-ticket-dark-phone")


def test_a_person_takes_over_replies_hands_back_and_resolves(
    open_page: Opener, shop: RunningShop
) -> None:
    console = open_page("/console/")
    picture(console, "console-sign-in")
    sign_in(console, shop)
    console.get_by_role("button", name="Set me available").click()
    expect(console.get_by_text("You are available")).to_be_visible()

    visitor = open_page()
    open_chat(visitor)
    say(visitor, "where is order 1001? alice@example.com")
    expect(messages(visitor, "bot").last).to_contain_text("DEMO-1001-3471")
    say(visitor, "i want to talk to a real person")
    expect(messages(visitor, "bot").last).to_contain_text("KC-")
    picture(visitor, "chat-waiting")

    console.get_by_role("link", name="i want to talk to a real person").click()
    expect(console.get_by_role("log")).to_contain_text("where is order 1001")
    expect(console.get_by_text("DEMO-1001-3471").first).to_be_visible()
    console.get_by_label("Your reply").fill("Hello Alice, Bob here.")
    console.get_by_role("button", name="Send").click()

    expect(messages(visitor, "agent").last).to_contain_text("Hello Alice, Bob here.")
    picture(visitor, "chat-agent")
    picture(console, "console-conversation")
    before = messages(visitor, "bot").count()
    say(visitor, "oh great, where is it stuck?")
    expect(console.get_by_role("log")).to_contain_text("where is it stuck?")
    expect(messages(visitor, "bot")).to_have_count(before)

    console.get_by_role("button", name="Hand back to the assistant").click()
    expect(messages(visitor, "bot").last).to_contain_text("automated assistant is back")
    say(visitor, "how do returns work?")
    expect(messages(visitor, "bot").last).to_contain_text("Refund Policy")

    console.goto("/console/")
    picture(console, "console-queue")
    console.get_by_role("button", name="Set me away").click()


@pytest.mark.parametrize("path", ["/", "/console/sign-in"])
def test_no_page_breaks_its_content_security_policy(open_page: Opener, path: str) -> None:
    page = open_page(path)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
