"""Every state of the widget, on a desktop and a phone, light and dark: looked at and held to WCAG.

Nothing may break the page's strict policies or move its layout either: the page reports it.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.axe import findings
from tests.browser.conftest import screenshot
from tests.browser.embedding import DESKTOP, PHONE, ShopPage, embedded, open_chat, write
from tests.browser.stand_in import picture_file

NOTICE = {
    "text": "Many people write to us these days; replies may take longer.",
    "clause": "3.peak",
}
ORDER = {
    "kind": "order",
    "title": "1001",
    "lines": ["Tracking number DEMO-1001-3471"],
    "image": None,
    "link": None,
    "status": "Shipped",
}
PIECE = {
    "kind": "product",
    "title": "Pendant necklace “Luna”",
    "lines": ["Gold-plated silver", "USD 48.00"],
    "image": "/pictures/necklace",
    "link": "https://shop.example/luna",
    "status": "In stock",
}


def closed(shop: ShopPage, page: Page, folder: Path) -> None:
    expect(page.get_by_role("button", name="Chat with us")).to_be_visible()


def opened(shop: ShopPage, page: Page, folder: Path) -> None:
    open_chat(page)


def answered(shop: ShopPage, page: Page, folder: Path) -> None:
    open_chat(page)
    write(page, "How fast do you reply?")
    shop.chat.say(
        "bot",
        "We reply within 1–2 business days. More: https://shop.example/policy",
        sources=[{"document": "Policy", "section": "3", "title": "Response Timelines"}],
        buttons=[{"id": "a", "title": "Track my order"}, {"id": "b", "title": "Talk to a person"}],
    )
    page.get_by_text("Where this comes from").click()
    expect(page.get_by_role("button", name="Track my order")).to_be_visible()


def promised(shop: ShopPage, page: Page, folder: Path) -> None:
    open_chat(page)
    write(page, "My bracelet arrived broken")
    shop.chat.say(
        "bot",
        "I've passed it on. A person replies within 24 business hours.",
        ticket={"reference": "KC-7F4MQ2XA"},
        promise={"due_at": "2026-11-18T15:00:00-05:00", "clause": "3.urgent_reply"},
    )
    expect(page.get_by_role("button", name="Copy KC-")).to_be_visible()


def shown_cards(shop: ShopPage, page: Page, folder: Path) -> None:
    open_chat(page)
    shop.chat.say("bot", "Your order, and the piece you asked for:", cards=[ORDER, PIECE])
    expect(page.get_by_text("USD 48.00")).to_be_visible()


def with_a_person(shop: ShopPage, page: Page, folder: Path) -> None:
    open_chat(page)
    shop.chat.become("agent")
    write(page, "Is anybody there?")
    shop.chat.say("agent", "Hello Alice, Bob here.", agent={"name": "Bob"})
    write(page, "Great!")
    shop.chat.push({"type": "seen", "sequence": len(shop.chat.messages)})
    expect(page.locator("li.visitor").last).to_have_attribute("data-delivery", "Seen")
    shop.chat.push({"type": "typing", "sender": "agent"})
    expect(page.locator(".typing")).to_be_visible()


def with_pictures(shop: ShopPage, page: Page, folder: Path) -> None:
    open_chat(page)
    page.locator("input[type=file]").first.set_input_files(picture_file(folder))
    expect(page.locator("progress")).to_have_count(0)
    write(page, "This is how it arrived")
    expect(page.locator(".pictures img")).to_be_visible()
    page.locator("input[type=file]").first.set_input_files(picture_file(folder, "second.png"))
    expect(page.get_by_role("button", name="Remove second.png")).to_be_visible()


def refused(shop: ShopPage, page: Page, folder: Path) -> None:
    open_chat(page)
    shop.chat.refusals = [(422, "This message is empty for us. Please write it another way.")]
    write(page, "x", arrives=False)
    expect(page.get_by_text("write it another way")).to_be_visible()


def menu(shop: ShopPage, page: Page, folder: Path) -> None:
    open_chat(page)
    page.locator("summary[aria-label=More]").click()
    expect(page.get_by_role("button", name="Delete this conversation")).to_be_visible()


def mail(shop: ShopPage, page: Page, folder: Path) -> None:
    menu(shop, page, folder)
    page.get_by_role("button", name="Mail me this conversation").click()
    expect(page.get_by_role("textbox", name="Your e-mail address")).to_be_focused()


def erasing(shop: ShopPage, page: Page, folder: Path) -> None:
    menu(shop, page, folder)
    page.get_by_role("button", name="Delete this conversation").click()
    expect(page.get_by_text("for good")).to_be_visible()


def rating(shop: ShopPage, page: Page, folder: Path) -> None:
    open_chat(page)
    shop.chat.become("closed")
    expect(page.get_by_role("button", name="5 / 5")).to_be_visible()


def offline(shop: ShopPage, page: Page, folder: Path) -> None:
    open_chat(page)
    page.context.set_offline(True)
    shop.chat.cut()
    write(page, "Do you hear me?", arrives=False)
    expect(page.get_by_text("You are offline")).to_be_visible()


def noticed(shop: ShopPage, page: Page, folder: Path) -> None:
    shop.chat.settings["notice"] = NOTICE
    page.reload()
    expect(page.get_by_role("complementary", name="Notice")).to_be_visible()


def noticed_inside(shop: ShopPage, page: Page, folder: Path) -> None:
    noticed(shop, page, folder)
    open_chat(page)
    expect(page.get_by_role("dialog").get_by_text("Many people")).to_be_visible()


def unread(shop: ShopPage, page: Page, folder: Path) -> None:
    open_chat(page)
    page.get_by_role("button", name="Close the chat").click()
    shop.chat.say("agent", "Your parcel has left.", agent={"name": "Bob"})
    expect(page.get_by_role("button", name="Chat with us New messages: 1")).to_be_visible()
    assert page.title() == "(1) Rings"


STATES: list[Callable[[ShopPage, Page, Path], None]] = [
    closed,
    opened,
    answered,
    promised,
    shown_cards,
    with_a_person,
    with_pictures,
    refused,
    menu,
    mail,
    erasing,
    rating,
    offline,
    noticed,
    noticed_inside,
    unread,
]
DEVICES: dict[str, dict[str, Any]] = {"desktop": DESKTOP, "phone": PHONE}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_a_state_can_be_used_by_everyone(
    browser: Browser,
    tmp_path: Path,
    state: Callable[[ShopPage, Page, Path], None],
    device: str,
    theme: str,
) -> None:
    with embedded(browser) as shop:
        page = shop.open(**DEVICES[device], color_scheme=theme)
        state(shop, page, tmp_path)
        shop.collect()
        screenshot(page, f"{state.__name__}-{device}-{theme}")
        assert findings(page) == []
        shop.forget()


@pytest.mark.parametrize("language", ["ar", "ja", "de"])
def test_a_state_in_another_language(browser: Browser, language: str) -> None:
    with embedded(browser) as shop:
        page = shop.open(**PHONE, locale=language)
        page.locator("button.launcher").click()
        dialog = page.get_by_role("dialog")
        expect(dialog).to_have_attribute("lang", language)
        expect(dialog).to_have_attribute("dir", "rtl" if language == "ar" else "ltr")
        write_in(page, "1001")
        shop.chat.say("bot", "Hello", buttons=[{"id": "1", "title": "Track my order"}])
        expect(page.locator("li.bot")).to_have_count(2)
        expect(page.locator("li.bot .text").last).to_have_attribute("lang", "en")
        shop.collect()
        screenshot(page, f"language-{language}-phone")
        assert findings(page) == []
        shop.forget()


def write_in(page: Page, text: str) -> None:
    page.locator("textarea").fill(text)
    page.keyboard.press("Enter")


@pytest.mark.parametrize("forced", [{"forced_colors": "active"}, {"reduced_motion": "reduce"}])
def test_forced_colours_and_reduced_motion(browser: Browser, forced: dict[str, Any]) -> None:
    with embedded(browser) as shop:
        page = shop.open(**DESKTOP, **forced)
        with_a_person(shop, page, Path())
        shop.collect()
        screenshot(page, f"{next(iter(forced))}-desktop")
        shop.forget()
        animation = page.locator(".typing").evaluate(
            "(node) => getComputedStyle(node, '::after').animationName"
        )
        assert animation == "none" or "reduced_motion" not in forced


def test_at_four_hundred_percent_everything_is_in_reach(browser: Browser) -> None:
    with embedded(browser) as shop:
        page = shop.open(viewport={"width": 320, "height": 256})
        open_chat(page)
        shop.collect()
        screenshot(page, "zoom-400")
        shop.forget()
        assert page.evaluate("document.scrollingElement.scrollWidth") <= 320
        for name in ("Send", "Close the chat", "Add a picture"):
            box = page.get_by_role("button", name=name).bounding_box()
            assert box
            assert 0 <= box["x"] <= 320 - box["width"]
            assert 0 <= box["y"] <= 256 - box["height"]


def test_every_target_is_at_least_44_pixels(browser: Browser, tmp_path: Path) -> None:
    for state in (answered, with_pictures, rating, mail):
        with embedded(browser) as shop:
            page = shop.open(**PHONE)
            state(shop, page, tmp_path)
            small = page.locator("support-chat").evaluate(
                """(host) => [...host.shadowRoot.querySelectorAll("button,summary,textarea,input")]
                .filter((node) => node.checkVisibility())
                .map((node) => [node.outerHTML, node.getBoundingClientRect()])
                .filter(([, box]) => box.width < 44 || box.height < 44)
                .map(([html, box]) => `${html} ${box.width}x${box.height}`)"""
            )
            assert small == []
