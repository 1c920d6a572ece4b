"""What is due next, how the promises stand, and moving a ticket with a reason."""

import re

from bot.app import Services
from bot.conversations.intake import Started
from tests.conftest import SetClock
from tests.conversations.cast import transcript
from tests.web.console.browser import Browser


def reference_of(bob: Browser, visitor: Started) -> str:
    found = re.search(r"KC-[0-9A-Z]{8}", bob.page(f"conversations/{visitor.id}"))
    assert found
    return found[0]


def test_what_is_due_next_is_listed_with_its_marks(
    bob: Browser, alice: Started, services: Services, clock: SetClock
) -> None:
    clock.pass_time(hours=6, minutes=1)
    services.clocks.check(clock.now)
    page = bob.page("due")
    assert f'href="/console/conversations/{alice.id}"' in page
    assert 'data-is="warned">warned' in page
    assert 'data-is="escalated">escalated' in page  # the confirmation, which nobody has sent
    assert "Wed 18 Nov, 10:00" in page


def test_the_promises_stand_by_clause_and_each_figure_leads_to_its_tickets(
    bob: Browser, alice: Started
) -> None:
    page = bob.page("promises")
    assert '<a href="/console/promises/3.urgent_reply/made">1</a>' in page
    told = bob.page("promises/3.urgent_reply/made")
    assert reference_of(bob, alice) in told
    assert "Wednesday 18 November at 10:00 am (your time)" in told
    for wrong in ("promises/9.nothing/made", "promises/3.urgent_reply/lost"):
        assert bob.http.get(f"/console/{wrong}").status_code == 404


def test_bob_moves_a_ticket_with_a_reason_and_alice_is_told_the_date(
    bob: Browser, alice: Started, services: Services
) -> None:
    conversation = f"conversations/{alice.id}"
    reference = reference_of(bob, alice)
    form = {"reference": reference, "to_state": "waiting_carrier", "reason": "asked the carrier"}
    assert bob.press(f"{conversation}/move", **form).status_code == 303
    page = bob.page(conversation)
    assert "waiting for the carrier" in page
    assert "carrier trace" in page
    assert "by Tuesday 24 November at 5:00 pm" in transcript(services, alice)[-1].text


def test_an_illegal_move_and_one_without_a_reason_are_refused(bob: Browser, alice: Started) -> None:
    conversation = f"conversations/{alice.id}"
    form = {"reference": reference_of(bob, alice), "to_state": "closed", "reason": "done"}
    refused = bob.press(f"{conversation}/move", **form)
    assert refused.status_code == 409
    assert "cannot become closed" in refused.text
    silent = bob.press(f"{conversation}/move", **{**form, "to_state": "open", "reason": " "})
    assert silent.status_code == 400


def test_a_resolved_ticket_is_reopened_and_alice_is_told(
    bob: Browser, alice: Started, services: Services
) -> None:
    conversation = f"conversations/{alice.id}"
    reference = reference_of(bob, alice)
    bob.press(f"{conversation}/resolve", reference=reference, reason="sent a new one")
    assert ">Reopen<" in bob.page(conversation)
    bob.press(f"{conversation}/move", reference=reference, to_state="open", reason="it broke")
    assert f"{reference} is open again" in transcript(services, alice)[-1].text
