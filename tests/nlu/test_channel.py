"""The channel's door: who may ask for a turn, and what is refused as none."""

from __future__ import annotations

from typing import Any

import pytest

from tests.nlu.cast import turn
from tests.nlu.conftest import SmallRasa


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
