"""An order is found by its number and its e-mail together, and by neither alone."""

from tests.visitor import Visitor

REFUSAL = "couldn't find an order with that number and that e-mail address together"


def test_number_and_email_together_show_carrier_tracking_and_last_event(alice: Visitor) -> None:
    assert "order number" in alice.say("where is my order?")
    assert alice.newest[-1]["asks"] == "order_number"
    assert "e-mail" in alice.say("1001")
    assert alice.newest[-1]["asks"] == "email"
    told = alice.say("alice@example.com")
    for part in ("1001", "shipped", "Demonstration Parcel", "DEMO-1001-3471", "Newark"):
        assert part in told


def test_both_in_one_message_need_no_question(alice: Visitor) -> None:
    told = alice.say("hi where is order #1001, my mail is Alice@Example.com")
    assert "DEMO-1001-3471" in told


def test_the_refusal_is_the_same_whichever_was_wrong(alice: Visitor) -> None:
    wrong_number = alice.say("where is order 9999 mail alice@example.com")
    alice.say("stop")
    wrong_email = alice.say("where is order 1001 mail mallory@example.com")
    assert REFUSAL in wrong_number
    assert wrong_number == wrong_email


def test_a_number_alone_or_an_email_alone_shows_nothing(alice: Visitor) -> None:
    for told in (alice.say("track order 1001"), alice.say("what? just tell me")):
        assert "DEMO" not in told
        assert "shipped" not in told


def test_a_corrected_slip_finds_the_order(alice: Visitor) -> None:
    alice.say("where is order 1001")
    assert REFUSAL in alice.say("alicia@example.com")
    assert "DEMO-1001-3471" in alice.say("sorry, alice@example.com")


def test_a_proved_order_is_not_asked_for_again(alice: Visitor) -> None:
    alice.say("where is order 1001? alice@example.com")
    assert "DEMO-1001-3471" in alice.say("and where is my package now")


def test_another_of_her_orders_is_found_by_its_number(alice: Visitor) -> None:
    alice.say("where is order 1001? alice@example.com")
    assert "1012 is delivered" in alice.say("and where is order 1012")


def test_a_question_in_the_middle_is_answered_and_the_form_goes_on(alice: Visitor) -> None:
    alice.say("track my order please")
    told = alice.say("how quickly do you answer emails?")
    assert "1–2 business days" in told
    assert alice.newest[-1]["asks"] == "order_number"
    assert len(alice.newest) == 2
    alice.say("1001")
    assert "DEMO-1001-3471" in alice.say("alice@example.com")


def test_stopping_leaves_the_form(alice: Visitor) -> None:
    alice.say("track my order")
    alice.say("stop, never mind")
    assert "Hello" in alice.say("hello")
    assert alice.newest[-1].get("asks") is None
