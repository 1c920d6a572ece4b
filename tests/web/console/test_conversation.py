"""One conversation's page: what it shows, what each of its buttons does, and what is refused."""

import re

import httpx
import pytest

from bot.app import Services
from bot.assistant import Effect
from bot.conversations.intake import Started
from tests.conversations.cast import answer, lease, send, state, transcript
from tests.web.console.browser import CLIENT_ID, SCRIPT, Browser


def reference_in(page: str) -> str:
    found = re.search(r"KC-[0-9A-Z]{8}", page)
    assert found
    return found[0]


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


def test_the_script_gets_replies_and_refusals_as_json(bob: Browser, alice: Started) -> None:
    def sent(text: str) -> httpx.Response:
        form = {"form_token": bob.token(), "text": text, "client_id": CLIENT_ID}
        path = f"/console/conversations/{alice.id}/reply"
        return bob.http.post(path, data=form, headers=SCRIPT)

    assert re.fullmatch("[0-9a-f]{32}", sent("hello").json()["client_id"])
    refused = sent("x" * 1001)
    assert refused.status_code == 413
    assert "1,000" in refused.json()["error"]["message"]


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
