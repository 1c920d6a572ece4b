"""Pictures, typing and what was read, between a visitor and an agent's open page."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import Opener, picture
from tests.browser.test_first_visit import sign_in
from tests.pictures import picture as made
from tests.running_shop import RunningShop
from tests.visitor import Visitor


def send_picture(alice: Visitor, name: str) -> int:
    kept = alice.http.post(
        f"/api/v1/conversations/{alice.id}/attachments",
        files={"file": (name, made("PNG", (300, 200)))},
        data={"client_id": name},
    )
    assert kept.status_code == 201, kept.text
    sent = alice.post({"client_id": name, "attachments": [kept.json()["id"]]})
    return int(sent.json()["sequence"])


def transcript_is_at_its_end(page: Page) -> bool:
    at_end: bool = page.locator("[data-transcript]").evaluate(
        "log => log.scrollTop + log.clientHeight >= log.scrollHeight - 2"
    )
    return at_end


def test_the_agent_sees_pictures_come_and_the_visitor_what_was_read(
    open_page: Opener, shop: RunningShop, alice: Visitor
) -> None:
    alice.say("can I talk to a person?")
    send_picture(alice, "crack.png")
    page = open_page("/console/sign-in")
    sign_in(page, shop)
    page.wait_for_url("**/console/")
    page.goto(f"/console/conversations/{alice.id}")
    pictures = page.locator(".pictures img:visible")
    expect(pictures).to_have_count(1)
    last = send_picture(alice, "box.png")
    expect(pictures).to_have_count(2)
    expect(page.get_by_role("link", name="box.png").first).to_be_visible()
    page.wait_for_function("() => [...document.images].every((image) => image.complete)")
    assert transcript_is_at_its_end(page)
    alice.http.post(f"/api/v1/conversations/{alice.id}/typing", json={})
    expect(page.locator(".typing")).to_have_text("Visitor is typing…")
    expect(page.locator(".typing")).to_have_text("")
    assert alice.page(after=last)["seen"] >= last
    picture(page, "console-pictures")
