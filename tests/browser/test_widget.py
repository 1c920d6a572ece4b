"""What a visitor does with the widget, from a shop's strict page on another origin."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.embedding import DESKTOP, PHONE, embedded, open_chat, write
from tests.browser.stand_in import picture_file

CLOSE = "Close the chat"


def choose(page: Page, name: str) -> None:
    page.locator("summary[aria-label=More]").click()
    page.get_by_role("button", name=name).click()


def test_one_line_is_enough_and_an_element_takes_attributes(browser: Browser) -> None:
    attributes = 'greeting="Welcome to the rings!" lang="es" position="left" open'
    element = f"<support-chat {attributes}></support-chat>"
    with embedded(browser, element) as shop:
        page = shop.open(**DESKTOP)
        dialog = page.get_by_role("dialog", name="Atención al cliente")
        expect(dialog).to_be_visible()
        expect(dialog).to_contain_text("Welcome to the rings!")
        box = dialog.bounding_box()
        assert box
        assert box["x"] < 40
        expect(page.locator("support-chat")).to_have_count(1)
        page.evaluate("document.querySelector('support-chat').removeAttribute('open')")
        expect(dialog).to_be_hidden()
        page.evaluate("document.querySelector('support-chat').setAttribute('open', '')")
        expect(dialog).to_be_visible()


def test_styles_leak_neither_in_nor_out(browser: Browser) -> None:
    with embedded(browser) as shop:
        page = shop.open(**DESKTOP)
        page.evaluate(
            """() => {
              const sheet = new CSSStyleSheet();
              sheet.replaceSync(`
                html { font-size: 6px; line-height: 3 }
                * , button, p, textarea { color: red !important; letter-spacing: 9px }
                support-chat { --chat-accent: rgb(120, 0, 90) }`);
              document.adoptedStyleSheets = [sheet];
            }"""
        )
        before = page.locator("h1").evaluate("(node) => getComputedStyle(node).cssText")
        open_chat(page)
        text = page.locator("li.bot .text").first
        expect(text).to_have_css("font-size", "16px")
        expect(text).to_have_css("letter-spacing", "normal")
        expect(page.locator(".window button.main").first).to_have_css(
            "background-color", "rgb(120, 0, 90)"
        )
        assert page.locator("h1").evaluate("(node) => getComputedStyle(node).cssText") == before
        shop.forget()  # the page's own new style moved it


def test_the_keyboard_alone_opens_writes_and_closes(browser: Browser) -> None:
    with embedded(browser) as shop:
        page = shop.open(**DESKTOP)
        launcher = page.get_by_role("button", name="Chat with us")
        launcher.focus()
        page.keyboard.press("Enter")
        box = page.get_by_role("textbox", name="Your message")
        expect(box).to_be_focused()
        page.keyboard.type("Hello")
        page.keyboard.press("Enter")
        expect(page.locator("li.visitor")).to_contain_text("Hello")
        inside = "document.activeElement.matches('support-chat')"
        for key in ["Tab"] * 8 + ["Shift+Tab"] * 8:  # the focus stays in the window
            page.keyboard.press(key)
            assert page.evaluate(inside)
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_be_hidden()
        expect(launcher).to_be_focused()


def test_escape_closes_the_menu_first(browser: Browser) -> None:
    with embedded(browser) as shop:
        page = shop.open(**DESKTOP)
        open_chat(page)
        page.locator("summary[aria-label=More]").click()
        page.keyboard.press("Escape")
        expect(page.get_by_role("button", name="Give me my data")).to_be_hidden()
        expect(page.get_by_role("dialog")).to_be_visible()
        expect(page.locator("summary[aria-label=More]")).to_be_focused()


def test_a_message_is_announced_once_and_in_its_language(browser: Browser) -> None:
    with embedded(browser) as shop:
        page = shop.open(**DESKTOP)
        open_chat(page)
        page.locator("[role=log]").evaluate(
            """(log) => {
              window.added = [];
              new MutationObserver((list) => {
                const nodes = list.flatMap(({ addedNodes }) => [...addedNodes]);
                const items = nodes.filter((node) => node.matches?.("li"));
                added.push(...items.map((item) => item.textContent));
              }).observe(log, { childList: true, subtree: true });
            }"""
        )
        write(page, "Hola")
        shop.chat.say("bot", "Buenos días", lang="es")
        expect(page.locator("li.bot .text").last).to_have_attribute("lang", "es")
        expect(page.locator("li.visitor .text")).to_have_attribute("lang", "en")
        said = page.evaluate("added")
        assert [text[-len("Buenos días") :].strip() for text in said][-1] == "Buenos días"
        assert len(said) == 2


def test_on_a_phone_it_fills_what_the_keyboard_leaves(browser: Browser) -> None:
    with embedded(browser) as shop:
        page = shop.open(**PHONE)
        open_chat(page)
        assert (
            page.locator("textarea").evaluate("(n) => parseFloat(getComputedStyle(n).fontSize)")
            >= 16
        )
        # The visual viewport as a keyboard of 344 pixels leaves it.
        page.locator("dialog").evaluate(
            """(dialog) => {
              Object.defineProperty(visualViewport, "height", { value: 500 });
              visualViewport.dispatchEvent(new Event("resize"));
            }"""
        )
        page.wait_for_function(
            """() => document.querySelector("support-chat").shadowRoot
              .querySelector(".composer .main")
              .getBoundingClientRect().bottom <= 500"""
        )
        assert page.get_by_role("dialog").evaluate("(n) => n.matches(':modal')")


def test_what_is_unsent_and_the_draft_outlive_a_reload(browser: Browser) -> None:
    with embedded(browser) as shop:
        page = shop.open(**DESKTOP)
        open_chat(page)
        shop.chat.refusals = [(503, "In a moment, please.")] * 3
        write(page, "My clasp is broken", arrives=False)
        page.get_by_role("textbox", name="Your message").fill("and also")
        expect(page.locator("li.pending")).to_contain_text("My clasp is broken")
        page.reload()
        expect(page.get_by_role("dialog")).to_be_visible()
        expect(page.get_by_role("textbox", name="Your message")).to_have_value("and also")
        expect(page.locator("li.visitor")).to_have_count(1)
        expect(page.locator("li.pending")).to_have_count(0)
        sent = {body["client_id"] for body in shop.chat.bodies("/messages")}
        assert len(sent) == 1
        assert [m["text"] for m in shop.chat.messages[1:]] == ["My clasp is broken"]
        assert not page.evaluate("document.activeElement.matches('support-chat')")
        shop.forget()  # the sentence under the bubble grew with the wait


def test_two_tabs_stay_in_step(browser: Browser) -> None:
    with embedded(browser) as shop:
        one = shop.open(**DESKTOP)
        open_chat(one)
        two = shop.tab(one.context)
        two.get_by_role("button", name="Chat with us").click()
        write(one, "From the first tab")
        expect(two.locator("li.visitor")).to_contain_text("From the first tab")
        one.locator("h1").click()
        two.get_by_role("textbox", name="Your message").fill("a draft")
        expect(one.get_by_role("textbox", name="Your message")).to_have_value("a draft")
        write(two, "From the second tab")
        for page in (one, two):
            expect(page.locator("li.visitor .text")).to_have_text(
                ["From the first tab", "From the second tab"]
            )
        choose(one, "Delete this conversation")
        one.get_by_role("button", name="Delete this conversation").last.click()
        expect(two.get_by_role("button", name="Start a new conversation")).to_be_visible()
        assert shop.chat.begun == 1


def test_who_comes_back_finds_what_came_meanwhile(browser: Browser) -> None:
    with embedded(browser) as shop:
        page = shop.open(**DESKTOP)
        open_chat(page)
        page.get_by_role("button", name=CLOSE).click()
        page.goto("about:blank")
        shop.chat.say("agent", "It has left.", agent={"name": "Bob"})
        page.goto(shop.address + "other")
        expect(page.locator("button.launcher")).to_contain_text("New messages: 1")
        assert page.title() == "(1) Rings"
        page.get_by_role("button", name="Chat with us").click()
        expect(page.get_by_role("log")).to_contain_text("It has left.")
        assert page.title() == "Rings"
        assert shop.chat.begun == 1


def test_a_conversation_that_is_gone_is_told_and_begun_anew(browser: Browser) -> None:
    with embedded(browser) as shop:
        page = shop.open(**DESKTOP)
        open_chat(page)
        shop.chat.messages.clear()
        shop.chat.gone = True
        shop.chat.cut(4404)
        expect(page.get_by_text("Your earlier conversation is no longer here")).to_be_visible()
        expect(page.locator("li")).to_have_count(1)
        assert shop.chat.begun == 2


def test_where_no_socket_gets_through_messages_still_come(browser: Browser) -> None:
    with embedded(browser) as shop:
        shop.chat.sockets_refused = True
        page = shop.open(**DESKTOP)
        open_chat(page)
        write(page, "Hello?")
        shop.chat.say("agent", "Over the long way.", agent={"name": "Bob"})
        expect(page.get_by_role("log")).to_contain_text("Over the long way.")


def test_the_visitors_typing_is_told_to_a_person_only_and_seldom(browser: Browser) -> None:
    with embedded(browser) as shop:
        page = shop.open(**DESKTOP)
        open_chat(page)
        page.get_by_role("textbox", name="Your message").press_sequentially("to the bot")
        assert shop.chat.bodies("/typing") == []
        shop.chat.become("agent")
        expect(page.get_by_text("You are talking with a person")).to_be_visible()
        page.clock.install()
        page.clock.run_for(5000)
        page.get_by_role("textbox", name="Your message").press_sequentially("to Bob, quickly")
        expect(page.get_by_role("textbox", name="Your message")).to_have_value(
            "to the botto Bob, quickly"
        )
        page.wait_for_function("true")
        assert len(shop.chat.bodies("/typing")) == 1


def test_pictures_are_uploaded_shown_and_taken_back(browser: Browser, tmp_path: Path) -> None:
    with embedded(browser) as shop:
        page = shop.open(**DESKTOP)
        open_chat(page)
        shop.chat.uploads.clear()
        chooser = page.locator("input[type=file]").first
        chooser.set_input_files([picture_file(tmp_path, f"{n}.png") for n in range(2)])
        expect(page.locator("progress")).to_have_count(2)
        write(page, "Look", arrives=False)
        expect(page.get_by_text("still on their way")).to_be_visible()
        page.get_by_role("button", name="Remove 0.png").click()
        shop.chat.uploads.set()
        expect(page.locator("progress")).to_have_count(0)
        page.get_by_role("textbox", name="Your message").press("Enter")
        expect(page.locator(".pictures img")).to_have_count(1)
        expect(page.locator(".pictures a")).to_have_attribute("rel", "noopener noreferrer")
        expect(page.locator("li.pending")).to_have_count(0)
        assert len(shop.chat.bodies("/messages")[0]["attachments"]) == 1


@pytest.mark.parametrize(
    ("size", "count", "sentence"),
    [(10, 6, "One message takes up to 5 pictures."), (10_000_001, 1, "up to 10 MB")],
)
def test_too_many_or_too_large_is_said_at_once(
    browser: Browser, size: int, count: int, sentence: str
) -> None:
    with embedded(browser) as shop:
        page = shop.open(**DESKTOP)
        open_chat(page)
        files = [
            {"name": f"{n}.jpg", "mimeType": "image/jpeg", "buffer": b"x" * size}
            for n in range(count)
        ]
        page.locator("input[type=file]").first.set_input_files(files)  # type: ignore[arg-type]
        expect(page.get_by_text(sentence)).to_be_visible()


def test_what_the_server_refuses_of_a_picture_is_said(browser: Browser, tmp_path: Path) -> None:
    with embedded(browser) as shop:
        page = shop.open(**DESKTOP)
        open_chat(page)
        shop.chat.upload_answer = (415, "This is not a picture we can open. Please send a JPEG.")
        page.locator("input[type=file]").first.set_input_files(picture_file(tmp_path))
        expect(page.get_by_text("Please send a JPEG")).to_be_visible()
        expect(page.locator(".tray li")).to_have_count(0)


@pytest.mark.parametrize("event", ["drop", "paste"])
def test_a_picture_can_be_dropped_or_pasted(browser: Browser, event: str) -> None:
    with embedded(browser) as shop:
        page = shop.open(**DESKTOP)
        open_chat(page)
        page.locator("textarea").evaluate(
            """(node, event) => {
              const data = new DataTransfer();
              data.items.add(new File(["x"], "dropped.png", { type: "image/png" }));
              const how = { bubbles: true, cancelable: true };
              node.dispatchEvent(
                event === "drop"
                  ? new DragEvent("drop", { ...how, dataTransfer: data })
                  : new ClipboardEvent("paste", { ...how, clipboardData: data }),
              );
            }""",
            event,
        )
        expect(page.get_by_role("button", name="Remove dropped.png")).to_be_visible()


def test_a_conversation_is_mailed_saved_and_deleted(browser: Browser, tmp_path: Path) -> None:
    with embedded(browser) as shop:
        shop.chat.kept = "Your case KC-7F4MQ2XA stays until it is answered."
        page = shop.open(**DESKTOP)
        open_chat(page)
        for email, answer in (
            ("mallory@example.com", "That is enough mail for today."),
            ("alice@example.com", "on its way to alice@example.com"),
        ):
            if not page.get_by_role("textbox", name="Your e-mail address").is_visible():
                choose(page, "Mail me this conversation")
            page.get_by_role("textbox", name="Your e-mail address").fill(email)
            page.keyboard.press("Enter")
            expect(page.get_by_text(answer)).to_be_visible()
        with page.expect_download() as download:
            choose(page, "Give me my data")
        saved = json.loads(Path(download.value.path()).read_text("utf-8"))
        assert saved["messages"][0]["text"] == shop.chat.messages[0]["text"]
        choose(page, "Delete this conversation")
        page.get_by_role("button", name="Delete this conversation").last.click()
        expect(
            page.get_by_text("The conversation is deleted. Your case KC-7F4MQ2XA")
        ).to_be_visible()
        expect(page.locator("li")).to_have_count(0)
        again = page.get_by_role("button", name="Start a new conversation")
        expect(again).to_be_focused()
        assert page.evaluate("localStorage['support-chat-conversation']") is None
        again.click()
        expect(page.get_by_role("log")).to_contain_text("automated assistant")
        assert shop.chat.begun == 2


def test_it_asks_once_how_it_was(browser: Browser) -> None:
    with embedded(browser) as shop:
        page = shop.open(**DESKTOP)
        open_chat(page)
        shop.chat.say("system", "Your case is resolved.", asks="rating")
        expect(page.get_by_text("How did we do?")).to_be_visible()
        expect(page.get_by_role("textbox", name="Your message")).to_be_focused()
        page.get_by_role("button", name="4 / 5").click()
        expect(page.get_by_text("Thank you for telling us.")).to_be_visible()
        assert shop.chat.bodies("/rating") == [{"stars": 4}]
        page.reload()
        expect(page.get_by_text("Your case is resolved.")).to_be_visible()
        expect(page.get_by_text("How did we do?")).to_have_count(0)


def test_a_reference_is_copied(browser: Browser) -> None:
    with embedded(browser) as shop:
        page = shop.open(**DESKTOP, permissions=["clipboard-read", "clipboard-write"])
        open_chat(page)
        shop.chat.say("bot", "Here it is.", ticket={"reference": "KC-7F4MQ2XA"})
        page.get_by_role("button", name="Copy KC-7F4MQ2XA").click()
        expect(page.get_by_text("Copied")).to_be_visible()
        assert page.evaluate("navigator.clipboard.readText()") == "KC-7F4MQ2XA"


def test_links_lead_only_to_https_and_mail(browser: Browser) -> None:
    with embedded(browser) as shop:
        page = shop.open(**DESKTOP)
        open_chat(page)
        shop.chat.say(
            "bot", "https://a.example, javascript:alert(1), http://b.example or c@d.example."
        )
        shop.chat.say(
            "bot",
            "Cards",
            cards=[
                {"kind": "product", "title": address, "lines": [], "image": None, "link": address}
                for address in ("javascript:alert(1)", "data:text/html,x", "https://e.example/")
            ],
        )
        expect(page.locator("li.bot")).to_have_count(3)
        found = page.locator(".log a").evaluate_all("(links) => links.map((link) => link.href)")
        assert found == ["https://a.example/", "mailto:c@d.example", "https://e.example/"]


def test_a_button_answers_and_goes(browser: Browser) -> None:
    with embedded(browser) as shop:
        page = shop.open(**DESKTOP)
        open_chat(page)
        shop.chat.say("bot", "What now?", buttons=[{"id": "2.track", "title": "Track my order"}])
        page.get_by_role("button", name="Track my order").click()
        expect(page.locator("li.visitor")).to_contain_text("Track my order")
        expect(page.get_by_role("button", name="Track my order")).to_have_count(0)
        expect(page.locator("li.pending")).to_have_count(0)
        (body,) = shop.chat.bodies("/messages")
        assert body["button"] == "2.track"
        assert "text" not in body
