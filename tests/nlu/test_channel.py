"""The turn protocol: who may ask, what is refused, and that a turn is whole or not at all."""

from __future__ import annotations

import json
import re
import signal
import socket
import sqlite3
import threading
import time
from typing import Any

import pytest

from tests.nlu.conftest import RASA_TOKEN, Dialogue, SmallRasa

KNOWN = {
    "order_number": "1001",
    "email": "alice@example.com",
    "name": None,
    "order_verified": True,
}


def turn(**changes: Any) -> dict[str, Any]:
    return {"dialogue": "a.1", "text": "hello", "button": None, "facts": {}, **changes}


@pytest.mark.parametrize("token", ["", "another", "rasa token of the testS", "é"])
def test_without_the_token_nothing_is_answered(rasa: SmallRasa, token: str) -> None:
    status, body = rasa.post(turn(), token=token.encode().decode("latin-1"))
    assert (status, body["error"]["code"]) == (401, "unauthorised")


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/version",
        "/model",
        "/domain",
        "/webhooks/rest/",
        "/webhooks/callback/",
        "/webhooks/gateway/",
        "/conversations/a.1/tracker?token=rasa%20token%20of%20the%20tests",
    ],
)
def test_rasas_own_doors_are_not_there(rasa: SmallRasa, path: str) -> None:
    assert rasa.get(path) == 404


def test_rasas_own_channel_takes_no_message(rasa: SmallRasa) -> None:
    status, _ = rasa.post({"sender": "a", "message": "hello"}, path="/webhooks/rest/webhook")
    assert status == 404


def test_the_probe_wants_the_token_too(rasa: SmallRasa) -> None:
    assert rasa.get("/status") == 401
    assert rasa.get("/status?token=another") == 401
    assert rasa.get("/status?token=rasa%20token%20of%20the%20tests") == 200


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"{", "not JSON"),
        (b"[" * 60_000, "not JSON"),
        ([], "must be a JSON object"),
        (turn(colour="red"), "no field 'colour'"),
        (turn(text=None), "text must be text"),
        (turn(text="x" * 1001), "at most 1000 characters"),
        (turn(dialogue=""), "must name a dialogue"),
        (turn(dialogue=7), "dialogue must be text"),
        (turn(facts=[]), "facts must be a JSON object"),
        (turn(facts={"street": "x"}), "no field 'street'"),
        (turn(facts={"email": 5}), "facts.email must be text"),
        (turn(facts={"order_verified": "yes"}), "must be true or false"),
        (turn(button="greet"), "button must be a JSON object"),
        (turn(button={"label": "greet", "size": 1}), "no field 'size'"),
        (turn(button={"label": "greet", "entities": {"email": 1}}), "must be text"),
        (turn(button={"label": "greet", "entities": {"street": "x"}}), "not known: 'street'"),
        (turn(button={"label": "restart"}), "No answer is known"),
        (turn(button={"label": "nlu_fallback"}), "No answer is known"),
        (turn(button={"label": "nonsense"}), "No answer is known"),
        (turn(button={"label": "faq"}), "not one full label"),
        (turn(button={"label": "greet/x"}), "not one full label"),
        (turn(turn=7), "turn must be text"),
        (turn(turn=" "), "turn must name the turn"),
        (turn(turn="7" * 101), "at most 100 characters"),
        (turn(within_seconds="3"), "must be a number above 0"),
        (turn(within_seconds=True), "must be a number above 0"),
        (turn(within_seconds=0), "must be a number above 0"),
        (turn(within_seconds=float("nan")), "must be a number above 0"),
    ],
)
def test_what_is_not_a_turn_is_refused_with_a_sentence(
    rasa: SmallRasa, body: Any, told: str
) -> None:
    status, answer = rasa.post(body)
    assert (status, answer["error"]["code"]) == (400, "bad_turn")
    assert told in answer["error"]["message"]


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


def test_a_buttons_entities_fill_what_they_name(alice: Dialogue) -> None:
    assert alice.press("track_order", order_number="1001", email="alice@example.com") == [
        "utter_order_shipped"
    ]


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


def test_with_the_action_server_down_a_turn_fails_and_can_be_sent_again(
    rasa: SmallRasa, alice: Dialogue
) -> None:
    alice.say("where is my order?")
    with rasa.without_actions():
        alice.say("1001")
        assert (alice.status, alice.answer["error"]["code"]) == (502, "action_failed")
        assert "connect" in alice.answer["error"]["message"]
    assert alice.say("1001") == ["utter_ask_order_email"]


def test_a_frozen_action_server_fails_the_turn_before_the_gateway_gives_up(
    rasa: SmallRasa, alice: Dialogue
) -> None:
    alice.say("where is my order?")
    with rasa.with_frozen_actions():
        started = time.monotonic()
        alice.say("1001")
        assert time.monotonic() - started < 4.5
        assert alice.status == 502
    assert alice.say("1001") == ["utter_ask_order_email"]


def test_an_action_that_fails_is_named_and_the_visitors_words_are_not(
    rasa: SmallRasa, alice: Dialogue
) -> None:
    alice.say("where is my order?")
    alice.say("5000")
    alice.say("alice@example.com")
    assert (alice.status, alice.answer["error"]["code"]) == (502, "action_failed")
    assert "OSError" in alice.answer["error"]["message"]
    assert "alice" not in alice.answer["error"]["message"]
    assert alice.say("1001")[-1] == "utter_ask_order_email"
    assert "alice@example.com" not in rasa.log


