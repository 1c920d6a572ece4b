"""Several requests in one message are all served: questions first, then one form after another."""

from tests.visitor import Visitor


def test_two_questions_in_one_message_are_both_answered(alice: Visitor) -> None:
    alice.say("do you ship to canada? also how quickly do you answer emails?")
    assert len(alice.newest) == 2
    assert "1–2 business days" in alice.newest[1]["text"]


def test_a_question_beside_a_request_is_answered_before_the_form_asks(alice: Visitor) -> None:
    alice.say("do you ship to canada? also my ring came broken")
    assert len(alice.newest) > 1
    assert "asks" not in alice.newest[0]
    assert alice.newest[-1]["asks"] == "order_number"


def test_the_second_request_begins_when_the_first_has_ended_and_knows_the_order(
    alice: Visitor,
) -> None:
    alice.say("where is #1001? and please change the address on it")
    assert alice.newest[-1]["asks"] == "email"
    told = alice.say("alice@example.com")
    assert "DEMO-1001-3471" in told
    assert "please change the address on it" in told
    assert "order number" not in (alice.newest[-1]["text"])


def test_an_order_is_found_and_a_question_about_it_answered(alice: Visitor) -> None:
    alice.say("where is #12345 and can i still change the address?")
    told = " ".join(message["text"] for message in alice.newest)
    assert "until" in told
    assert alice.newest[-1]["asks"] == "email"


def test_stopping_the_first_request_begins_the_second_and_stopping_again_ends_all(
    alice: Visitor,
) -> None:
    alice.say("where's my parcel? also my ring came broken")
    assert "my ring came broken" in alice.say("stop")
    assert alice.newest[-1]["asks"]
    alice.say("stop")
    assert not alice.newest[-1].get("asks")


def test_greeting_and_thanks_do_not_hide_what_is_wanted(alice: Visitor) -> None:
    alice.say("hi, thanks for last time, the clasp broke")
    assert alice.newest[-1]["asks"] == "order_number"


def test_things_that_broke_together_are_one_report(alice: Visitor) -> None:
    told = alice.say("ring and chain arrived broken")
    assert alice.newest[-1]["asks"] == "order_number"
    assert "other thing" not in told + alice.say("stop")


def test_a_wish_for_a_person_beside_a_request_wins_alone(alice: Visitor) -> None:
    told = alice.say("where is my order? I want to talk to a real person")
    assert "KC-" in told
