"""The visitor's socket: messages and states as they come. Sending is by POST only."""

import asyncio
import json
import logging
from datetime import datetime
from typing import Any

from sanic import Blueprint, Request, Websocket
from sanic.exceptions import WebsocketClosed
from websockets.exceptions import ConnectionClosed

from bot.app import Services
from bot.conversations.errors import ConversationNotFound
from bot.conversations.intake import Page
from bot.storage import DatabaseUnavailable
from bot.web.schemas import message_json
from bot.web.visitor import CONVERSATION_ID, newest_of_people

PROTOCOL = "chat.v1"
# A window that misses a wake-up reads again after this long; it also finds a dead connection.
READ_AGAIN_SECONDS = 20.0
TRY_AGAIN_SECONDS = 1.0
PONG_SECONDS = 20.0
CLOSE_NOT_FOUND = 4404
CLOSE_SENDING = 4400
CLOSE_TRY_AGAIN = 1013

log = logging.getLogger(__name__)


def visitor_socket(services: Services) -> Blueprint:
    """The one socket route below /api/v1."""
    routes = Blueprint("visitor_socket", url_prefix="/api/v1")

    @routes.websocket(  # type: ignore[untyped-decorator]
        "/conversations/<conversation_id:str>/socket", subprotocols=[PROTOCOL]
    )
    async def follow(request: Request, socket: Websocket, conversation_id: str) -> None:
        token, after = _token(request), _after(request)
        if not CONVERSATION_ID.fullmatch(conversation_id):
            await _close(socket, ConversationNotFound())
            return
        sent: asyncio.Queue[int] = asyncio.Queue()
        parts = [
            asyncio.create_task(_send(services, socket, conversation_id, token, after, sent)),
            asyncio.create_task(_note_arrivals(services, socket, conversation_id, sent)),
            asyncio.create_task(_refuse_frames(socket)),
        ]
        try:
            ended, _ = await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for part in parts:
                part.cancel()
            await asyncio.gather(*parts, return_exceptions=True)
        for part in ended:
            if not part.cancelled() and (failure := part.exception()):
                await _close(socket, failure)

    return routes


async def _close(socket: Websocket, failure: BaseException) -> None:
    """Tell the window why it hears no more, so that it does not wait for ever."""
    if isinstance(failure, ConnectionClosed):
        return
    if isinstance(failure, ConversationNotFound):
        await socket.close(CLOSE_NOT_FOUND, failure.sentence)
        return
    if not isinstance(failure, DatabaseUnavailable):
        log.error("a socket failed", exc_info=failure)
    await socket.close(CLOSE_TRY_AGAIN, "Please connect again in a moment.")


async def _send(
    services: Services,
    socket: Websocket,
    conversation_id: str,
    token: str,
    after: int,
    sent: asyncio.Queue[int],
) -> None:
    """Send what is new; of what people wrote the newest sequence goes to `sent`."""
    told = _Told()
    while True:
        seen = services.feed.counter(conversation_id)
        try:
            page = await asyncio.to_thread(services.intake.page, conversation_id, token, after)
        except DatabaseUnavailable:
            if told.state is None:
                raise  # nobody knows yet whose socket it is
            # The window stays open and goes on when it is back.
            await asyncio.sleep(TRY_AGAIN_SECONDS)
            continue
        for frame in told.frames(services, conversation_id, page):
            await socket.send(json.dumps(frame))
        if newest := newest_of_people(page):
            sent.put_nowait(newest)
        after = page.messages[-1].sequence if page.messages else after
        await services.feed.changed(conversation_id, seen, READ_AGAIN_SECONDS)


async def _note_arrivals(
    services: Services, socket: Websocket, conversation_id: str, sent: asyncio.Queue[int]
) -> None:
    """A window that answers has what was sent before: a line that is dead takes frames, too."""
    while True:
        newest = await sent.get()
        try:
            async with asyncio.timeout(PONG_SECONDS):
                await (await socket.ping())
        except TimeoutError:
            continue
        except WebsocketClosed:
            return
        await asyncio.to_thread(services.replies.seen, conversation_id, newest)


class _Told:
    """What a window knows, so that each thing is told once."""

    def __init__(self) -> None:
        self.state: str | None = None
        self.seen = 0
        self.typing: dict[str, datetime] = {}

    def frames(self, services: Services, conversation_id: str, page: Page) -> list[dict[str, Any]]:
        """What is new, in the order to show it."""
        links = services.attachment_links
        frames: list[dict[str, Any]] = [
            {"type": "message", "message": message_json(m, links)} for m in page.messages
        ]
        if page.state != self.state:
            self.state = page.state
            frames.append({"type": "state", "state": page.state})
        if page.seen > self.seen:
            self.seen = page.seen
            frames.append({"type": "seen", "sequence": page.seen})
        for sender in ("agent", "bot"):
            since = services.typing.since(conversation_id, sender)
            if since and since != self.typing.get(sender):
                self.typing[sender] = since
                frames.append({"type": "typing", "sender": sender})
        return frames


async def _refuse_frames(socket: Websocket) -> None:
    """Wait for the other side to go; anything it sends ends the connection."""
    try:
        if await socket.recv() is not None:
            await socket.close(CLOSE_SENDING, "Messages are sent by POST.")
    except ConnectionClosed:
        return


def _token(request: Request) -> str:
    offered = [p.strip() for p in request.headers.get("sec-websocket-protocol", "").split(",")]
    return next((p for p in offered if p and p != PROTOCOL), "")


def _after(request: Request) -> int:
    text = request.args.get("after", "0")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