def test_a_turn_that_cannot_be_kept_fails_instead_of_being_half_known(
    rasa: SmallRasa, alice: Dialogue
) -> None:
    alice.say("where is my order?")
    other = sqlite3.connect(rasa.folder / "rasa-trackers.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    alice.say("1001")
    other.execute("ROLLBACK")
    other.close()
    assert (alice.status, alice.answer["error"]) == (
        502,
        {"code": "dialogue_failed", "message": "OperationalError"},
    )
    assert alice.say("1001") == ["utter_ask_order_email"]


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


def test_nothing_a_visitor_wrote_is_in_the_logs(rasa: SmallRasa, alice: Dialogue) -> None:
    alice.say("quxcanaryqux words that nobody else writes")
    alice.say("my ring arrived broken")
    alice.say("quxcanaryqux@example.com")
    with rasa.without_actions():
        alice.say("quxcanaryqux")
        assert alice.status == 502
    rasa.post(turn(text="quxcanaryqux " * 200))
    rasa.post(turn(facts={"name": ["quxcanaryqux"]}))
    rasa.post(b'{"text": "quxcanaryqux')
    assert "quxcanaryqux" not in rasa.log


def test_a_failed_turn_is_logged_with_time_and_level(rasa: SmallRasa, alice: Dialogue) -> None:
    with rasa.without_actions():
        alice.say("where is my order?")
    lines = [line for line in rasa.log.splitlines() if "A turn failed" in line]
    assert lines
    stamped = re.compile(r"20\d\d-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} ERROR bot\.nlu\.channel: A turn")
    assert all(stamped.match(line) for line in lines)
    assert re.search(r"^20\S+ \S+ INFO bot\.nlu\.server: Serving", rasa.log, re.MULTILINE)


REPORT = ("my ring arrived broken", "1001", "alice@example.com", "Alice Smith", "one side is bent")


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


def test_a_turn_ends_when_its_sender_gives_up_and_nothing_of_it_is_kept(
    rasa: SmallRasa, alice: Dialogue
) -> None:
    alice.say("where is my order?")
    with rasa.with_frozen_actions():
        started = time.monotonic()
        status, body = rasa.post(turn(dialogue=alice.id, text="1001", within_seconds=0.6))
        assert time.monotonic() - started < 3
        assert (status, body["error"]["message"]) == (502, "the turn took longer than 0.6 s")
    assert alice.asks == "order_number"
    assert alice.say("1001") == ["utter_ask_order_email"]


def test_a_turn_whose_sender_left_while_rasa_was_frozen_is_not_kept(
    rasa: SmallRasa, alice: Dialogue
) -> None:
    assert rasa.rasa is not None
    rasa.rasa.send_signal(signal.SIGSTOP)
    try:
        body = json.dumps(turn(dialogue=alice.id, text="qwe")).encode()
        head = (
            "POST /webhooks/gateway/turn HTTP/1.1\r\nHost: localhost\r\n"
            f"Authorization: Bearer {RASA_TOKEN}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        with socket.create_connection(("127.0.0.1", rasa.rasa_port)) as sender:
            sender.sendall(head.encode() + body)
    finally:
        rasa.rasa.send_signal(signal.SIGCONT)
    assert alice.say("asd") == ["utter_not_understood"]


def test_no_time_at_all_is_a_turn_that_is_not_kept(rasa: SmallRasa, alice: Dialogue) -> None:
    assert rasa.post(turn(dialogue=alice.id, text="qwe", within_seconds=1e-6))[0] == 502
    assert alice.say("asd") == ["utter_not_understood"]


def test_an_answers_arguments_are_known_ones_only(alice: Dialogue) -> None:
    alice.say("hello")
    assert alice.args == {}
    alice.say("where is my order?")
    assert alice.args == {}
    alice.say("1001")
    assert alice.args == {"order_number": "1001"}
    alice.say("how long does delivery take?")
    assert [reply["args"] for reply in alice.answer["replies"]] == [{"order_number": "1001"}] * 2


def stored_bytes(rasa: SmallRasa, dialogue: str) -> int:
    with sqlite3.connect(rasa.folder / "rasa-trackers.sqlite3") as connection:
        (size,) = connection.execute(
            "SELECT length(events) FROM trackers WHERE dialogue = ?", (dialogue,)
        ).fetchone()
    connection.close()
    return int(size)


def test_three_hundred_rounds_neither_grow_nor_forget(rasa: SmallRasa, alice: Dialogue) -> None:
    alice.press("track_order", order_number="1001", email="alice@example.com")
    sizes = []
    for _ in range(300):
        assert alice.say("when will I get a reply?") == ["utter_faq/reply_times"]
        sizes.append(stored_bytes(rasa, alice.id))
    assert max(sizes[30:]) < 1.2 * max(sizes[:30])
    assert max(sizes) < 200_000
    assert alice.say("where is my order?") == ["utter_order_shipped"]
    assert alice.say("qwe") == ["utter_not_understood"]
    assert alice.say("asd") == ["utter_not_understood_again"]


def test_a_form_goes_on_however_often_it_is_interrupted(alice: Dialogue) -> None:
    alice.say(REPORT[0])
    for _ in range(70):
        said = alice.say("when will I get a reply?")
        assert said[0] == "utter_faq/reply_times"
        assert alice.asks == "order_number"
    for said_next in REPORT[1:]:
        alice.say(said_next)
    assert alice.asks == "confirm"
    alice.say("yes")
    assert [effect["kind"] for effect in alice.effects] == ["verify", "open_ticket"]
