"""A case is shown, and added to, for its conversation or for reference and mailed code."""

from tests.conversations.dialogues.test_reports import fill_in, ticket_of
from tests.running_shop import RunningShop
from tests.visitor import Visitor

REFUSAL = "doesn't open a case with that reference"


def reported(shop: RunningShop, alice: Visitor) -> str:
    """The reference of a damaged piece that Alice reported."""
    fill_in(alice)
    alice.say("yes")
    return ticket_of(shop, alice).reference


def test_the_own_case_is_told_without_a_question(shop: RunningShop, alice: Visitor) -> None:
    reference = reported(shop, alice)
    told = alice.say("what is the status of my case?")
    assert reference in told
    assert "Wednesday 18 November" in told


def test_from_elsewhere_it_takes_the_reference_and_a_mailed_code(
    shop: RunningShop, alice: Visitor, mallory: Visitor
) -> None:
    reference = reported(shop, alice)
    mallory.say("what is the status of my ticket?")
    assert "a code is on its way" in mallory.say(reference)
    refused = mallory.say("000000")
    assert REFUSAL in refused
    assert "Wednesday" not in refused


def test_a_slip_in_the_reference_is_told(shop: RunningShop, alice: Visitor) -> None:
    alice.say("any news on my ticket?")
    assert "slip" in alice.say("KC-AAAAAAAB")


def test_something_is_added_after_a_look_at_it(shop: RunningShop, alice: Visitor) -> None:
    reference = reported(shop, alice)
    alice.say("I want to add something to my case")
    assert "box was open" in alice.say("the box was open as well when it came")
    assert reference in alice.say("yes")
    assert "box was open" in (ticket_of(shop, alice).description or "")
