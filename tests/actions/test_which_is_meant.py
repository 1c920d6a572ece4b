"""Which of several details is meant, what corrects one, what is a name, and what tells enough."""

from typing import Any

import pytest

from actions import answers, details, names, stories
from actions.requests import REQUESTS


def message(text: str, label: str = "nlu_fallback", *numbers: str) -> dict[str, Any]:
    found = [{"entity": "order_number", "value": value} for value in numbers]
    return {"text": text, "intent": {"name": label, "confidence": 0.9}, "entities": found}


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("cancel order 1031, not order 1001", "1031"),
        ("please cancel order 1031 but keep order 1001", "1031"),
        ("return 1031 instead of order 1001", "1031"),
        ("cancel order 1031 and order 1001", None),
    ],
)
def test_of_several_orders_the_one_that_is_not_negated_is_meant(
    text: str, meant: str | None
) -> None:
    assert details.entity_of(message(text, "cancel_order", "1031", "1001"), "order_number") == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("no, not 1001, it's 1002", "1002"),
        ("it's 1002, not 1001", "1002"),
        ("1001 sorry 1002", "1002"),
        ("1001 or 1002", None),
    ],
)
def test_an_answer_means_the_number_that_is_left_or_said_last(text: str, meant: str | None) -> None:
    assert details.answered(message(text), "order_number") == meant


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("No that's the wrong order, I mean 1020", "1020"),
        ("sorry wrong order, it should be 1032", "1032"),
        ("oh and the order number is 1012 sorry", "1012"),
        ("like the one of order 1002, its clasp is loose", None),
        ("I got the wrong ring, the slip says 1002", None),
    ],
)
def test_a_correction_is_told_from_a_story_with_a_number(text: str, number: str | None) -> None:
    assert details.corrected(message(text)).get("order_number") == number


@pytest.mark.parametrize(
    ("text", "label", "current", "begins"),
    [
        ("actually where is order 1001", "track_order", "request_return", True),
        ("actually I'd rather exchange it", "request_exchange", "request_return", True),
        ("and delete my account data please", "privacy_request", "request_return", True),
        ("the clasp came off", "report_damaged", "request_refund", False),
        ("I want a smaller size", "request_exchange", "request_return", False),
    ],
)
def test_a_wish_leaves_the_description_and_a_story_does_not(
    text: str, label: str, current: str, begins: bool
) -> None:
    assert answers.starts_another_request(message(text, label), current, "description") is begins


@pytest.mark.parametrize(
    "text",
    ["yes", "no", "no thanks", "I'd rather not say", "yes please go ahead", "it doesnt suit me"],
)
def test_what_is_no_name_is_taken_for_none(text: str) -> None:
    assert names.name_in(text) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Alice B. Arden", "Alice B. Arden"),
        ("Alice here", "Alice"),
        ("Nguyen My", "Nguyen My"),
        ("अलिस शर्मा", "अलिस शर्मा"),
    ],
)
def test_names_are_of_any_script_and_shape(text: str, name: str) -> None:
    assert names.name_in(text) == name


def test_who_introduces_themselves_at_the_beginning_is_not_asked_for_the_name() -> None:
    told = "My name is Alice Arden, I want to return order 1001"
    assert names.introduced_name(told) == "Alice Arden"


@pytest.mark.parametrize(
    ("text", "label", "told"),
    [
        ("the clasp on my bracelet from order 1020 came broken", "report_damaged", True),
        (
            "I'd like to return the linnea necklace from it because the chain is too short",
            "request_return",
            True,
        ),
        ("the Tamsin huggies, 10 mm, I need a smaller size", "request_exchange", True),
        ("please change my phone number on my account to 555 0199", "update_account", True),
        ("can you change the adress to 12 Elm St Boston", "change_address", True),
        ("your website is lovely", "give_feedback", True),
        ("add to my ticket: please hurry, I move on friday", "add_to_ticket", True),
        ("I want to change my order 1001", "change_order", False),
        ("I want to return something from order 1001", "request_return", False),
        ("I have some feedback", "give_feedback", False),
    ],
)
def test_an_opening_that_tells_enough_is_told_from_a_bare_wish(
    text: str, label: str, told: bool
) -> None:
    assert stories.tells_a_story(message(text, label), REQUESTS[label]) is told
