"""The visitor API: start a conversation, send, read what is new."""

import asyncio
import json as notation
import re
import time
from typing import Any, Never, TypeVar

from pydantic import BaseModel, ValidationError
from sanic import Blueprint, HTTPResponse, Request, json

from bot.app import Services
from bot.attachments import AttachmentLinks
from bot.conversations.errors import ConversationNotFound
from bot.conversations.intake import Page
from bot.conversations.turns import Turns
from bot.policy import known_zone
from bot.web.errors import BodyRefused, TooManyRequests, body_refusal
from bot.web.openapi import OPENAPI
from bot.web.schemas import MessageBody, StartBody, message_json, notice_json
from bot.web.security import AddressLimit

MAX_WAIT_SECONDS = 25
MAX_SEQUENCE = 2**31 - 1

CONVERSATION_ID = re.compile(r"[0-9a-f]{32}")

Body = TypeVar("Body", bound=BaseModel)


def visitor_api(services: Services, turns: Turns) -> Blueprint:
    """The routes below /api/v1."""
    routes = Blueprint("visitor", url_prefix="/api/v1")
    limit = AddressLimit(services.settings.new_conversations_per_minute, services.clock)

    @routes.get("/openapi.json")
    async def describe(_: Request) -> HTTPResponse:
        return json(OPENAPI)

    @routes.post("/conversations")
    async def start(request: Request) -> HTTPResponse:
        if not limit.allows(request.ip):
            raise TooManyRequests
        body = read_body(request, StartBody)
        zone = body.time_zone if known_zone(body.time_zone) else None
        started = await asyncio.to_thread(
            services.intake.start, time_zone=zone, locale=body.locale, page=body.page
        )
        return json(
            {
                "id": started.id,
                "token": started.token,
                "state": started.state,
                "notice": notice_json(await asyncio.to_thread(services.peaks.notice)),
                "messages": [message_json(m, services.attachment_links) for m in started.messages],
            },
            status=201,
        )

    @routes.get("/notice")
    async def tell_notice(_: Request) -> HTTPResponse:
        return json({"notice": notice_json(await asyncio.to_thread(services.peaks.notice))})

    @routes.post("/conversations/<conversation_id:str>/messages")
    async def send(request: Request, conversation_id: str) -> HTTPResponse:
        token = bearer_token(request, conversation_id)
        # The token first: a stranger learns nothing from how a body is refused.
        await asyncio.to_thread(services.intake.authorise, conversation_id, token)
        body = read_body(request, MessageBody)
        sequence = await asyncio.to_thread(
            services.intake.receive,
            conversation_id,
            token,
            client_id=body.client_id,
            text=body.text,
            button=body.button,
            attachments=body.attachments or (),
        )
        services.feed.wake(conversation_id)
        turns.wake(conversation_id)
        return json({"sequence": sequence}, status=202)

    @routes.get("/conversations/<conversation_id:str>/messages")
    async def read(request: Request, conversation_id: str) -> HTTPResponse:
        token = bearer_token(request, conversation_id)
        after = _number(request, "after", MAX_SEQUENCE)
        wait = min(_number(request, "wait", 3600), MAX_WAIT_SECONDS)
        give_up = time.monotonic() + wait
        while True:
            seen = services.feed.counter(conversation_id)
            page = await asyncio.to_thread(services.intake.page, conversation_id, token, after)
            left = give_up - time.monotonic()
            if page.messages or left <= 0:
                break
            await services.feed.changed(conversation_id, seen, left)
        if newest := newest_of_people(page):
            await asyncio.to_thread(services.replies.seen, conversation_id, newest)
        return json(page_json(page, services.attachment_links))

    return routes


def page_json(page: Page, links: AttachmentLinks) -> dict[str, Any]:
    """What is new, in the shape of the visitor API."""
    return {
        "messages": [message_json(m, links) for m in page.messages],
        "state": page.state,
        "seen": page.seen,
    }


def newest_of_people(page: Page) -> int | None:
    """The sequence of the newest message that an agent wrote, None where none did."""
    return max((m.sequence for m in page.messages if m.sender == "agent"), default=None)


def bearer_token(request: Request, conversation_id: str) -> str:
    """The conversation's token.

    Raises ConversationNotFound when none is given, or for what cannot be a conversation's id.
    """
    if not CONVERSATION_ID.fullmatch(conversation_id):
        raise ConversationNotFound
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise ConversationNotFound
    return token.strip()


def read_body(request: Request, shape: type[Body]) -> Body:
    """The JSON body in this shape. Raises BodyRefused with what is wrong."""
    try:
        found = notation.loads(request.body.decode("utf-8"), parse_constant=_no_number)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise BodyRefused("The body of this request must be a JSON object.")
    try:
        return shape.model_validate({_whole(k): _whole(v) for k, v in found.items()})
    except ValidationError as error:
        raise body_refusal(error) from None


def _whole(value: Any) -> Any:
    """Text with a mark for each half of a character, as half an emoji of a broken client."""
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else value


def _no_number(name: str) -> Never:
    raise ValueError(name)


def _number(request: Request, name: str, most: int) -> int:
    text = request.args.get(name, "0")
    if not text.isascii() or not text.isdecimal() or len(text) > 12 or int(text) > most:
        raise BodyRefused(f"“{name}” must be a whole number from 0 to {most}.")
    return int(text)
