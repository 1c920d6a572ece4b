"""The agents' console over HTTP: who gets in, what they see, what each button does."""

import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from argon2 import PasswordHasher

from bot.accounts import Accounts
from bot.app import Services
from bot.assistant import Effect
from bot.conversations.intake import Started
from bot.orders.demonstration import load_demonstration
from bot.web.console.entrance import COOKIE
from tests.conftest import PASSWORD, SetClock
from tests.conversations.cast import answer, lease, send, state, transcript
from tests.web.serving import served

CLIENT_ID = "0123456789abcdef" * 2
HAND_OFF = Effect(kind="hand_off", reason="asked", category="damaged")
PROVE = Effect(kind="verify", order_number="1001", email="alice@example.com", name="Alice")
PAGE = {"Accept": "text/html"}
SCRIPT = {"Accept": "application/json"}


class Browser:
    """A signed-in person's browser, without the script."""

    def __init__(self, address: str) -> None:
        self.http = httpx.Client(base_url=address, headers=PAGE, timeout=10)
        self.address = address

    def sign_in(self, email: str, password: str = PASSWORD, **form: str) -> httpx.Response:
        return self.http.post(
            "/console/sign-in",
            data={"email": email, "password": password, **form},
            headers={"Origin": self.address},
        )

    def page(self, path: str = "") -> str:
        response = self.http.get(f"/console/{path}")
        assert response.status_code == 200, response.text
        return response.text

    def token(self) -> str:
        found = re.search(r'name="form_token" value="([^"]+)"', self.page())
        assert found
        return found[1]

    def press(self, path: str, **form: str) -> httpx.Response:
        """Send one of the console's own forms."""
        return self.http.post(
            f"/console/{path}",
            data={"form_token": self.token(), **form},
            headers={"Origin": self.address},
        )


@pytest.fixture
def services(services: Services, clock: SetClock) -> Services:
    """A shop with its staff, of whom Bob is available; hashing does not take long."""
    accounts = Accounts(
        services.database,
        clock,
        session_hours=services.settings.session_hours,
        hasher=PasswordHasher(time_cost=1, memory_cost=8, parallelism=1),
    )
    load_demonstration(services.database, clock())
    for name, role in (("Bob", "agent"), ("Olivia", "owner"), ("Tara", "trainer")):
        accounts.add(f"{name.lower()}@example.com", name, role, PASSWORD)
    accounts.set_available(accounts.sign_in("bob@example.com", PASSWORD).account_id, True)
    return replace(services, accounts=accounts)


@pytest.fixture
def address(services: Services) -> Iterator[str]:
    with served(services) as address:
        yield address


@pytest.fixture
def stranger(address: str) -> Iterator[Browser]:
    browser = Browser(address)
    yield browser
    browser.http.close()


@pytest.fixture
def bob(address: str) -> Iterator[Browser]:
    browser = Browser(address)
    assert browser.sign_in("bob@example.com").status_code == 303
    yield browser
    browser.http.close()


@pytest.fixture
def olivia(address: str) -> Iterator[Browser]:
    browser = Browser(address)
    assert browser.sign_in("olivia@example.com").status_code == 303
    yield browser
    browser.http.close()


@pytest.fixture
def alice(services: Services) -> Started:
    """Alice proved her order, asked, and was given to people."""
    visitor = services.intake.start(time_zone="America/New_York")
    send(services, visitor, "when do you reply?")
    first = answer("utter_faq/reply_times", label="faq/reply_times", effects=[PROVE])
    services.answering.store(lease(services, visitor), first)
    send(services, visitor, "my <b>clasp</b> broke, a person please")
    services.answering.store(lease(services, visitor), answer(effects=[HAND_OFF]))
    return visitor


def reference_in(page: str) -> str:
    found = re.search(r"KC-[0-9A-Z]{8}", page)
    assert found
    return found[0]


# Getting in


@pytest.mark.parametrize(
    "path", ["", "events", "conversations/" + "0" * 32, "conversations/" + "0" * 32 + "/events"]
)
def test_without_a_sign_in_every_page_leads_to_the_sign_in_page(
    stranger: Browser, path: str
) -> None:
    response = stranger.http.get(f"/console/{path}")
    assert response.status_code == 303
    assert response.headers["location"].startswith("/console/sign-in")
    answered = stranger.http.get(f"/console/{path}", headers=SCRIPT)
    assert (answered.status_code, answered.json()["error"]["code"]) == (401, "signed_out")


