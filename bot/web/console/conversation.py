"""One conversation: read it, take it, answer, hand back, resolve its tickets."""

import asyncio
import re
import secrets
from collections.abc import Callable
from dataclasses import asdict

from sanic import Blueprint, HTTPResponse, Request, html, json, redirect

from bot.app import Services
from bot.conversations.errors import (
    ConversationError,
    ConversationNotFound,
    MessageRefused,
    MessageTooLong,
    NotPossible,
    NotYours,
)
from bot.conversations.typing import SHOWN_FOR
from bot.policy.zones import zone_label
from bot.tickets import IllegalMove, TicketNotFound
from bot.tickets.reference import read_reference
from bot.tickets.states import RESOLVED
from bot.web.console.entrance import field, person_of, wants_json
from bot.web.console.incoming import incoming_part
from bot.web.console.news import LARGEST, news, number_of
from bot.web.console.rows import address_of
from bot.web.console.times import Times
from bot.web.console.transcript import (
    ClockRow,
    ConversationView,
    DetailRow,
    LineRow,
    MessageRow,
    MoveRow,
    OrderCard,
    PictureRow,
    TicketCard,
    conversation_view,
)
from bot.web.errors import BodyRefused
from bot.web.pages import Pages
from bot.web.visitor import CONVERSATION_ID

STATUS_OF = {NotYours: 409, NotPossible: 409, MessageTooLong: 413, MessageRefused: 400}
CLIENT_ID = re.compile(r"[0-9a-f]{32}")
LONGEST_REASON = 500
REASON_WANTED = f"Please say in 1 to {LONGEST_REASON} characters why, or how it was resolved."
BLANK = {
    "message": MessageRow(),
    "picture": PictureRow(),
    "ticket": TicketCard(),
    "clock": ClockRow(),
    "move": MoveRow(),
    "detail": DetailRow(),
    "order": OrderCard(),
    "line": LineRow(),
}


