"""What a turn takes, text, button or facts, and what its answer is: names, arguments, effects."""

from __future__ import annotations

import pytest

from tests.nlu.conftest import Dialogue, SmallRasa

KNOWN = {
    "order_number": "1001",
    "email": "alice@example.com",
    "name": None,
    "order_verified": True,
}


@pytest.mark.parametrize(
    "text",
    [
        "/restart",
        '/report_damaged{"name": "Mallory"}',
        "　/restart",
        "\x85 \x1c/restart",
        "//restart",
        "/",
        "",
        " ",
    ],
)
def test_text_is_never_a_command(alice: Dialogue, text: str) -> None:
    assert alice.say("where is my order?")
    assert alice.say(text) == [
        "utter_invalid_order_number",
        "utter_ask_own_order_number",
    ]
    assert alice.answer["understood"] == [
        {
            "text": text,
            "label": "nlu_fallback",
            "confidence": alice.answer["understood"][0]["confidence"],
            "accepted": False,
            "entities": alice.answer["understood"][0]["entities"],
        }
    ]


def test_words_after_a_slash_are_understood_as_words(alice: Dialogue) -> None:
    assert alice.say("/ where is order 1001, I am alice@example.com") == ["utter_order_shipped"]
    entities = alice.answer["understood"][0]["entities"]
    text = "/ where is order 1001, I am alice@example.com"
    assert {text[e["start"] : e["end"]] for e in entities} == {"1001", "alice@example.com"}


def test_a_button_means_its_label_whatever_its_title_says(alice: Dialogue) -> None:
    assert alice.press("faq/shipping") == ["utter_faq/shipping"]
    assert alice.answer["understood"] == [
        {
            "text": "the button's title",
            "label": "faq/shipping",
            "confidence": 1.0,
            "accepted": True,
            "entities": [],
        }
    ]


def test_a_buttons_entities_fill_what_they_name(alice: Dialogue) -> None:
    assert alice.press("track_order", order_number="1001", email="alice@example.com") == [
        "utter_order_shipped"
    ]


def test_an_answer_to_a_form_is_not_counted_as_the_request_it_resembles(
    alice: Dialogue,
) -> None:
    alice.say("my ring arrived broken")
    assert alice.answer["understood"][0]["accepted"]
    alice.say("where is order 1002?")
    assert alice.asks == "email"
    understood = alice.answer["understood"][0]
    assert (understood["label"], understood["accepted"]) == ("track_order", False)
    alice.say("when will I get a reply?")
    assert alice.answer["understood"][0]["accepted"]


def test_an_answer_is_its_name_and_arguments_and_never_words(alice: Dialogue) -> None:
    alice.press("track_order", order_number="1001", email="alice@example.com")
    assert alice.answer["replies"] == [
        {
            "response": "utter_order_shipped",
            "args": {
                "order_number": "1001",
                "email": "alice@example.com",
                "state": "shipped",
                "carrier": "Example Post",
                "tracking_number": "EP1001",
                "last_event": "Left the sorting centre",
                "last_event_at": "2026-11-20T09:00:00+00:00",
            },
            "effects": [{"kind": "verify", "order_number": "1001", "email": "alice@example.com"}],
        }
    ]
    assert alice.answer["state"] == {"form": None, "asks": None}


def test_an_answers_arguments_are_known_ones_only(alice: Dialogue) -> None:
    alice.say("hello")
    assert alice.args == {}
    alice.say("where is my order?")
    assert alice.args == {}
    alice.say("1001")
    assert alice.args == {"order_number": "1001"}
    alice.say("how long does delivery take?")
    assert [reply["args"] for reply in alice.answer["replies"]] == [{"order_number": "1001"}] * 2


def test_a_new_dialogue_knows_the_order_from_the_facts(rasa: SmallRasa) -> None:
    assert Dialogue(rasa, facts=KNOWN).say("where is my order?") == ["utter_order_shipped"]


def test_what_the_visitor_said_since_stands_before_the_facts(rasa: SmallRasa) -> None:
    alice = Dialogue(rasa, facts=KNOWN)
    assert alice.say("where is order 1002?") == ["utter_order_in_preparation"]
    assert alice.args["order_number"] == "1002"
    assert alice.say("where is my order?") == ["utter_order_in_preparation"]


def test_facts_do_not_answer_what_a_form_has_just_asked_again(rasa: SmallRasa) -> None:
    alice = Dialogue(rasa, facts=KNOWN)
    alice.press("track_order", order_number="1003")
    assert alice.asks == "order_number"
    alice.say("qwe")
    assert alice.asks == "order_number"
