"""A case is shown, and added to, for its conversation or for reference and e-mail together."""

from tests.conversations.dialogues.test_reports import fill_in, ticket_of
from tests.running_shop import RunningShop
from tests.visitor import Visitor

REFUSAL = "couldn't find a case with that reference and that e-mail address together"


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


def test_from_elsewhere_it_takes_reference_and_email(
    shop: RunningShop, alice: Visitor, mallory: Visitor
) -> None:
    reference = reported(shop, alice)
    mallory.say("what is the status of my ticket?")
    mallory.say(reference)
    refused = mallory.say("mallory@example.net")
    assert REFUSAL in refused
    told = mallory.say("alice@example.com")  # whoever has both may see it
    assert reference in told


def test_a_slip_in_the_reference_is_told(shop: RunningShop, alice: Visitor) -> None:
    alice.say("any news on my ticket?")
    assert "slip" in alice.say("KC-AAAAAAAB")


def test_something_is_added_after_a_look_at_it(shop: RunningShop, alice: Visitor) -> None:
    reference = reported(shop, alice)
    alice.say("I want to add something to my case")
    assert "box was open" in alice.say("the box was open as well when it came")
    assert reference in alice.say("yes")
    assert "box was open" in (ticket_of(shop, alice).description or "")
