"""Senders that never finish are cut by the clock on the wall; nobody else notices."""

import socket
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from bot.app import Services
from tests.web.serving import served

REQUEST_SECONDS = 1.0
CONNECTIONS = 5
# As slow as a sender gets, and quick enough that the server's own timer never runs out.
BETWEEN_BYTES = 0.1
GIVE_UP_SECONDS = 8.0


@pytest.fixture
def address(services: Services) -> Iterator[str]:
    limits = {"request_seconds": REQUEST_SECONDS, "connections_per_address": CONNECTIONS}
    with served(services, **limits) as address:
        yield address


def opened(address: str) -> socket.socket:
    parts = urlsplit(address)
    assert parts.hostname
    assert parts.port
    return socket.create_connection((parts.hostname, parts.port), timeout=GIVE_UP_SECONDS)


def trickle(line: socket.socket, drop: bytes) -> bytes:
    """Send this again and again until the other side closes; gives what it said."""
    closed = threading.Event()

    def send() -> None:
        while not closed.wait(BETWEEN_BYTES):
            try:
                line.sendall(drop)
            except OSError:
                return

    sender = threading.Thread(target=send)
    sender.start()
    said = b""
    try:
        while part := line.recv(4096):
            said += part
    except ConnectionError:
        pass  # it closed while our next byte was under way
    finally:
        closed.set()
        sender.join()
    return said


START = b"POST /api/v1/conversations HTTP/1.1\r\n"


@pytest.mark.parametrize(
    ("begin", "drop"),
    [
        (b"G", b"E"),
        (START, b"X-A: b\r\n"),
        (START + b"Host: localhost\r\nContent-Length: 60000\r\n\r\n", b" "),
        (START + b"Host: localhost\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
    ],
    ids=["first line", "headers", "body", "chunked body"],
)
def test_a_sender_that_never_finishes_is_cut(address: str, begin: bytes, drop: bytes) -> None:
    with opened(address) as line:
        line.sendall(begin)
        said = trickle(line, drop)
    assert said.startswith(b"HTTP/1.1 408")
    assert b"The request took too long to arrive." in said


def test_the_rest_of_a_refused_body_is_not_waited_for(address: str) -> None:
    with opened(address) as line:
        line.sendall(
            START + b"Host: localhost\r\nOrigin: null\r\nContent-Length: 60000\r\n\r\n",
        )
        assert trickle(line, b" ").startswith(b"HTTP/1.1 4")


def test_a_connection_that_waits_between_requests_and_a_socket_stay(
    address: str, services: Services
) -> None:
    started = services.intake.start()
    path = f"/api/v1/conversations/{started.id}"
    with (
        httpx.Client(base_url=address, timeout=GIVE_UP_SECONDS) as http,
        connect(
            f"{address.replace('http', 'ws')}{path}/socket",
            subprotocols=[Subprotocol("chat.v1"), Subprotocol(started.token)],
            proxy=None,
        ) as line,
        opened(address) as idle,
    ):
        request = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
        idle.sendall(request)
        assert idle.recv(4096).startswith(b"HTTP/1.1 200")
        line.recv(timeout=5)
        line.recv(timeout=5)
        # A read that waits for longer than a request may take to arrive.
        waited = http.get(
            f"{path}/messages?after=1&wait=2",
            headers={"Authorization": f"Bearer {started.token}"},
        )
        assert waited.status_code == 200
        idle.sendall(request)
        assert idle.recv(4096).startswith(b"HTTP/1.1 200")
        sent = http.post(
            f"{path}/messages",
            json={"client_id": "a", "text": "hello"},
            headers={"Authorization": f"Bearer {started.token}"},
        )
        assert sent.status_code == 202
        assert "hello" in str(line.recv(timeout=5))


def test_one_address_has_only_so_many_connections_and_gets_places_back(address: str) -> None:
    request = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
    lines = [opened(address) for _ in range(CONNECTIONS)]
    for line in lines:
        line.sendall(request)
        assert line.recv(4096).startswith(b"HTTP/1.1 200")
    with opened(address) as refused:
        assert ended(refused)
    for line in lines:
        line.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        while line.recv(4096):
            pass
        line.close()
    with opened(address) as again:
        again.sendall(request)
        assert again.recv(4096).startswith(b"HTTP/1.1 200")


def ended(line: socket.socket) -> bool:
    """Whether the other side closes without a word."""
    try:
        return line.recv(1) == b""
    except ConnectionError:
        return True
