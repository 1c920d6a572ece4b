"""What the rules and forms make of whole dialogues, with the real domain and action server."""

from __future__ import annotations

import pytest

from tests.nlu.conftest import Dialogue

ASK_NUMBER = "utter_ask_own_order_number"
ASK_EMAIL = "utter_ask_order_email"
OPENING = "my ring arrived broken"
DETAILS = ("1001", "alice@example.com", "Alice Smith", "one earring is bent")
HAND_OFF = {"kind": "hand_off", "category": None}


def report(alice: Dialogue, *details: str) -> None:
    alice.say("my ring arrived broken")
    for detail in details:
        alice.say(detail)


@pytest.mark.parametrize(
    ("text", "response"),
    [
        ("hello", "utter_greet"),
        ("bye", "utter_goodbye"),
        ("thanks", "utter_thank"),
        ("yes", "utter_affirm"),
        ("no", "utter_deny"),
        ("stop", "utter_nothing_to_stop"),
        ("are you a robot?", "utter_bot_challenge"),
        ("when will I get a reply?", "utter_faq/reply_times"),
        ("how long until it is solved?", "utter_faq/resolution_times"),
        ("what is your phone number?", "utter_faq/contact"),
        ("can I send it back?", "utter_faq/returns"),
        ("how long does delivery take for order 1002?", "utter_faq/shipping"),
        ("PayPal declined my payment", "utter_out_of_scope/payment_processor"),
        ("what's the weather like?", "utter_out_of_scope/unrelated"),
        ("qwe", "utter_not_understood"),
    ],
)
def test_every_label_has_its_answer_outside_of_a_form(
    alice: Dialogue, text: str, response: str
) -> None:
    assert alice.say(text) == [response]
    assert alice.answer["state"] == {"form": None, "asks": None}
    assert alice.effects == []


def test_a_choice_from_an_old_message_is_answered(alice: Dialogue) -> None:
    assert alice.press("choose", choice="email") == ["utter_no_choice_open"]


def test_two_misunderstandings_in_a_row_call_a_person(alice: Dialogue) -> None:
    assert alice.say("qwe") == ["utter_not_understood"]
    assert alice.say("asd") == ["utter_not_understood_again"]
    assert alice.effects == [{**HAND_OFF, "reason": "not_understood"}]


def test_two_misunderstandings_with_an_answer_between_call_nobody(alice: Dialogue) -> None:
    alice.say("qwe")
    alice.say("hello")
    assert alice.say("asd") == ["utter_not_understood"]
    assert alice.effects == []


def test_an_order_is_asked_for_by_number_and_email_and_neither_alone_shows_it(
    alice: Dialogue,
) -> None:
    assert alice.say("where is my order?") == ["utter_track_order_opening", ASK_NUMBER]
    assert alice.say("#1001") == [ASK_EMAIL]
    assert alice.say("alice@example.com") == ["utter_order_shipped"]
    assert alice.effects == [
        {"kind": "verify", "order_number": "1001", "email": "alice@example.com"}
    ]


def test_with_both_in_one_message_nothing_is_asked(alice: Dialogue) -> None:
    assert alice.say("where is order 1001, I am alice@example.com") == ["utter_order_shipped"]


def test_a_wrong_email_and_a_wrong_number_get_the_same_refusal(alice: Dialogue) -> None:
    alice.say("where is my order?")
    alice.say("1003")
    wrong_number = alice.say("alice@example.com")
    alice.say("1001")
    alice.say("where is my order?")
    wrong_email = Dialogue(alice.rasa)
    wrong_email.say("where is my order?")
    wrong_email.say("1001")
    assert wrong_email.say("mallory@example.com") == wrong_number
    assert wrong_number == ["utter_order_not_matched", ASK_NUMBER]


def test_a_corrected_number_goes_with_the_email_given_before(alice: Dialogue) -> None:
    alice.press("track_order", order_number="1003", email="alice@example.com")
    assert alice.say("1001") == ["utter_order_shipped"]


def test_a_corrected_email_goes_with_the_number_given_before(alice: Dialogue) -> None:
    alice.press("track_order", order_number="1001", email="alicia@example.com")
    assert alice.say("sorry, alice@example.com") == ["utter_order_shipped"]


def test_what_did_not_match_is_forgotten_when_the_form_is_stopped(alice: Dialogue) -> None:
    alice.press("track_order", order_number="1001", email="mallory@example.com")
    assert alice.say("stop") == ["utter_stopped"]
    assert alice.say("where is my order?") == ["utter_track_order_opening", ASK_NUMBER]


@pytest.mark.parametrize(
    ("said", "helped"),
    [
        ("no", "utter_order_number_needed"),
        ("I can't find it", "utter_order_number_needed"),
        ("somewhere", "utter_invalid_order_number"),
    ],
)
def test_a_number_that_is_none_is_asked_again_with_help(
    alice: Dialogue, said: str, helped: str
) -> None:
    alice.say("where is my order?")
    assert alice.say(said) == [helped, ASK_NUMBER]
    assert alice.asks == "order_number"


