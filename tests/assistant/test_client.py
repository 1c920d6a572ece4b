"""What the client sends to Rasa, how long it waits, and what a failure tells."""

import asyncio
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from bot.assistant import Assistant, AssistantFailure, Button, Turn

ANSWER = {
    "replies": [{"response": "utter_greet", "args": {}, "effects": []}],
    "state": {"form": None, "asks": None},
    "understood": [],
}


class StandIn(ThreadingHTTPServer):
    """Takes turns in Rasa's place, and answers with what a test wants to see read."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer: Any = ANSWER
        self.bodies: list[dict[str, Any]] = []
        self.silent = False
        self.let_go = threading.Event()


class _Handler(BaseHTTPRequestHandler):
    server: StandIn

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self.server.bodies.append(json.loads(self.rfile.read(length)))
        if self.server.silent:
            self.server.let_go.wait(10)
            return
        body = json.dumps(self.server.answer).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (its name in the base)
        """Say nothing."""


@pytest.fixture
def rasa() -> Iterator[StandIn]:
    server = StandIn()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.let_go.set()
    server.shutdown()
    thread.join()
    server.server_close()


def ask(rasa: StandIn, turn: Turn, timeout: float = 5.0, within: float | None = None) -> Any:
    async def asked() -> Any:
        assistant = Assistant(f"http://127.0.0.1:{rasa.server_port}", "token", timeout)
        try:
            return await assistant.turn(turn, within)
        finally:
            await assistant.close()

    return asyncio.run(asked())


def test_a_turn_is_sent_with_its_id_so_that_it_is_played_once(rasa: StandIn) -> None:
    button = Button(label="greet", entities={})
    ask(rasa, Turn(id="7", dialogue="a.1", text="hello", button=button, facts={"name": "Alice"}))
    (body,) = rasa.bodies
    assert body.pop("within_seconds") > 0
    assert body == {
        "turn": "7",
        "dialogue": "a.1",
        "text": "hello",
        "button": {"label": "greet", "entities": {}},
        "facts": {"name": "Alice"},
    }


def test_a_turn_without_an_id_is_sent_without_the_field(rasa: StandIn) -> None:
    ask(rasa, Turn(dialogue="a.1", text="hello"))
    assert set(rasa.bodies[0]) == {"dialogue", "text", "button", "facts", "within_seconds"}


@pytest.mark.parametrize(("within", "waits"), [(None, 5.0), (3.0, 3.0), (60.0, 5.0), (-1.0, 1.0)])
def test_rasa_is_given_less_time_than_the_client_waits(
    rasa: StandIn, within: float | None, waits: float
) -> None:
    ask(rasa, Turn(dialogue="a.1", text="hello"), timeout=5.0, within=within)
    assert waits - 0.9 < rasa.bodies[0]["within_seconds"] <= waits - 0.3


def test_silence_is_a_failure_once_the_time_is_over(rasa: StandIn) -> None:
    rasa.silent = True
    with pytest.raises(AssistantFailure, match="no answer in"):
        ask(rasa, Turn(dialogue="a.1", text="hello"), within=1.0)


def test_an_unreadable_answer_is_told_by_its_places_and_never_by_its_values(
    rasa: StandIn,
) -> None:
    words = "canary alice@example.com"
    rasa.answer = {**ANSWER, "replies": [{"response": 5, "args": words}], "state": words}
    with pytest.raises(AssistantFailure) as raised:
        ask(rasa, Turn(dialogue="a.1", text="hello"))
    told = str(raised.value)
    assert "replies.0.response (string_type)" in told
    assert "replies.0.args (dict_type)" in told
    assert "canary" not in told
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__


def test_an_answer_that_is_no_object_is_told_as_a_whole(rasa: StandIn) -> None:
    rasa.answer = "canary"
    with pytest.raises(AssistantFailure, match=r"the whole \(model_type\)"):
        ask(rasa, Turn(dialogue="a.1", text="hello"))


def test_a_text_is_understood_without_a_dialogue(rasa: StandIn) -> None:
    rasa.answer = {"understood": [{"label": "greet", "confidence": 1.0, "accepted": True}]}
    assert asyncio.run(understood(rasa))[0]["label"] == "greet"
    assert rasa.bodies == [{"text": "hello"}]


def test_what_is_no_understanding_is_a_failure(rasa: StandIn) -> None:
    rasa.answer = {"understood": "greet"}
    with pytest.raises(AssistantFailure, match="cannot be read"):
        asyncio.run(understood(rasa))


async def understood(rasa: StandIn) -> list[dict[str, Any]]:
    assistant = Assistant(f"http://127.0.0.1:{rasa.server_address[1]}", "token", 2.0)
    try:
        return await assistant.understand("hello")
    finally:
        await assistant.close()
