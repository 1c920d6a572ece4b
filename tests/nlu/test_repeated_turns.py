"""Turns of one dialogue that are sent twice or at once: each is played once, one after another."""

from __future__ import annotations

import threading
from typing import Any

from tests.nlu.cast import REPORT, turn
from tests.nlu.conftest import Dialogue, SmallRasa


def test_a_turn_that_is_sent_twice_is_played_once(rasa: SmallRasa, alice: Dialogue) -> None:
    for said in REPORT:
        alice.say(said)
    assert alice.asks == "confirm"
    sent = turn(dialogue=alice.id, text="yes", turn="7")
    first = rasa.post(sent)
    assert first[0] == 200
    assert first[1]["replies"][-1]["effects"][-1]["kind"] == "open_ticket"
    assert rasa.post(sent) == first
    assert alice.say("stop") == ["utter_nothing_to_stop"]


def test_a_form_stands_where_it_stood_when_its_answer_is_sent_twice(
    rasa: SmallRasa, alice: Dialogue
) -> None:
    alice.say(REPORT[0])
    sent = turn(dialogue=alice.id, text="1001", turn="7")
    first = rasa.post(sent)
    assert rasa.post(sent) == first
    assert first[1]["state"] == {"form": "request_form", "asks": "email"}
    assert rasa.post({**sent, "text": "alice@example.com", "turn": "8"})[1]["state"] == {
        "form": "request_form",
        "asks": "name",
    }


def test_a_turn_that_is_sent_twice_at_once_is_played_once(rasa: SmallRasa, alice: Dialogue) -> None:
    sent = turn(dialogue=alice.id, text="qwe", turn="7")
    answers: list[Any] = []
    threads = [threading.Thread(target=lambda: answers.append(rasa.post(sent))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [found["replies"][0]["response"] for _, found in answers] == ["utter_not_understood"] * 4
    assert alice.say("asd") == ["utter_not_understood_again"]


def test_the_same_id_in_another_dialogue_is_another_turn(rasa: SmallRasa) -> None:
    first = rasa.post(turn(dialogue=Dialogue(rasa).id, text="qwe", turn="7"))
    second = rasa.post(turn(dialogue=Dialogue(rasa).id, text="hello", turn="7"))
    assert first != second


def test_a_turn_that_failed_is_played_when_it_is_sent_again(
    rasa: SmallRasa, alice: Dialogue
) -> None:
    alice.say("where is my order?")
    sent = turn(dialogue=alice.id, text="1001", turn="7")
    with rasa.without_actions():
        assert rasa.post(sent)[0] == 502
    assert rasa.post(sent)[1]["state"]["asks"] == "email"


def test_turns_of_one_dialogue_wait_for_each_other(rasa: SmallRasa, alice: Dialogue) -> None:
    alice.say("where is my order?")
    answers: list[list[str]] = []
    threads = [
        threading.Thread(
            target=lambda: answers.append(
                Dialogue(rasa, id=alice.id).say("when will I get a reply?")
            )
        )
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    expected = ["utter_faq/reply_times", "utter_ask_own_order_number"]
    assert answers == [expected] * 8