@pytest.mark.parametrize("said", ["alice", "alice@", "alice@example", "no", "yes"])
def test_an_email_that_is_none_is_asked_again_with_help(alice: Dialogue, said: str) -> None:
    alice.press("track_order", order_number="1001")
    assert alice.say(said) == ["utter_invalid_email", ASK_EMAIL]


@pytest.mark.parametrize(
    ("said", "answered"),
    [
        ("when will I get a reply?", "utter_faq/reply_times"),
        ("how long does delivery take for order 1002?", "utter_faq/shipping"),
        ("PayPal declined my payment", "utter_out_of_scope/payment_processor"),
        ("hello", "utter_greet"),
        ("thanks", "utter_thank"),
        ("are you a robot?", "utter_bot_challenge"),
    ],
)
def test_a_question_in_the_middle_is_answered_and_the_form_asks_again_once(
    alice: Dialogue, said: str, answered: str
) -> None:
    alice.say("where is my order?")
    assert alice.say(said) == [answered, ASK_NUMBER]
    alice.say("1001")
    assert alice.say(said) == [answered, ASK_EMAIL]
    assert alice.say("alice@example.com") == ["utter_order_shipped"]
    assert alice.args["order_number"] == "1001"


def test_the_same_request_again_only_repeats_the_question(alice: Dialogue) -> None:
    alice.say("where is my order?")
    assert alice.say("where is my order?") == [ASK_NUMBER]


def test_a_bare_address_is_the_answer_whatever_it_resembles(alice: Dialogue) -> None:
    alice.press("track_order", order_number="1001")
    assert alice.say("bare@example.com")[0] == "utter_order_not_matched"
    assert alice.answer["understood"][0]["label"] == "faq/contact"


def test_another_request_in_the_middle_takes_over(alice: Dialogue) -> None:
    alice.say("where is my order?")
    alice.say("1001")
    assert alice.say("my ring arrived broken") == [
        "utter_look_up_left",
        "utter_report_damaged_opening",
        "utter_ask_email",
    ]
    assert alice.answer["understood"][0]["accepted"]
    assert alice.form == "request_form"


def test_a_wish_for_a_person_leaves_the_form(alice: Dialogue) -> None:
    alice.say("where is my order?")
    assert alice.say("I want to talk to a person") == ["utter_hand_off"]
    assert alice.effects == [{**HAND_OFF, "reason": "asked", "category": "delay"}]
    assert alice.form is None


def test_a_report_asks_four_things_shows_them_and_opens_a_ticket(alice: Dialogue) -> None:
    assert alice.say("my ring arrived broken") == [
        "utter_report_damaged_opening",
        "utter_ask_order_number",
    ]
    asked = []
    for detail in DETAILS:
        asked.append(alice.asks)
        alice.say(detail)
    assert asked == ["order_number", "email", "name", "description"]
    assert alice.asks == "confirm"
    given = dict(zip(("order_number", "email", "name", "description"), DETAILS, strict=True))
    # What the opening told is not lost for being asked once more.
    given["description"] = f"{OPENING}\n\n{DETAILS[3]}"
    assert given.items() <= alice.args.items()
    assert alice.say("yes") == ["utter_report_damaged_sent"]
    assert alice.effects == [
        {"kind": "verify", "order_number": "1001", "email": "alice@example.com"},
        {"kind": "open_ticket", "category": "damaged", **given},
    ]
    assert alice.form is None


def test_the_order_number_of_a_report_can_be_left_out(alice: Dialogue) -> None:
    report(alice, "no")
    assert alice.asks == "email"
    for detail in DETAILS[1:]:
        names = alice.say(detail)
    assert names == ["utter_ask_confirm"]
    alice.say("yes")
    assert alice.effects[0]["order_number"] is None


def test_any_text_is_a_description_also_one_that_sounds_like_a_request(alice: Dialogue) -> None:
    report(alice, *DETAILS[:3])
    alice.say("the clasp came off when I opened the box")
    assert alice.asks == "confirm"
    assert alice.args["description"] == f"{OPENING}\n\nthe clasp came off when I opened the box"


def test_a_bare_question_is_no_description_but_a_story_with_a_question_is(
    alice: Dialogue,
) -> None:
    report(alice, *DETAILS[:3])
    assert alice.say("can I send it back?") == [
        "utter_faq/returns",
        "utter_ask_report_damaged_description",
    ]
    story = "The clasp broke when I first put the bracelet on. Can I send it back?"
    assert alice.say(story) == ["utter_ask_confirm"]
    assert alice.args["description"] == f"{OPENING}\n\n{story}"


def test_another_order_in_the_description_does_not_change_the_order(alice: Dialogue) -> None:
    report(alice, *DETAILS[:3], "like the one of order 1002, its clasp is loose")
    assert alice.args["order_number"] == "1001"


@pytest.mark.parametrize("said", ["?", "no", "yes please"])
def test_a_description_that_says_nothing_is_asked_again(alice: Dialogue, said: str) -> None:
    report(alice, *DETAILS[:3])
    assert alice.say(said) == [
        "utter_invalid_description",
        "utter_ask_report_damaged_description",
    ]


