"""The action server answers the holder of the token, on loopback, and tells no secrets."""

import contextlib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import psutil
import pytest

from actions.requests import REQUESTS
from bot.settings import ROOT

TOKEN = "actions token"
START_SECONDS = 30


@dataclass(frozen=True)
class Server:
    """The running process and its address."""

    process: subprocess.Popen[bytes]
    http: httpx.Client

    def call(self, action: str, token: str = TOKEN, **tracker: Any) -> httpx.Response:
        """Call an action as Rasa does."""
        body = {
            "next_action": action,
            "sender_id": "alice.1",
            "tracker": {"sender_id": "alice.1", "slots": {}, "events": [], **tracker},
        }
        return self.http.post(
            "/webhook", json=body, headers={"Authorization": f"Bearer {token}".strip()}
        )


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    script = ROOT / "tests" / "actions" / "server_with_orders.py"
    process = subprocess.Popen([sys.executable, str(script), str(port), TOKEN], cwd=ROOT)
    http = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=10, trust_env=False)
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        with contextlib.suppress(httpx.HTTPError):
            http.get("/health")
            break
        time.sleep(0.1)  # between two probes of a server that starts
    yield Server(process, http)
    http.close()
    process.terminate()
    process.wait(10)


def test_anyone_may_ask_whether_it_is_well(server: Server) -> None:
    assert server.http.get("/health").json() == {"status": "ok"}


@pytest.mark.parametrize("token", ["", "another", TOKEN.upper()])
def test_without_the_token_no_action_runs(server: Server, token: str) -> None:
    assert server.call("action_hand_off", token=token).status_code == 401


def test_it_listens_on_loopback_only(server: Server) -> None:
    listening = psutil.Process(server.process.pid).net_connections(kind="inet")
    assert {c.laddr.ip for c in listening if c.status == psutil.CONN_LISTEN} == {"127.0.0.1"}


@pytest.mark.parametrize("path", ["/", "/actions", "/webhook"])
def test_nothing_else_can_be_read(server: Server, path: str) -> None:
    assert server.http.get(path).status_code in (404, 405)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b'{"next_action": 1}', b"[" * 60_000])
def test_what_is_not_a_call_is_refused(server: Server, body: bytes) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    answer = server.http.post("/webhook", content=body, headers=headers)
    assert answer.status_code == 422
    assert "Traceback" not in answer.text


def test_an_action_that_is_not_there_is_named(server: Server) -> None:
    answer = server.call("action_nothing")
    assert (answer.status_code, answer.json()["error"]) == (
        404,
        "There is no action called action_nothing.",
    )


def test_a_failure_is_told_by_its_type_and_never_repeats_the_visitor(server: Server) -> None:
    slots = {"request": "track_order", "order_number": "5000", "email": "alice@example.com"}
    answer = server.call("action_fulfil_request", slots=slots)
    assert answer.status_code == 500
    assert answer.json() == {"error": "action_fulfil_request failed: OSError"}


def test_a_found_order_is_told_without_a_street_or_a_payment(server: Server) -> None:
    slots = {"request": "track_order", "order_number": "1002", "email": "alice@example.com"}
    answer = server.call("action_fulfil_request", slots=slots).json()
    (reply,) = answer["responses"]
    assert reply["response"] == "utter_order_in_preparation"
    assert reply["order_number"] == "1002"
    assert reply["effects"] == [
        {"kind": "verify", "order_number": "1002", "email": "alice@example.com"}
    ]


@pytest.mark.parametrize("slots", [{}, {"order_number": "1002"}, {"email": "alice@example.com"}])
def test_looking_up_with_less_than_both_finds_nothing(
    server: Server, slots: dict[str, str]
) -> None:
    slots = {"request": "track_order", **slots}
    (reply,) = server.call("action_fulfil_request", slots=slots).json()["responses"]
    assert reply["response"] == "utter_request_not_sent"
    assert "effects" not in reply


@pytest.mark.parametrize("label", REQUESTS)
def test_what_was_neither_filled_in_nor_confirmed_sends_nothing(server: Server, label: str) -> None:
    slots = {"request": label, "email": "alice@example.com", "description": "it broke"}
    (reply,) = server.call("action_fulfil_request", slots=slots).json()["responses"]
    assert reply["response"] == "utter_request_not_sent"
    assert "effects" not in reply
