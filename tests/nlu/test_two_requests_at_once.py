"""What the channel makes of a message in which several requests were understood."""

from __future__ import annotations

from tests.nlu.conftest import Dialogue

REPORT = "my ring arrived broken"
WHERE = "where is order 1001, I am alice@example.com"
SHIPPING = "can I send it back?"


def test_a_question_is_answered_before_the_request_opens_its_form(alice: Dialogue) -> None:
    said = alice.say(f"{SHIPPING} ++ {REPORT}")
    assert said[0] == "utter_faq/returns"
    assert alice.form == "request_form"
    assert [part["label"] for part in alice.answer["understood"]] == [
        "faq/returns",
        "report_damaged",
    ]


def test_a_request_that_needs_no_question_leaves_room_for_the_next_at_once(
    alice: Dialogue,
) -> None:
    said = alice.say(f"{WHERE} ++ {REPORT}")
    assert said[0] == "utter_order_shipped"
    assert "utter_next_request" not in said
    assert (alice.form, alice.asks) == ("request_form", "name")


def test_the_second_request_begins_with_a_sentence_when_the_first_has_ended(
    alice: Dialogue,
) -> None:
    alice.say(f"where is my order? ++ {REPORT}")
    alice.say("1001")
    said = alice.say("alice@example.com")
    assert said[:2] == ["utter_order_shipped", "utter_next_request"]
    assert alice.answer["replies"][1]["args"] == {"request": REPORT}
    # What the first request was told is not asked again.
    assert (alice.form, alice.asks) == ("request_form", "name")


def test_the_second_request_begins_also_when_the_first_is_stopped(alice: Dialogue) -> None:
    alice.say(f"where is my order? ++ {REPORT}")
    said = alice.say("stop")
    assert said[:2] == ["utter_stopped", "utter_next_request"]
    assert alice.form == "request_form"
    assert "utter_next_request" not in alice.say("stop")
    assert alice.form is None


def test_who_is_given_to_people_is_not_asked_for_the_second_request(alice: Dialogue) -> None:
    alice.say(f"where is my order? ++ {REPORT}")
    assert alice.say("I want to talk to a person") == ["utter_hand_off"]
    assert "utter_next_request" not in alice.say("hello")


def test_a_number_in_one_request_counts_for_the_other(alice: Dialogue) -> None:
    alice.say(f"{REPORT} ++ {WHERE}")
    assert alice.asks == "name"
    first, second = alice.answer["understood"]
    assert {e["entity"] for e in first["entities"]} == {"order_number", "email"}
    text = second["text"]
    assert [text[e["start"] : e["end"]] for e in second["entities"]] == [
        "alice@example.com",
        "1001",
    ]


def test_an_answer_to_a_form_is_never_several_requests_of_the_queue(alice: Dialogue) -> None:
    alice.say(f"where is my order? ++ {REPORT}")
    said = alice.say("when will I get a reply?")
    assert said[0] == "utter_faq/reply_times"
    assert alice.asks == "order_number"
