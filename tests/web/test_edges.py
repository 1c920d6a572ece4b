"""What strangers may send, and what comes back: a sentence, the right status, never a trace."""

import json
import logging
import socket
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from sqlalchemy import delete
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect
from websockets.sync.connection import Connection
from websockets.typing import Subprotocol

from bot.app import Services
from bot.conversations.intake import Started
from bot.storage import Database, DatabaseUnavailable
from bot.storage.tables import Conversation, Message
from tests.web.serving import served

START = "/api/v1/conversations"


@pytest.fixture
def address(services: Services) -> Iterator[str]:
    with served(services) as address:
        yield address


@pytest.fixture
def http(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, timeout=10) as client:
        yield client


@pytest.fixture
def alice(services: Services) -> Started:
    return services.intake.start()


def refused(response: httpx.Response, status: int) -> str:
    """The sentence of a refusal, checked for its shape."""
    assert response.status_code == status, response.text
    error = response.json()["error"]
    assert set(error) == {"code", "message"}
    assert error["message"].endswith(".")
    return str(error["message"])


def post(http: httpx.Client, alice: Started, body: bytes) -> httpx.Response:
    return http.post(
        f"{START}/{alice.id}/messages",
        content=body,
        headers={"Authorization": f"Bearer {alice.token}"},
    )


def socket_of(address: str, started: Started, token: str | None = None) -> Connection:
    return connect(
        f"{address.replace('http', 'ws')}{START}/{started.id}/socket",
        subprotocols=[Subprotocol("chat.v1"), Subprotocol(token or started.token)],
        proxy=None,
    )


def closing_code(line: Connection) -> int:
    with pytest.raises(ConnectionClosed) as closed:
        read_on(line)
    assert closed.value.rcvd
    return int(closed.value.rcvd.code)


def read_on(line: Connection) -> None:
    while True:
        line.recv(timeout=10)


# Origin and Host


@pytest.mark.parametrize(
    "origin",
    ["null", "http://[", "https://evil.example", "http://localhost:1", "ftp://{host}", "{host}"],
)
def test_a_page_that_is_not_ours_may_not_send(http: httpx.Client, origin: str) -> None:
    headers = {"Origin": origin.format(host=http.base_url.netloc.decode())}
    refused(http.post(START, json={}, headers=headers), 403)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_page_of_ours_may_send(http: httpx.Client, scheme: str) -> None:
    headers = {"Origin": f"{scheme}://{http.base_url.netloc.decode()}"}
    assert http.post(START, json={}, headers=headers).status_code == 201


def test_a_name_that_was_pointed_at_this_machine_is_not_answered(http: httpx.Client) -> None:
    port = http.base_url.port
    rebound = {"Host": f"evil.example:{port}", "Origin": f"http://evil.example:{port}"}
    for path in ("/", "/console/sign-in"):
        refused(http.get(path, headers=rebound), 421)
    refused(http.post(START, json={}, headers=rebound), 421)
    for own in ("localhost", "127.0.0.1", "[::1]"):
        assert http.get("/healthz", headers={"Host": f"{own}:{port}"}).status_code == 200


def test_behind_a_public_address_only_its_pages_may_send(services: Services) -> None:
    settings = services.settings.model_copy(
        update={
            "public_url": "https://help.shop.example/",
            "shop_origins": "https://shop.example",
        }
    )
    with (
        served(replace(services, settings=settings)) as address,
        httpx.Client(base_url=address, timeout=10) as http,
    ):
        host = {"Host": "help.shop.example"}
        for origin, status in {
            "https://help.shop.example": 201,
            "https://shop.example": 201,
            "http://help.shop.example": 403,
            "null": 403,
        }.items():
            sent = http.post(START, json={}, headers={**host, "Origin": origin})
            assert sent.status_code == status, origin


# Addresses