def test_a_correction_at_the_confirmation_is_shown_again_before_it_is_sent(
    alice: Dialogue,
) -> None:
    report(alice, *DETAILS)
    assert alice.say("no, it's 1002") == ["utter_ask_confirm"]
    assert alice.args["order_number"] == "1002"
    alice.say("yes")
    assert alice.effects[0]["order_number"] == "1002"


def test_a_no_asks_what_to_change_and_only_that_is_asked_again(alice: Dialogue) -> None:
    report(alice, *DETAILS)
    assert alice.say("no") == ["utter_ask_choice"]
    assert alice.press("choose", choice="name") == ["utter_ask_name"]
    assert alice.say("I'm Alice Jones") == ["utter_ask_confirm"]
    assert alice.args["name"] == "Alice Jones"


def test_the_choice_can_be_typed_and_what_cannot_be_changed_is_told(alice: Dialogue) -> None:
    report(alice, *DETAILS)
    alice.say("no")
    assert alice.say("the colour") == ["utter_invalid_choice", "utter_ask_choice"]
    assert alice.say("the e-mail") == ["utter_ask_email"]


def test_after_a_no_it_can_still_be_sent_as_it_is_or_not_at_all(alice: Dialogue) -> None:
    report(alice, *DETAILS)
    alice.say("no")
    assert alice.say("stop") == ["utter_stopped"]
    assert alice.effects == []
    report(alice, DETAILS[3])
    alice.say("no")
    assert alice.say("yes") == ["utter_ask_confirm"]
    assert alice.effects == []
    assert alice.say("yes") == ["utter_report_damaged_sent"]


def test_neither_yes_nor_no_is_asked_again_and_sends_nothing(alice: Dialogue) -> None:
    report(alice, *DETAILS)
    assert alice.say("qwe") == ["utter_invalid_confirm", "utter_ask_confirm"]
    assert alice.effects == []


def test_what_was_given_is_not_asked_twice_but_a_new_report_has_its_own_description(
    alice: Dialogue,
) -> None:
    report(alice, *DETAILS)
    alice.say("yes")
    assert alice.say("where is my order?") == ["utter_order_shipped"]
    assert alice.say("my ring arrived broken") == [
        "utter_report_damaged_opening",
        "utter_ask_report_damaged_description",
    ]


def test_a_ticket_is_completed_with_the_four_details(alice: Dialogue) -> None:
    assert alice.press("leave_details") == ["utter_ask_order_number"]
    asked = []
    for detail in ("no", *DETAILS[1:]):
        asked.append(alice.asks)
        names = alice.say(detail)
    assert asked == ["order_number", "email", "name", "description"]
    assert names == ["utter_contact_details_thanks"]
    assert alice.effects == [
        {
            "kind": "complete_ticket",
            "order_number": None,
            "email": "alice@example.com",
            "name": "Alice Smith",
            "description": "one earring is bent",
        }
    ]


def test_stopping_the_questions_for_a_ticket_does_not_say_that_nothing_was_sent(
    alice: Dialogue,
) -> None:
    alice.press("leave_details")
    assert alice.say("stop") == ["utter_details_stopped"]
    assert alice.form is None


def test_a_ticket_after_a_report_asks_for_nothing_again(alice: Dialogue) -> None:
    report(alice, *DETAILS)
    alice.say("yes")
    alice.say("I want to talk to a person")
    assert alice.press("leave_details") == ["utter_contact_details_thanks"]
    assert alice.effects[0]["description"] == f"{OPENING}\n\none earring is bent"


def test_a_name_that_is_none_is_asked_again_with_help(alice: Dialogue) -> None:
    alice.facts = {"order_number": "1001", "email": "alice@example.com"}
    alice.press("leave_details")
    assert alice.asks == "name"
    assert alice.say("12345 @@") == ["utter_invalid_name", "utter_ask_name"]


def test_two_that_are_close_are_asked_about_and_a_button_decides(alice: Dialogue) -> None:
    assert alice.say("cancel_order ?? change_order") == ["utter_which_of_two"]
    assert [button["label"] for button in alice.answer["replies"][0]["buttons"]] == [
        "cancel_order",
        "change_order",
    ]
    assert alice.press("cancel_order")[0] == "utter_cancel_order_opening"


def test_where_nothing_is_sure_three_topics_are_offered(alice: Dialogue) -> None:
    assert alice.say("track_order ?? report_delay ?? faq/shipping") == ["utter_which_of_three"]


def test_something_else_asks_for_other_words_and_a_second_misunderstanding_calls_a_person(
    alice: Dialogue,
) -> None:
    alice.say("cancel_order ?? change_order")
    assert alice.press("something_else") == ["utter_something_else"]
    assert alice.say("asd") == ["utter_not_understood_again"]


def test_within_a_form_its_question_is_asked_again_and_nothing_else_offered(
    alice: Dialogue,
) -> None:
    alice.press("talk_to_human")
    alice.press("track_order")
    assert "utter_which_of_two" not in alice.say("cancel_order ?? change_order")
