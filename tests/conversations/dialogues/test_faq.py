"""What the policy says, asked in people's words, answered with its section."""

import re

import pytest

from tests.conversations.dialogues.test_reports import ticket_of
from tests.running_shop import RunningShop
from tests.visitor import Visitor


@pytest.mark.parametrize(
    ("asked", "told", "section"),
    [
        ("what kinds of things can you help me with?", "returns, refunds and exchanges", "1"),
        ("what's the best way to get in touch with you?", "person of our team", "2.1"),
        ("what should i put in my message so you can help quickly", "full name", "2.1"),
        ("where do i find my order number", "confirmation e-mail", "2.1"),
        ("how long does it take you guys to answer a question?", "1–2 business days", "3"),
        ("how long does it usually take to sort a problem out", "3–5 business days", "4.2"),
        ("are you slower to reply around black friday?", "1 additional business day", "3"),
        ("what are your opening hours", "aren't published", "3"),
        ("what is the reference number for?", "find it again", "4.1"),
        ("will you email me afterwards to ask if i'm happy", "short e-mail", "4.3"),
        ("can i get help in spanish", "is in English", "5.1"),
        ("i'm visually impaired, can i get answers in large print", "another format", "5.2"),
        ("do you share my personal data with anybody", "without your consent", "5.3"),
        ("when was your customer service policy last updated", "25 August 2025", "6"),
        ("how do i place an order with you", "www.kendrascntt.com", "1"),
        ("what currency are your prices in", "United States dollars", "1"),
        ("is it possible to change an order after placing it?", "until the order ships", "1"),
        ("how do i create an account on your site", "open an account", "1"),
        ("do you ship to canada and what does it cost", "Shipping Policy", "1"),
        ("how do returns work if it doesn't suit me", "Refund Policy", "4.2"),
        ("once my refund is approved when does the money arrive", "5–10 business days", "4.2"),
        ("what happens when a parcel gets lost in the post?", "3–5 business days", "4.2"),
    ],
)
def test_a_question_gets_the_policys_answer_with_its_section(
    alice: Visitor, asked: str, told: str, section: str
) -> None:
    assert told in alice.say(asked)
    assert section in alice.sections
    assert alice.state == "bot"


def test_no_address_is_shown_while_none_is_set(alice: Visitor) -> None:
    assert "@" not in alice.say("what is your email address")


@pytest.mark.clause("3.general_reply")
def test_hours_stay_untold_and_the_date_of_a_reply_is_offered_with_its_clause(
    alice: Visitor,
) -> None:
    told = alice.say("until what time are you open today?")
    assert "Thursday 19 November at 5:00 pm (your time)" in told
    assert not re.search(r"9(:00)? ?am|Monday", told)
    assert [m["promise"]["clause"] for m in alice.newest if "promise" in m] == ["3.general_reply"]
    assert not any("ticket" in message for message in alice.newest)


def test_a_button_of_an_answer_leads_on(alice: Visitor) -> None:
    alice.say("what details do you need from me when i write in?")
    assert "confirmation e-mail" in alice.press("Where is my order number?")


@pytest.mark.clause("5.2.accessibility")
def test_a_person_called_after_a_question_comes_with_its_category(
    shop: RunningShop, alice: Visitor
) -> None:
    alice.say("i need the information in braille, can you do that")
    alice.press("Talk to a person")
    assert ticket_of(shop, alice).category == "accessibility"


@pytest.mark.parametrize("text", ["hi there", "thanks so much!", "are you a robot?", "bye"])
def test_small_talk_is_answered(alice: Visitor, text: str) -> None:
    assert alice.say(text)
    assert alice.state == "bot"