@pytest.mark.parametrize(
    "path",
    [
        "/widget/",
        "/widget",
        "/static/shop/.",
        "/static/shop",
        "/static/",
        "/widget/%00",
        "/widget/chat.js%00",
        "/widget/" + "a" * 5000,
        "/widget/../app.py",
        "/widget/%2e%2e/app.py",
        "/%77idget/",
        "/static/console/%2f",
    ],
)
def test_what_is_not_a_file_is_not_there(
    address: str, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    parts = urlsplit(address)
    with (
        caplog.at_level(logging.ERROR),
        socket.create_connection((str(parts.hostname), parts.port or 0), timeout=10) as line,
    ):
        line.sendall(
            f"GET {path} HTTP/1.1\r\nHost: {parts.netloc}\r\nConnection: close\r\n\r\n".encode()
        )
        answer = b"".join(iter(lambda: line.recv(4096), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 404"), head
    assert json.loads(body)["error"]["message"] == "There is nothing at this address."
    assert not [record for record in caplog.records if record.exc_info]


def test_our_files_are_there(http: httpx.Client) -> None:
    for path in ("/widget/chat.js", "/static/console/console.js"):
        assert http.get(path).status_code == 200


def test_a_refusal_of_the_server_itself_has_a_sentence(http: httpx.Client) -> None:
    unknown = http.post(START, json={}, headers={"Expect": "the impossible"})
    assert refused(unknown, 417) == "This request could not be understood."
    handshake = http.get(f"{START}/{'0' * 32}/socket")
    assert 400 <= handshake.status_code < 500
    refused(handshake, handshake.status_code)


# Bodies


def test_half_a_character_is_kept_as_a_mark(
    http: httpx.Client, alice: Started, services: Services
) -> None:
    sent = post(http, alice, rb'{"client_id": "a", "text": "hello \ud800 there \ud83d\ude00"}')
    assert sent.status_code == 202, sent.text
    texts = [m.text for m in services.intake.page(alice.id, alice.token, 0).messages]
    assert "hello ? there 😀" in texts


@pytest.mark.parametrize(
    "body",
    [
        rb'{"client_id": "\ud800", "te\ud800xt": "hi"}',
        b'{"client_id": "a", "text": NaN}',
        b'{"client_id": "a", "text": -Infinity}',
        b'{"client_id": "a", "text": "hi", "n": %s}' % (b"9" * 5000),
        b'{"client_id": "a", "text": ["\\ud800"]}',
        b'"text"',
        b"7",
        b"[]",
        b"",
        b"[" * 30000,
        '{"client_id": "a", "text": "hi"}'.encode("utf-16"),
    ],
)
def test_a_strange_body_gets_a_sentence(http: httpx.Client, alice: Started, body: bytes) -> None:
    refused(post(http, alice, body), 400)


def test_of_a_key_given_twice_the_last_counts(http: httpx.Client, alice: Started) -> None:
    sent = post(http, alice, b'{"client_id": "a", "text": "one", "text": "two"}')
    assert sent.status_code == 202


@pytest.mark.parametrize("character", ["\0", "\n", "\x1b", "\x85"])
def test_control_characters_are_kept_from_the_database(
    http: httpx.Client, alice: Started, character: str
) -> None:
    bad = f"a{character}b"
    for name in ("time_zone", "locale", "page"):
        sentence = refused(http.post(START, json={name: bad}), 400)
        assert sentence == f"In this request, “{name}” must not have control characters."
    body = json.dumps({"client_id": bad, "text": "hi"}).encode()
    assert "control characters" in refused(post(http, alice, body), 400)


@pytest.mark.parametrize("name", ["%00", "a%00b", "%0a", "A" * 32, "0" * 31, "0" * 33, "%ff"])
def test_what_cannot_be_a_conversation_is_not_found(http: httpx.Client, name: str) -> None:
    token = {"Authorization": "Bearer x"}
    path = f"{START}/{name}/messages"
    assert refused(http.get(path, headers=token), 404) == "This conversation could not be found."
    refused(http.post(path, json={"client_id": "a", "text": "hi"}, headers=token), 404)


# What strangers leave behind


def test_strangers_leave_nothing_in_memory(http: httpx.Client, services: Services) -> None:
    for n in range(20):
        path = f"{START}/{n:032x}/messages?wait=25"
        refused(http.get(path, headers={"Authorization": "Bearer x"}), 404)
    assert len(services.feed) == 0


# The socket


def test_a_strangers_socket_is_closed(address: str, alice: Started) -> None:
    with socket_of(address, alice, token="of-somebody-else") as line:
        assert closing_code(line) == 4404


def test_the_socket_of_a_conversation_that_goes_away_is_closed(
    address: str, alice: Started, services: Services
) -> None:
    with socket_of(address, alice) as line:
        line.recv(timeout=10)
        line.recv(timeout=10)
        with services.database.write() as session:
            session.execute(delete(Message).where(Message.conversation_id == alice.id))
            session.execute(delete(Conversation).where(Conversation.id == alice.id))
        services.feed.wake(alice.id)  # enough here: the feed looks for itself twice a second
        assert closing_code(line) == 4404


class AwayDatabase:
    """The database as it is while its server is being started again."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def __getattr__(self, name: str) -> Any:
        return getattr(self._database, name)

    def read(self) -> Any:
        raise DatabaseUnavailable("it is being started again")


def test_a_socket_that_nobody_can_vouch_for_is_told_to_come_again(
    address: str, alice: Started, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services.intake, "_database", AwayDatabase(services.database))
    with socket_of(address, alice) as line:
        assert closing_code(line) == 1013
