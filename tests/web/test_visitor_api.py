"""The visitor API's refusals: a status, one shape, a sentence, and nothing lost."""

import base64
import os
import socket
from urllib.parse import urlsplit

import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from tests.visitor import Visitor


def refused(response: httpx.Response, status: int) -> str:
    """The sentence of a refusal, checked for its shape and for traces of the inside."""
    assert response.status_code == status, response.text
    error = response.json()["error"]
    assert set(response.json()) == {"error"}
    assert set(error) == {"code", "message"}
    assert error["message"].endswith(".")
    for trace in ("Traceback", "pydantic", "sqlalchemy", ".py", "sanic"):
        assert trace not in response.text
    return str(error["message"])


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"client_id": "a", "text": "x" * 1001}, 413),
        ({"client_id": "a", "text": ""}, 400),
        ({"client_id": "a", "text": " \n\t "}, 400),
        ({"client_id": "a", "text": "hi", "more": 1}, 400),
        ({"client_id": "a", "text": "hi", "button": "b1"}, 400),
        ({"client_id": "a"}, 400),
        ({"client_id": "", "text": "hi"}, 400),
        ({"client_id": 7, "text": "hi"}, 400),
        ({"client_id": "a", "text": {"$ne": 1}}, 400),
        ({"text": "hi"}, 400),
        ({"client_id": "a", "button": "99.b1"}, 400),
        (["client_id"], 400),
        (None, 400),
    ],
)
def test_a_wrong_body_gets_a_sentence_and_the_conversation_goes_on(
    alice: Visitor, body: object, status: int
) -> None:
    refused(alice.post(body), status)
    assert alice.page()["messages"] == alice.started["messages"]
    assert alice.say("hello")


@pytest.mark.parametrize("body", [b"", b"{", b"hello", b"\xff\xfe", b"[" * 3000, b'{"a":' * 900])
def test_a_body_that_is_not_json_gets_a_sentence(alice: Visitor, body: bytes) -> None:
    url = f"/api/v1/conversations/{alice.id}/messages"
    refused(alice.http.post(url, content=body), 400)


def test_an_oversize_body_is_cut_off(alice: Visitor) -> None:
    url = f"/api/v1/conversations/{alice.id}/messages"
    refused(alice.http.post(url, content=b"x" * 100_000), 413)


def test_a_wrong_token_and_anothers_conversation_and_none_are_one_refusal(
    alice: Visitor, mallory: Visitor
) -> None:
    told = {
        refused(mallory.http.get(f"/api/v1/conversations/{target}/messages"), 404)
        for target in (alice.id, "0" * 32, "no-such-thing")
    }
    told |= {
        refused(
            mallory.http.post(
                f"/api/v1/conversations/{alice.id}/messages",
                json={"client_id": "m", "text": "hi"},
                headers={"Authorization": header},
            ),
            404,
        )
        for header in (f"Bearer {mallory.token}", "Bearer", "Basic abc")
    }
    assert told == {"This conversation could not be found."}


def test_the_same_client_id_gets_the_same_answer_and_with_another_body_409(
    alice: Visitor,
) -> None:
    first = alice.post({"client_id": "same", "text": "hello"})
    again = alice.post({"client_id": "same", "text": "hello"})
    assert (first.status_code, again.status_code) == (202, 202)
    assert first.json() == again.json()
    refused(alice.post({"client_id": "same", "text": "other"}), 409)


def test_text_that_starts_with_a_slash_is_taken_as_text(alice: Visitor) -> None:
    alice.say("where is my order")
    for n, text in enumerate(("/restart", '/track_order{"order_number":"1001"}', "\u3000/back")):
        assert alice.post({"client_id": f"s{n}", "text": text}).status_code == 202
        sent = [m["text"] for m in alice.page()["messages"] if m["sender"] == "visitor"]
        assert sent[-1] == text.strip()
    alice.last = alice.page()["messages"][-1]["sequence"]


@pytest.mark.parametrize("query", ["after=-1", "after=x", "wait=1e9", "after=99999999999999999999"])
def test_a_wrong_cursor_gets_a_sentence(alice: Visitor, query: str) -> None:
    refused(alice.http.get(f"/api/v1/conversations/{alice.id}/messages?{query}"), 400)


def test_an_unknown_address_and_a_wrong_method_get_a_sentence(alice: Visitor) -> None:
    refused(alice.http.get("/api/v1/nothing"), 404)
    refused(alice.http.put("/api/v1/conversations"), 405)


def test_a_page_of_another_site_is_refused(alice: Visitor) -> None:
    foreign = {"Origin": "https://evil.example"}
    refused(alice.http.post("/api/v1/conversations", json={}, headers=foreign), 403)
    assert alice.http.post("/api/v1/conversations", json={}).status_code == 201


def socket_of(visitor: Visitor, token: str | None = None, path: str | None = None, **more: str):  # type: ignore[no-untyped-def]
    """Open the visitor's socket as the widget does."""
    address = urlsplit(str(visitor.http.base_url)).netloc
    return connect(
        f"ws://{address}{path or f'/api/v1/conversations/{visitor.id}/socket'}",
        subprotocols=[Subprotocol("chat.v1"), Subprotocol(token or visitor.token)],
        additional_headers=more,
        proxy=None,
    )


def test_the_socket_brings_messages_as_they_come(alice: Visitor) -> None:
    with socket_of(alice) as line:
        frames = [line.recv(timeout=10) for _ in range(2)]
        assert '"type": "message"' in str(frames[0])
        assert '"state": "bot"' in str(frames[1])
        alice.send("hello")
        assert "hello" in str(line.recv(timeout=10))
        assert '"sender": "bot"' in str(line.recv(timeout=20))


def test_a_socket_with_anothers_token_is_closed(alice: Visitor, mallory: Visitor) -> None:
    with socket_of(alice, mallory.token) as line, pytest.raises(ConnectionClosed) as closed:
        line.recv(timeout=10)
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4404


def test_a_socket_that_sends_is_closed(alice: Visitor) -> None:
    with socket_of(alice) as line:
        line.recv(timeout=10)
        line.recv(timeout=10)
        line.send("hello")
        with pytest.raises(ConnectionClosed):
            line.recv(timeout=10)


def test_a_socket_from_another_site_is_refused(alice: Visitor) -> None:
    host, port = urlsplit(str(alice.http.base_url)).netloc.split(":")
    with socket.create_connection((host, int(port)), timeout=10) as raw:
        raw.sendall(
            (
                f"GET /api/v1/conversations/{alice.id}/socket HTTP/1.1\r\nHost: {host}:{port}\r\n"
                "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}\r\n"
                f"Sec-WebSocket-Protocol: chat.v1, {alice.token}\r\n"
                "Origin: https://evil.example\r\n\r\n"
            ).encode()
        )
        assert b"403" in raw.recv(4096).split(b"\r\n")[0]


def test_every_page_has_its_security_headers(alice: Visitor) -> None:
    for path in ("/", "/console/sign-in", "/api/v1/openapi.json", "/widget/chat.js", "/nothing"):
        headers = alice.http.get(path).headers
        assert "unsafe" not in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"


def test_the_api_describes_itself(alice: Visitor) -> None:
    described = alice.http.get("/api/v1/openapi.json").json()
    assert described["openapi"].startswith("3.")
    assert "/api/v1/conversations/{id}/messages" in described["paths"]
