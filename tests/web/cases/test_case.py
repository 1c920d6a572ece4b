"""A case on its page: what is told of it, and what is added to it."""

import pytest
from sqlalchemy import select

from bot.app import Services
from bot.conversations.intake import Started
from bot.storage.tables import Ticket, TicketMove
from tests.cases.letters import DAMAGED, KeptLetters, case_of
from tests.conftest import SetClock, agent_at_work
from tests.conversations.cast import lease, send, state, transcript
from tests.web.cases.browser import Browser


def resolved(services: Services, reference: str) -> int:
    """Bob answers and resolves; gives his account."""
    bob = agent_at_work(services)
    with services.database.read() as session:
        ticket = session.scalars(select(Ticket).where(Ticket.reference == reference)).one()
    services.desk.reply(ticket.conversation_id or "", bob, "A new clasp is on its way.", "b1")
    services.desk.resolve(reference, bob, "new clasp sent")
    return bob


def test_what_is_added_is_a_message_that_agents_and_the_chat_see(
    services: Services, browser: Browser, letters: KeptLetters, case: str, alice: Started
) -> None:
    browser.prove(case, letters)
    response = browser.add(case, "The box was open, too.")
    assert (response.status_code, response.headers["location"]) == (
        303,
        f"/cases/{case}?added=1#messages",
    )
    page = browser.page(f"/cases/{case}?added=1")
    assert 'role="status"' in page
    assert "The box was open, too." in page
    last = transcript(services, alice)[-1]
    assert (last.sender, last.text, last.reference) == ("visitor", "The box was open, too.", case)
    shown = services.inbox.conversation(alice.id)
    assert shown.messages[-1].text == "The box was open, too."
    assert shown.tickets[0].description == "the clasp broke\n\nThe box was open, too."


def test_the_same_form_sent_twice_adds_once(
    services: Services, browser: Browser, letters: KeptLetters, case: str, alice: Started
) -> None:
    browser.prove(case, letters)
    form = {**browser.hidden(f"/cases/{case}"), "text": "The box was open, too."}
    for _ in range(2):
        assert browser.http.post(f"/cases/{case}/messages", data=form).status_code == 303
    added = [m for m in transcript(services, alice) if m.text == "The box was open, too."]
    assert len(added) == 1


def test_a_resolved_case_that_is_added_to_is_open_again_and_says_so(
    services: Services, browser: Browser, letters: KeptLetters, case: str, alice: Started
) -> None:
    resolved(services, case)
    browser.prove(case, letters)
    assert "marked as resolved" in browser.page(f"/cases/{case}")
    browser.add(case, "It broke again.")
    page = browser.page(f"/cases/{case}")
    assert "is open again" in page
    assert "A person has taken your case" in page
    assert page.count("A first reply by a person") == 2
    assert f"{case} is open again" in transcript(services, alice)[-1].text
    assert case in [t.reference for t in services.inbox.tickets()]
    with services.database.read() as session:
        move = session.scalars(select(TicketMove).order_by(TicketMove.id.desc())).first()
    assert move is not None
    assert (move.from_state, move.to_state, move.account_id) == ("resolved", "open", None)


def test_an_agent_who_has_the_conversation_keeps_it(
    services: Services, browser: Browser, letters: KeptLetters, case: str, alice: Started
) -> None:
    bob = agent_at_work(services)
    services.desk.claim(alice.id, bob)
    browser.prove(case, letters)
    browser.add(case, "Are you there?")
    assert state(services, alice) == "agent"


def test_what_people_wrote_is_shown_and_what_was_said_to_the_assistant_is_not(
    services: Services, browser: Browser, letters: KeptLetters, case: str, alice: Started
) -> None:
    send(services, alice, "by the way, my neighbour is nosy")
    lease(services, alice)
    resolved(services, case)
    browser.prove(case, letters)
    page = browser.page(f"/cases/{case}")
    assert "A new clasp is on its way." in page
    assert "Bob" in page
    assert "nosy" not in page


def test_another_case_of_the_same_conversation_stays_closed(
    services: Services, browser: Browser, letters: KeptLetters, case: str, alice: Started
) -> None:
    other = DAMAGED.model_copy(
        update={"category": "delay", "email": "bob@example.com", "description": "a secret gift"}
    )
    second = case_of(services, alice, other)
    browser.prove(case, letters)
    assert second not in browser.page(f"/cases/{case}")
    assert "gift" not in browser.page(f"/cases/{case}")
    assert "Send me a code" in browser.page(f"/cases/{second}")


@pytest.mark.parametrize(("text", "status"), [("", 400), (" \u200b", 400), ("x" * 1_001, 413)])
def test_what_is_refused_stays_in_the_form_with_a_sentence(
    browser: Browser, letters: KeptLetters, case: str, text: str, status: int
) -> None:
    browser.prove(case, letters)
    response = browser.add(case, text)
    assert response.status_code == status
    assert 'role="alert"' in response.text
    assert text.strip() in response.text


def test_nothing_is_added_without_a_proof_or_from_another_form(
    services: Services, browser: Browser, mallory: Browser, letters: KeptLetters, case: str
) -> None:
    browser.prove(case, letters)
    form = {**browser.hidden(f"/cases/{case}"), "text": "Mallory was here"}
    assert mallory.http.post(f"/cases/{case}/messages", data=form).status_code == 303
    assert (
        browser.http.post(f"/cases/{case}/messages", data={**form, "form_token": "x"}).status_code
        == 403
    )
    assert "<li" not in browser.page(f"/cases/{case}").partition('id="messages"')[2] or (
        "Mallory" not in browser.page(f"/cases/{case}")
    )


def test_what_is_shown_is_text_and_never_markup(
    browser: Browser, letters: KeptLetters, case: str
) -> None:
    browser.prove(case, letters)
    browser.add(case, "<script>alert(1)</script><img src=x>")
    page = browser.page(f"/cases/{case}")
    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize(
    ("to_state", "words"),
    [
        ("waiting_visitor", "wait for your answer"),
        ("waiting_carrier", "asked the carrier"),
        ("approved", "has been approved"),
        ("closed", "case is closed"),
    ],
)
def test_every_state_is_told_in_plain_words(
    services: Services, browser: Browser, letters: KeptLetters, case: str, to_state: str, words: str
) -> None:
    with services.database.write() as session:
        session.scalars(select(Ticket)).one().state = to_state
    browser.prove(case, letters)
    assert words in browser.page(f"/cases/{case}")


def test_a_date_that_became_later_is_told_with_its_reason_beside_the_one_before(
    services: Services, browser: Browser, letters: KeptLetters, case: str, clock: SetClock
) -> None:
    services.desk.move(case, agent_at_work(services), "waiting_visitor", "which clasp?")
    clock.pass_time(hours=1)
    services.cases.add(case, "the small one", "c1")
    browser.prove(case, letters)
    page = browser.page(f"/cases/{case}")
    assert page.count("A later date followed, as we waited for your answer") == 1
    assert page.count("Its time stood still while we waited for an answer.") == 1
    assert "A first reply by a person: Wednesday 18 November at 11:00 am" in page


@pytest.mark.parametrize(
    "state",
    [
        *("new", "open", "waiting_visitor", "waiting_carrier", "needs_translation", "approved"),
        *("resolved", "closed", "open_answered"),
    ],
)
def test_no_state_is_without_its_words(services: Services, state: str) -> None:
    assert services.words.say(f"utter_case_{state}", {}).text
