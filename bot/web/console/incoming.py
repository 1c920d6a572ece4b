"""Mail that came in, as agents see it: beside its conversation, and what was put aside."""

import asyncio
from dataclasses import dataclass

from sanic import Blueprint, HTTPResponse, Request, html, redirect
from sanic.exceptions import NotFound

from bot.app import Services
from bot.mail.incoming_view import IncomingView
from bot.mail.message import one_line
from bot.mail.receiving import NotAside
from bot.policy.zones import zone_label
from bot.web.console.entrance import QUEUE, field, person_of
from bot.web.console.news import LARGEST, number_of
from bot.web.console.rows import address_of
from bot.web.console.times import Times
from bot.web.downloads import NO_SUCH_FILE, download
from bot.web.errors import BodyRefused
from bot.web.pages import Pages

MEGABYTE = 1024 * 1024
LONGEST_REASON = 200
NO_SUCH_MAIL = "There is no mail put aside of which a case can be made here."


@dataclass(frozen=True)
class MailCard:
    """A mail: who, when, what is odd about it, and its whole text."""

    sender: str
    subject: str
    at: str
    notes: list[str]
    text: str
    case_id: int | None = None  # of a mail put aside, of which a case can be made


@dataclass(frozen=True)
class FileRow:
    """An attachment and where it is downloaded."""

    name: str
    size: str
    href: str


@dataclass(frozen=True)
class IncomingPart:
    """What stands beside a conversation that goes on by mail."""

    mails: list[MailCard]
    files: list[FileRow]
    draft: str
    understood: str


def incoming_part(services: Services, conversation_id: str, times: Times) -> IncomingPart:
    """The mails, files and draft of a conversation; all empty for one in the chat."""
    mails = services.incoming_mails
    draft = mails.draft(conversation_id)
    parts = draft.understood if draft else []
    return IncomingPart(
        mails=[_card(mail, times) for mail in mails.of_conversation(conversation_id)],
        files=[
            FileRow(
                name=file.name,
                size=f"{max(file.size / MEGABYTE, 0.1):.1f} MB",
                href=f"/console/attachments?conversation={conversation_id}&id={file.id}",
            )
            for file in mails.attachments(conversation_id)
        ],
        draft=draft.text if draft else "",
        understood="; ".join(f"{p.get('label')} {float(p['confidence']):.0%}" for p in parts),
    )


def _card(mail: IncomingView, times: Times) -> MailCard:
    return MailCard(
        mail.sender,
        mail.subject,
        times.at(mail.received_at),
        mail.notes,
        mail.text,
        mail.id if mail.can_be_case else None,
    )


def incoming_pages(routes: Blueprint, services: Services, rendering: Pages) -> None:
    """`/console/attachments?conversation=…&id=…`, and `/console/mail-aside` with its cases."""

    @routes.get("/attachments")
    async def attachment(request: Request) -> HTTPResponse:
        conversation_id = request.args.get("conversation")
        if conversation_id is None:
            return redirect(QUEUE, status=303)
        found = await asyncio.to_thread(services.incoming_mails.attachments, conversation_id)
        file = next((f for f in found if f.id == number_of(request, "id")), None)
        if file is None:
            raise NotFound(NO_SUCH_FILE)
        small = file.thumbnail_as if request.args.get("size") == "thumbnail" else None
        path = services.attachments.path_of(small or file.stored_as)
        return await download(path, file.name, file.content_type, shown=small is not None)

    @routes.get("/mail-aside")
    async def put_aside(request: Request) -> HTTPResponse:
        times = Times(services.calendar.zone, services.clock())
        mails = await asyncio.to_thread(services.incoming_mails.put_aside)
        return html(
            rendering.render(
                "console/mail_aside.html",
                person=person_of(request),
                mails=[_card(mail, times) for mail in mails],
                zone=zone_label(services.calendar.zone.key),
            )
        )

    @routes.post("/mail-aside/<mail_id:int>/case")
    async def make_case(request: Request, mail_id: int) -> HTTPResponse:
        reason = one_line(field(request, "reason"), LONGEST_REASON)
        if not reason:
            raise BodyRefused("Say why it is a case.")
        if mail_id > LARGEST:
            raise NotFound(NO_SUCH_MAIL)
        try:
            conversation_id = await asyncio.to_thread(
                services.receiving.take_up, mail_id, person_of(request).name, reason
            )
        except NotAside as error:
            raise NotFound(NO_SUCH_MAIL) from error
        return redirect(address_of(conversation_id), status=303)