@pytest.mark.parametrize("path", ["availability", "sign-out", "conversations/x/reply"])
def test_without_a_sign_in_no_form_is_taken(stranger: Browser, path: str) -> None:
    response = stranger.http.post(f"/console/{path}", data={"form_token": ""})
    assert (response.status_code, response.headers["location"]) == (303, "/console/sign-in")


def test_the_cookie_is_of_no_use_to_scripts_and_to_other_sites(stranger: Browser) -> None:
    cookie = stranger.sign_in("bob@example.com").headers["set-cookie"]
    attributes = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert {"httponly", "samesite=strict", "path=/"} <= attributes
    assert "secure" not in attributes  # plain http on loopback


def test_a_wrong_password_and_an_unknown_address_look_the_same(stranger: Browser) -> None:
    wrong = stranger.sign_in("bob@example.com", "wrong password")
    unknown = stranger.sign_in("mallory@example.com", "wrong password")
    assert wrong.status_code == unknown.status_code == 401
    assert COOKIE not in wrong.cookies
    assert wrong.text.replace("bob@", "mallory@") == unknown.text
    assert "do not belong together" in wrong.text


def test_the_sixth_guess_is_told_how_long_to_wait(stranger: Browser) -> None:
    for _ in range(5):
        stranger.sign_in("bob@example.com", "wrong password")
    refused = stranger.sign_in("bob@example.com")
    assert refused.status_code == 429
    assert "try again in 15 minutes" in refused.text
    assert int(refused.headers["retry-after"]) > 800


def test_a_sign_in_changes_the_id_and_ends_the_old_one(bob: Browser, services: Services) -> None:
    first = bob.http.cookies[COOKIE]
    bob.sign_in("bob@example.com")
    second = bob.http.cookies[COOKIE]
    assert first != second
    assert services.accounts.who(first) is None
    assert services.accounts.who(second) is not None


def test_after_the_sign_in_the_page_that_was_asked_for_opens(stranger: Browser) -> None:
    wanted = "/console/conversations/" + "a" * 32
    led = stranger.http.get(wanted).headers["location"]
    assert led == f"/console/sign-in?next={wanted}"
    assert f'value="{wanted}"' in stranger.http.get(led).text
    assert stranger.sign_in("bob@example.com", next=wanted).headers["location"] == wanted


@pytest.mark.parametrize("elsewhere", ["https://mallory.example/", "//mallory.example", "/", "\\"])
def test_the_sign_in_leads_to_no_other_site(stranger: Browser, elsewhere: str) -> None:
    response = stranger.sign_in("bob@example.com", next=elsewhere)
    assert response.headers["location"] == "/console/"


def test_the_console_is_for_agents_and_the_owner(stranger: Browser, olivia: Browser) -> None:
    assert "Queue" in olivia.page()
    stranger.sign_in("tara@example.com")
    for path in ("", "events", "conversations/x"):
        response = stranger.http.get(f"/console/{path}")
        assert response.status_code == 403
        assert "for agents and the owner" in response.text


def test_signing_out_ends_the_sign_in(bob: Browser, services: Services) -> None:
    cookie = bob.http.cookies[COOKIE]
    assert bob.press("sign-out").headers["location"] == "/console/sign-in"
    assert COOKIE not in bob.http.cookies
    assert services.accounts.who(cookie) is None


@pytest.mark.parametrize("token", ["", "another", "ü"])
def test_a_form_without_this_sign_ins_token_is_refused(
    bob: Browser, alice: Started, services: Services, token: str
) -> None:
    form = {"form_token": token, "text": "hello", "client_id": CLIENT_ID}
    response = bob.http.post(f"/console/conversations/{alice.id}/reply", data=form)
    assert response.status_code == 403
    assert "too old" in response.text
    assert state(services, alice) == "waiting"


@pytest.mark.parametrize("origin", ["https://mallory.example", "null"])
def test_a_form_from_another_site_is_refused_even_with_the_token(
    bob: Browser, alice: Started, services: Services, origin: str
) -> None:
    response = bob.http.post(
        f"/console/conversations/{alice.id}/claim",
        data={"form_token": bob.token()},
        headers={"Origin": origin},
    )
    assert response.status_code == 403
    assert state(services, alice) == "waiting"