def conversation_pages(routes: Blueprint, services: Services, rendering: Pages) -> None:
    """`/console/conversations/…`."""

    def view(conversation_id: str, account_id: int, after: int = 0) -> ConversationView:
        return conversation_view(
            services.inbox.conversation(conversation_id),
            account_id,
            Times(services.calendar.zone, services.clock()),
            after=after,
            is_typing=services.typing.since(conversation_id, "visitor") is not None,
        )

    async def page(
        request: Request, conversation_id: str, refused: ConversationError | None = None
    ) -> HTTPResponse:
        """The page; after a refusal with its sentence and with what was typed."""
        person = person_of(request)
        seen = services.feed.counter(conversation_id)
        times = Times(services.calendar.zone, services.clock())
        incoming = await asyncio.to_thread(incoming_part, services, conversation_id, times)
        typed = field(request, "text") if refused else ""
        return html(
            rendering.render(
                "console/conversation.html",
                person=person,
                view=await asyncio.to_thread(view, conversation_id, person.account_id),
                blank=BLANK,
                seen=seen,
                address=address_of(conversation_id),
                zone=zone_label(services.calendar.zone.key),
                client_id=secrets.token_hex(16),
                sentence=refused.sentence if refused else None,
                draft=typed or (incoming.draft if request.args.get("draft") else ""),
                incoming=incoming,
                formats=await asyncio.to_thread(services.formats.of_conversation, conversation_id),
            ),
            status=STATUS_OF.get(type(refused), 400) if refused else 200,
        )

    async def do(
        request: Request, conversation_id: str, act: Callable[..., object], *values: object
    ) -> HTTPResponse:
        """Do what an agent asked for, tell the open windows, and show the page again."""
        try:
            await asyncio.to_thread(act, *values)
        except ConversationNotFound:
            raise
        except ConversationError as refused:
            if wants_json(request):
                raise
            return await page(request, conversation_id, refused)
        services.feed.wake(conversation_id)
        if wants_json(request):
            return json({"client_id": secrets.token_hex(16)})
        return redirect(address_of(conversation_id), status=303)

    def move_its_ticket(
        conversation_id: str, reference: str, account_id: int, to_state: str, reason: str
    ) -> None:
        tickets = services.inbox.conversation(conversation_id).tickets
        if read_reference(reference) not in {ticket.reference for ticket in tickets}:
            raise TicketNotFound(reference)
        try:
            services.desk.move(reference, account_id, to_state, reason)
        except IllegalMove as illegal:
            raise NotPossible(str(illegal)) from illegal

    @routes.on_request
    async def only_ids(request: Request) -> None:
        conversation_id = request.match_info.get("conversation_id")
        if conversation_id is not None and not CONVERSATION_ID.fullmatch(conversation_id):
            raise ConversationNotFound

    @routes.get("/conversations/<conversation_id:str>")
    async def show(request: Request, conversation_id: str) -> HTTPResponse:
        return await page(request, conversation_id)

    @routes.get("/conversations/<conversation_id:str>/events")
    async def conversation_events(request: Request, conversation_id: str) -> HTTPResponse:
        after = number_of(request, "after")
        # A visitor who stops typing sends nothing: the page looks again by itself.
        longest = SHOWN_FOR if services.typing.since(conversation_id, "visitor") else None
        seen = await news(request, services, conversation_id, longest)
        shown = await asyncio.to_thread(view, conversation_id, person_of(request).account_id, after)
        return json({"seen": seen, "view": asdict(shown)})

    @routes.post("/conversations/<conversation_id:str>/reply")
    async def reply(request: Request, conversation_id: str) -> HTTPResponse:
        client_id, text = field(request, "client_id"), field(request, "text")
        if not CLIENT_ID.fullmatch(client_id):
            raise BodyRefused("This form was not made by the console.")
        values = (conversation_id, person_of(request).account_id, text, client_id)
        services.typing.ended(conversation_id, "agent")
        return await do(request, conversation_id, services.desk.reply, *values)

    @routes.post("/conversations/<conversation_id:str>/typing")
    async def type_on(request: Request, conversation_id: str) -> HTTPResponse:
        account_id = person_of(request).account_id
        if await asyncio.to_thread(services.desk.may_answer, conversation_id, account_id):
            services.typing.note(conversation_id, "agent")
        return json({})

    @routes.post("/conversations/<conversation_id:str>/seen")
    async def have_seen(request: Request, conversation_id: str) -> HTTPResponse:
        sequence = field(request, "sequence")
        up_to = int(sequence) if sequence.isascii() and sequence.isdecimal() else 0
        if await asyncio.to_thread(services.desk.have_seen, conversation_id, min(up_to, LARGEST)):
            services.feed.wake(conversation_id)
        return json({})

    @routes.post("/conversations/<conversation_id:str>/claim")
    async def claim(request: Request, conversation_id: str) -> HTTPResponse:
        values = (conversation_id, person_of(request).account_id)
        return await do(request, conversation_id, services.desk.claim, *values)

    @routes.post("/conversations/<conversation_id:str>/hand-back")
    async def hand_back(request: Request, conversation_id: str) -> HTTPResponse:
        values = (conversation_id, person_of(request).account_id)
        return await do(request, conversation_id, services.desk.hand_back, *values)

    async def move_to(request: Request, conversation_id: str, to_state: str) -> HTTPResponse:
        reason = _one_line(field(request, "reason"))
        if not 0 < len(reason) <= LONGEST_REASON:
            return await page(request, conversation_id, MessageRefused(REASON_WANTED))
        account_id = person_of(request).account_id
        values = (conversation_id, field(request, "reference"), account_id, to_state, reason)
        return await do(request, conversation_id, move_its_ticket, *values)

    @routes.post("/conversations/<conversation_id:str>/move")
    async def move(request: Request, conversation_id: str) -> HTTPResponse:
        return await move_to(request, conversation_id, field(request, "to_state"))

    @routes.post("/conversations/<conversation_id:str>/resolve")
    async def resolve(request: Request, conversation_id: str) -> HTTPResponse:
        return await move_to(request, conversation_id, RESOLVED)


def _one_line(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
