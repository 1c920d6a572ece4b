"""Turns that fail: whatever broke, nothing of them is kept and they can be sent again."""

from __future__ import annotations

import json
import signal
import socket
import sqlite3
import time

from tests.nlu.cast import turn
from tests.nlu.conftest import RASA_TOKEN, Dialogue, SmallRasa


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