def test_pages_allow_no_script_of_others_and_are_kept_nowhere(bob: Browser) -> None:
    headers = bob.http.get("/console/").headers
    assert "unsafe" not in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "same-origin"  # else forms come with "Origin: null"
    assert not re.search(r"<script>|<style|\son\w+=|\sstyle=", bob.page())


# The queue


def test_the_queue_shows_who_waits_and_what_is_due(
    bob: Browser, alice: Started, clock: SetClock
) -> None:
    clock.pass_time(minutes=7)
    page = bob.page()
    assert "Alice" in page
    assert "my &lt;b&gt;clasp&lt;/b&gt; broke" in page
    assert f'href="/console/conversations/{alice.id}"' in page
    for shown in ("Damaged", "urgent", "Wed 18 Nov, 10:00", "23 h 53 min left", "1001"):
        assert shown.lower() in page.lower()


def test_a_reply_that_is_overdue_says_by_how_much(
    bob: Browser, alice: Started, services: Services, clock: SetClock
) -> None:
    services.accounts.sign_out(bob.http.cookies[COOKIE])
    clock.pass_time(days=1, minutes=25)
    bob.sign_in("bob@example.com")
    assert "25 min overdue" in bob.page()


def test_the_switch_sets_an_agent_available_and_away(bob: Browser, services: Services) -> None:
    cookie = bob.http.cookies[COOKIE]

    def available() -> bool:
        who = services.accounts.who(cookie)
        return who is not None and who.available

    assert "You are <strong>available</strong>" in bob.page()
    bob.press("availability", available="no")
    assert not available()
    assert "You are <strong>away</strong>" in bob.page()
    bob.press("availability", available="yes")
    assert available()


# One conversation


def test_a_conversation_shows_the_story_the_order_and_the_ticket(
    bob: Browser, alice: Started
) -> None:
    page = bob.page(f"conversations/{alice.id}")
    for shown in (
        "when do you reply?",
        "my &lt;b&gt;clasp&lt;/b&gt; broke, a person please",
        "faq/reply_times 90%",
        "§3",
        "The visitor proved this order",
        "DEMO-1001",
        "Demonstration Parcel",
        "alice@example.com",
        "Waiting for a person",
    ):
        assert shown in page
    assert "<b>clasp" not in page


def test_an_order_that_is_not_proved_is_marked_so(bob: Browser, services: Services) -> None:
    visitor = services.intake.start()
    told = Effect(kind="open_ticket", category="damaged", order_number="1001")
    send(services, visitor, "1001 is broken")
    services.answering.store(lease(services, visitor), answer(effects=[told]))
    page = bob.page(f"conversations/{visitor.id}")
    assert "Not proved" in page
    assert "The visitor proved" not in page
    assert 'data-is="missing"' in page  # the name and the e-mail address


def test_the_cause_of_a_failure_is_shown(bob: Browser, services: Services) -> None:
    visitor = services.intake.start()
    send(services, visitor, "where is it?")
    services.answering.store_failure(lease(services, visitor), "action_failed: gone")
    assert "action_failed: gone" in bob.page(f"conversations/{visitor.id}")


def test_bob_claims_answers_and_hands_back(
    bob: Browser, alice: Started, services: Services
) -> None:
    conversation = f"conversations/{alice.id}"
    claimed = bob.press(f"{conversation}/claim")
    assert (claimed.status_code, claimed.headers["location"]) == (303, f"/console/{conversation}")
    assert state(services, alice) == "agent"
    assert "You have this conversation" in bob.page(conversation)

    bob.press(f"{conversation}/reply", text=" I am Bob. ", client_id=CLIENT_ID)
    said = transcript(services, alice)[-1]
    assert (said.sender, said.agent_name, said.text) == ("agent", "Bob", "I am Bob.")
    assert "answered" in bob.page()

    bob.press(f"{conversation}/hand-back")
    assert state(services, alice) == "bot"


