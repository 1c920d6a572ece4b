"""What in a visitor's message answers a form's question."""

from typing import Any

import pytest

from actions import answers, details, messages, names, stories


def message(
    text: str, label: str = "nlu_fallback", confidence: float = 0.9, **entities: str
) -> dict[str, Any]:
    found = [{"entity": name, "value": value} for name, value in entities.items()]
    intent = {"name": label, "confidence": confidence}
    return {"text": text, "intent": intent, "entities": found}


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1001", "1001"),
        ("#1001", "1001"),
        ("it's order 1001.", "1001"),
        ("１００１", "1001"),
        ("kc-1001", "KC-1001"),
        ("1001, alice99@example.com", "1001"),
        ("1001 or 1002", None),
        ("12", None),
        ("alice1001@example.com", None),
        ("10.50", None),
        ("none", None),
        ("", None),
    ],
)
def test_an_order_number_is_found_where_there_is_exactly_one(text: str, number: str | None) -> None:
    assert details.order_number_in(messages.text_of(message(text))) == number


@pytest.mark.parametrize(
    ("text", "email"),
    [
        ("alice@example.com", "alice@example.com"),
        (
            "My mail is Alice.O'Neil+shop@mail.example.co.uk.",
            "Alice.O'Neil+shop@mail.example.co.uk",
        ),
        ("<alice@example.com>", "alice@example.com"),
        ("alice@example", None),
        ("alice@@example.com", None),
        ("a@example.com and b@example.com", None),
        ("a" * 250 + "@example.com", None),
        ("alice", None),
    ],
)
def test_an_email_is_found_where_there_is_exactly_one(text: str, email: str | None) -> None:
    assert details.email_in(text) == email


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Alice Smith", "Alice Smith"),
        ("  alice   smith ", "alice smith"),
        ("I'm Alice", "Alice"),
        ("hi, my name is José Ñíguez-O'Hara", "José Ñíguez-O'Hara"),
        ("it's Alice.", "Alice"),
        ("李小龙", "李小龙"),
        ("12345", None),
        ("alice@example.com", None),
        ("<b>Alice</b>", None),
        ("why do you need that?", None),
        ("I would rather not tell you what I am called", None),
        ("!!!", None),
        ("x" * 81, None),
    ],
)
def test_a_name_is_what_can_be_one(text: str, name: str | None) -> None:
    assert names.name_in(text) == name


@pytest.mark.parametrize(
    ("text", "label", "taken"),
    [
        ("Alice Smith", "nlu_fallback", True),
        ("Grace Goodman", "goodbye", True),
        ("Hi, Alice here", "greet", True),
        ("hi, I'm Alice", "greet", True),
        ("tell me a joke", "out_of_scope", False),
        ("where is my order", "track_order", False),
        ("how long does shipping take", "faq", False),
        ("stop", "stop", False),
    ],
)
def test_a_label_is_believed_only_where_nobody_has_such_a_name(
    text: str, label: str, taken: bool
) -> None:
    assert names.gives_a_name(message(text, label)) is taken


@pytest.mark.parametrize(
    ("text", "label", "taken"),
    [
        ("the clasp broke", "report_damaged", True),
        ("where is my order", "track_order", True),
        ("qwe rty", "nlu_fallback", True),
        ("the stone is loose, hello?", "greet", True),
        ("thanks", "thank", False),
        ("can I send it back?", "faq", False),
        ("how do returns work", "faq", False),
        ("I would like to know how long it takes until somebody replies to e-mails", "faq", False),
        ("The clasp broke when I first put it on. Can I send it back?", "faq", True),
        ("cancel", "stop", False),
        ("it stops closing when I wear it for more than an hour", "stop", True),
        ("a person please", "talk_to_human", False),
        ("", "leave_details", False),
    ],
)
def test_nearly_everything_describes_what_happened_but_a_bare_question(
    text: str, label: str, taken: bool
) -> None:
    assert stories.gives_a_description(message(text, label)) is taken


@pytest.mark.parametrize(
    ("text", "label", "enough"),
    [
        ("broken", "nlu_fallback", True),
        ("no", "deny", False),
        ("yes please", "affirm", False),
        ("no stone in it when it came", "deny", True),
        ("?!", "nlu_fallback", False),
        ("坏了坏了", "nlu_fallback", True),
    ],
)
def test_a_description_says_something(text: str, label: str, enough: bool) -> None:
    assert stories.describes(message(text, label)) is enough


def test_what_only_resembles_a_question_describes_what_happened() -> None:
    assert stories.gives_a_description(message("question about a gift", "faq", confidence=0.4))
    assert not stories.gives_a_description(message("can it go back?", "faq", confidence=0.4))


@pytest.mark.parametrize("label", ["greet", "talk_to_human", "out_of_scope", "faq"])
def test_a_name_that_only_resembles_something_is_a_name(label: str) -> None:
    assert names.gives_a_name(message("hans", label, confidence=0.4))
    assert not names.gives_a_name(message("is it safe?", label, confidence=0.4))


def test_a_word_that_only_resembles_small_talk_is_an_answer() -> None:
    assert answers.answers_shortly(message("bob", "greet", confidence=0.4))
    assert not answers.answers_shortly(message("hello", "greet"))


@pytest.mark.parametrize(
    ("text", "label", "asks"),
    [
        ("alice@example.com", "faq", False),
        ("you can reach me at alice@example.com", "faq", False),
        ("1001", "out_of_scope", False),
        ("how long does order 1002 take", "faq", True),
        ("do you deliver 1002 abroad?", "faq", True),
        ("PayPal declined my payment for order 1001", "out_of_scope", True),
        ("where is order 1001?", "track_order", False),
    ],
)
def test_a_detail_is_a_detail_unless_it_only_occurs_in_a_question(
    text: str, label: str, asks: bool
) -> None:
    assert answers.asks_instead(message(text, label)) is asks


def test_what_is_seen_in_a_message_is_seen_whatever_was_asked() -> None:
    seen = details.recognised(message("it's 1002, alice@example.com", order_number="1002"))
    assert seen == {"order_number": "1002", "email": "alice@example.com"}
    assert details.recognised(message("no")) == {}


@pytest.mark.parametrize("text", ["no", "I don't have it", "can't find it", "none", "skip"])
def test_who_has_no_order_number_can_say_so_in_many_ways(text: str) -> None:
    assert answers.has_none_at_hand(message(text))
