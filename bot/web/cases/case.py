"""One case, for the visitor who proved it: what is told of it, and a form to add to it."""

import asyncio
import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sanic import Blueprint, HTTPResponse, Request, html, redirect
from sanic.exceptions import NotFound

from bot.app import Services
from bot.cases import CaseView
from bot.conversations.errors import ConversationError, MessageTooLong
from bot.conversations.text import MAX_CHARACTERS
from bot.mail.formats import FormatView
from bot.policy.zones import zone_label
from bot.web.cases.entrance import (
    CASES,
    FORM_REFUSED,
    address_of,
    field,
    form_token,
    is_from_our_form,
    set_visit,
    spelled,
    visit_of,
)
from bot.web.cases.proof import SLIP, ask_page, code_page
from bot.web.downloads import NO_SUCH_FILE, download
from bot.web.pages import Pages

MEGABYTE = 1024 * 1024
CLIENT_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Draft:
    """What was typed and refused, with the sentence that says why."""

    text: str
    sentence: str
    status: int


def case_pages(routes: Blueprint, services: Services, rendering: Pages) -> None:
    """`/cases/REFERENCE` and what can be done there."""

    async def proved(request: Request, reference: str) -> bool:
        visit = visit_of(request) or ""
        return await asyncio.to_thread(services.codes.is_proved, visit, reference)

    async def case(request: Request, reference: str, draft: Draft | None = None) -> HTTPResponse:
        view = await asyncio.to_thread(services.cases.view, reference)
        page = rendering.render(
            "cases/case.html",
            format=await asyncio.to_thread(services.formats.of_address, view.email or ""),
            format_kept=request.args.get("format") == "1",
            view=view,
            says=Says(view),
            added=request.args.get("added") == "1",
            draft=draft,
            form_token=form_token(services, visit_of(request)),
            client_id=secrets.token_hex(16),
            longest=MAX_CHARACTERS,
        )
        return html(page, status=draft.status if draft else 200)

    async def unproved(request: Request, reference: str) -> HTTPResponse:
        visit = visit_of(request) or ""
        if await asyncio.to_thread(services.codes.is_asked, visit, reference):
            return html(code_page(rendering, services, reference, visit))
        return html(ask_page(rendering, reference))

    @routes.get(f"{CASES}/<reference:str>")
    async def show(request: Request, reference: str) -> HTTPResponse:
        found = spelled(reference)
        if found is None:
            return html(rendering.render("cases/find.html", sentence=SLIP, typed=""), status=400)
        if await proved(request, found):
            return await case(request, found)
        return await unproved(request, found)

    @routes.post(f"{CASES}/<reference:str>/messages")
    async def add(request: Request, reference: str) -> HTTPResponse:
        found = spelled(reference)
        if found is None or not await proved(request, found):
            return redirect(address_of(found) if found else CASES, status=303)
        text, client_id = field(request, "text"), field(request, "client_id")
        if not is_from_our_form(request, services) or not CLIENT_ID.fullmatch(client_id):
            return await case(request, found, Draft(text, FORM_REFUSED, 403))
        try:
            conversation = await asyncio.to_thread(services.cases.add, found, text, client_id)
        except ConversationError as refused:
            status = 413 if isinstance(refused, MessageTooLong) else 400
            return await case(request, found, Draft(text, refused.sentence, status))
        if conversation:
            services.feed.wake(conversation)
        return redirect(f"{address_of(found)}?added=1#messages", status=303)

    @routes.post(f"{CASES}/<reference:str>/format")
    async def keep_format(request: Request, reference: str) -> HTTPResponse:
        """How every later mail to the case's address is written (section 5.2)."""
        found = spelled(reference)
        if found is None or not await proved(request, found):
            return redirect(address_of(found) if found else CASES, status=303)
        if not is_from_our_form(request, services):
            return await case(request, found, Draft("", FORM_REFUSED, 403))
        view = await asyncio.to_thread(services.cases.view, found)
        known = await asyncio.to_thread(services.formats.of_address, view.email or "")
        if known is None:
            raise NotFound("This case has no address that mail could go to.")
        wanted = FormatView(
            known.address,
            plain_text=field(request, "plain_text") == "1",
            large_print=field(request, "large_print") == "1",
        )
        await asyncio.to_thread(services.formats.keep, wanted)
        return redirect(f"{address_of(found)}?format=1#formats", status=303)

    @routes.get(f"{CASES}/<reference:str>/attachments/<number:int>")
    async def attachment(request: Request, reference: str, number: int) -> HTTPResponse:
        """A file of the case; the address is worth nothing without the proof."""
        found = spelled(reference)
        if found is None or not await proved(request, found):
            return redirect(address_of(found) if found else CASES, status=303)
        view = await asyncio.to_thread(services.cases.view, found)
        file = next((file for file in view.attachments if file.id == number), None)
        if file is None:
            raise NotFound(NO_SUCH_FILE)
        path = services.attachments.path_of(file.stored_as)
        return await download(path, file.name, file.content_type)

    @routes.post(f"{CASES}/<reference:str>/leave")
    async def leave(request: Request, reference: str) -> HTTPResponse:
        if is_from_our_form(request, services):
            await asyncio.to_thread(services.codes.end, visit_of(request) or "")
        response = redirect(CASES, status=303)
        set_visit(response, "", request, services)
        return response


class Says:
    """Names and times of a case as its page says them, in the visitor's own time zone."""

    def __init__(self, view: CaseView) -> None:
        self._zone = ZoneInfo(view.time_zone)
        self.zone = zone_label(view.time_zone)
        self.category = view.category.replace("_", " ")

    def at(self, instant: datetime) -> str:
        """ "Tue 17 November 2026, 10:00 am"."""
        local = instant.astimezone(self._zone)
        hour = local.hour % 12 or 12
        half = "am" if local.hour < 12 else "pm"
        return f"{local:%a} {local.day} {local:%B %Y}, {hour}:{local:%M} {half}"

    @staticmethod
    def size(octets: int) -> str:
        """ "1.4 MB"."""
        return f"{max(octets / MEGABYTE, 0.1):.1f} MB"

    @staticmethod
    def sender(sender: str, name: str | None) -> str:
        """Who wrote a message."""
        if sender == "agent":
            return name or "Our team"
        return {"visitor": "You", "bot": "Assistant"}.get(sender, "Notice")