def test_a_reply_claims_and_the_same_form_sent_twice_says_it_once(
    bob: Browser, alice: Started, services: Services
) -> None:
    for _ in range(2):
        bob.press(f"conversations/{alice.id}/reply", text="I am here", client_id=CLIENT_ID)
    assert state(services, alice) == "agent"
    assert [m.text for m in transcript(services, alice)].count("I am here") == 1


def test_resolving_needs_a_reason_and_tells_the_visitor(
    bob: Browser, alice: Started, services: Services
) -> None:
    conversation = f"conversations/{alice.id}"
    bob.press(f"{conversation}/claim")
    reference = reference_in(bob.page(conversation))
    for reason in (" \n", "x" * 501):
        refused = bob.press(f"{conversation}/resolve", reference=reference, reason=reason)
        assert refused.status_code == 400
        assert "Please say in 1 to 500 characters" in refused.text
    bob.press(f"{conversation}/resolve", reference=reference, reason="replaced")
    assert reference not in bob.page()
    assert any(reference in m.text and m.sender == "system" for m in transcript(services, alice))


def test_olivia_cannot_answer_where_bob_has_the_conversation(
    bob: Browser, olivia: Browser, alice: Started, services: Services
) -> None:
    conversation = f"conversations/{alice.id}"
    bob.press(f"{conversation}/claim")
    assert "Bob has it" in olivia.page(conversation)
    refused = olivia.press(f"{conversation}/reply", text="mine now", client_id=CLIENT_ID)
    assert refused.status_code == 409
    assert "Bob has this conversation." in refused.text
    assert "mine now" in refused.text  # what she typed is still there
    assert olivia.press(f"{conversation}/hand-back").status_code == 409
    assert "mine now" not in [m.text for m in transcript(services, alice)]


@pytest.mark.parametrize(("text", "status"), [("", 400), (" \u200b ", 400), ("x" * 1001, 413)])
def test_a_reply_that_cannot_be_sent_says_why(
    bob: Browser, alice: Started, services: Services, text: str, status: int
) -> None:
    sent = {"text": text, "client_id": CLIENT_ID}
    refused = bob.press(f"conversations/{alice.id}/reply", **sent)
    assert refused.status_code == status
    assert 'class="refusal" role="alert"' in refused.text
    assert state(services, alice) == "waiting"


def test_what_is_not_there_is_said_in_a_sentence(bob: Browser, alice: Started) -> None:
    gone = bob.http.get("/console/conversations/" + "0" * 32)
    assert gone.status_code == 404
    assert "There is no such conversation" in gone.text
    form = {"reference": "KC-AAAAAAAA", "reason": "done"}
    unknown = bob.press(f"conversations/{alice.id}/resolve", **form)
    assert unknown.status_code == 404
    assert "There is no ticket with this reference." in unknown.text


def test_a_ticket_is_resolved_in_its_own_conversation_only(
    bob: Browser, alice: Started, services: Services
) -> None:
    reference = reference_in(bob.page(f"conversations/{alice.id}"))
    carol = services.intake.start()
    form = {"reference": reference, "reason": "done"}
    refused = bob.press(f"conversations/{carol.id}/resolve", **form)
    assert refused.status_code == 404
    assert "There is no ticket with this reference." in refused.text
    assert reference in bob.page()
    assert not any(m.sender == "system" for m in transcript(services, carol))
    assert bob.press(f"conversations/{alice.id}/resolve", **form).status_code == 303


@pytest.mark.parametrize("name", ["%00", "x", "0" * 31, "A" * 32])
def test_what_cannot_be_a_conversation_is_not_there(bob: Browser, name: str) -> None:
    for path in (f"/console/conversations/{name}", f"/console/conversations/{name}/events"):
        gone = bob.http.get(path)
        assert gone.status_code == 404
        assert "There is no such conversation" in gone.text


# News


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


def test_the_script_gets_replies_and_refusals_as_json(bob: Browser, alice: Started) -> None:
    def sent(text: str) -> httpx.Response:
        form = {"form_token": bob.token(), "text": text, "client_id": CLIENT_ID}
        path = f"/console/conversations/{alice.id}/reply"
        return bob.http.post(path, data=form, headers=SCRIPT)

    assert re.fullmatch("[0-9a-f]{32}", sent("hello").json()["client_id"])
    refused = sent("x" * 1001)
    assert refused.status_code == 413
    assert "1,000" in refused.json()["error"]["message"]
