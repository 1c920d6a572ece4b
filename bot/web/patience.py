"""How long a request may take to arrive, and how many connections one address may hold."""

import asyncio
import ipaddress
from collections import Counter
from typing import Any

from sanic.exceptions import RequestTimeout
from sanic.http import Http, Stage
from sanic.server.protocols.websocket_protocol import WebSocketProtocol

# A window has at most seven; the rest is for offices and schools behind one address.
CONNECTIONS_PER_ADDRESS = 200


class ArrivingHttp(Http):
    """Tells its connection where one request ends and the next begins."""

    def init_for_request(self) -> None:
        """Begin with the next request; it has all its time before it."""
        super().init_for_request()  # type: ignore[no-untyped-call]
        protocol: Any = self.protocol
        protocol.arrives_by = None


class PatientProtocol(WebSocketProtocol):
    """HTTP and sockets, with a deadline from a request's first byte to its last.

    The server's own timer starts again with every byte, so that a client that sends a byte a
    second is never cut by it. Connections that wait between two requests, and sockets, are not
    touched. The seconds are the configuration's REQUEST_TIMEOUT; the connections allowed to one
    address are `app.ctx.connections_per_address`.
    """

    __slots__ = ("_address", "arrives_by")
    HTTP_CLASS = ArrivingHttp

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.arrives_by: float | None = None
        self._address: str | None = None

    def connection_made(self, transport: Any) -> None:
        """Take the connection, unless its address has too many already."""
        address = _address_of(transport)
        held = connections_by_address(self.app)
        if held[address] >= self.app.ctx.connections_per_address and not self._is_proxy(address):
            transport.abort()
            return
        held[address] += 1
        self._address = address
        super().connection_made(transport)  # type: ignore[no-untyped-call]

    def connection_lost(self, exc: Exception | None) -> None:
        """Give the address its place back."""
        if self._address is None:
            return  # it was never taken
        held = connections_by_address(self.app)
        held[self._address] -= 1
        if not held[self._address]:
            del held[self._address]
        super().connection_lost(exc)  # type: ignore[no-untyped-call]

    def data_received(self, data: bytes) -> None:
        """Pass on what came, unless the connection was refused."""
        if self._address is not None:
            super().data_received(data)  # type: ignore[no-untyped-call]

    async def receive_more(self) -> None:
        """Wait for more of a request until its deadline. Raises RequestTimeout."""
        http = self._http
        # After an answer, too, the stage is idle, while the rest of the body is still read.
        if http is None or (http.stage is Stage.IDLE and not http.request_body):
            await super().receive_more()  # type: ignore[no-untyped-call]
            return
        if self.arrives_by is None:
            self.arrives_by = self.loop.time() + self.request_timeout
        try:
            async with asyncio.timeout_at(self.arrives_by):
                await super().receive_more()  # type: ignore[no-untyped-call]
        except TimeoutError:
            http.keep_alive = False
            if http.response is not None:
                # It has been answered; nobody waits for the rest of its body.
                raise asyncio.CancelledError from None
            raise RequestTimeout from None

    def _is_proxy(self, address: str) -> bool:
        """Whether all visitors may come from this address, by way of the shop's own proxy."""
        if not self.app.ctx.services.settings.public_url:
            return False
        try:
            return ipaddress.ip_address(address).is_private
        except ValueError:
            return False


def connections_by_address(app: Any) -> Counter[str]:
    """The open connections of each address."""
    held: Counter[str] = app.ctx.connections
    return held


def _address_of(transport: Any) -> str:
    peer = transport.get_extra_info("peername")
    return str(peer[0]) if peer else ""
