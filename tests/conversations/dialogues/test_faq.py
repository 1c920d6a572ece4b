"""What the policy says, asked in people's words, answered with its section."""

import pytest

from tests.visitor import Visitor


@pytest.mark.parametrize(
    ("asked", "told", "section"),
    [
        ("how long does it take you guys to answer a question?", "1–2 business days", "3"),
        ("once my refund is approved when does the money arrive", "5–10 business days", "4.2"),
        ("what's the best way to get in touch with you?", "person of our team", "2.1"),
        ("how do returns work if it doesn't suit me", "Refund Policy", "4.2"),
        ("do you ship to canada and what does it cost", "Shipping Policy", "4.2"),
    ],
)
def test_a_question_gets_the_policys_answer_with_its_section(
    alice: Visitor, asked: str, told: str, section: str
) -> None:
    assert told in alice.say(asked)
    assert section in alice.sections


def test_no_address_is_shown_while_none_is_set(alice: Visitor) -> None:
    assert "@" not in alice.say("what is your email address")


@pytest.mark.parametrize("text", ["hi there", "thanks so much!", "are you a robot?", "bye"])
def test_small_talk_is_answered(alice: Visitor, text: str) -> None:
    assert alice.say(text)
    assert alice.state == "bot"
