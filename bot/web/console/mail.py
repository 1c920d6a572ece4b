"""The mails that were written: the newest in a list, and one as its reader has it; read-only."""

import asyncio
from dataclasses import dataclass

from sanic import Blueprint, HTTPResponse, Request, html

from bot.app import Services
from bot.mail.outgoing import NEWEST, MailState, OutgoingMailView
from bot.policy.zones import zone_label
from bot.web.console.entrance import person_of
from bot.web.console.rows import address_of
from bot.web.console.times import Times
from bot.web.pages import Pages

# How the page shows each state, in the tones that the console's other clocks have.
TONES = {MailState.WAITING: "soon", MailState.SENT: "answered", MailState.REFUSED: "late"}


@dataclass(frozen=True)
class MailRow:
    """A mail in the words of the page."""

    id: int
    to: str
    subject: str
    template: str
    state: str
    tone: str
    reference: str
    href: str
    at: str
    sent: str
    next_attempt: str
    attempts: int
    cause: str
    text: str
    has_html: bool


def mail_pages(routes: Blueprint, services: Services, rendering: Pages) -> None:
    """`/console/mail` and `/console/mail/NUMBER`."""
    zone = services.calendar.zone

    @routes.get("/mail")
    async def newest(request: Request) -> HTTPResponse:
        now = services.clock()
        mails = await asyncio.to_thread(services.outgoing_mails.newest)
        standstill = await asyncio.to_thread(services.outgoing_mails.standstill, now)
        times = Times(zone, now)
        return html(
            rendering.render(
                "console/mails.html",
                person=person_of(request),
                mails=[_row(mail, times) for mail in mails],
                newest=NEWEST,
                standstill=standstill,
                since=times.at(standstill.since) if standstill else "",
                mailbox=None if services.settings.smtp_url else services.settings.mailbox_dir,
                zone=zone_label(zone.key),
            )
        )

    @routes.get("/mail/<mail_id:int>")
    async def one(request: Request, mail_id: int) -> HTTPResponse:
        mail = await asyncio.to_thread(services.outgoing_mails.one, mail_id)
        return html(
            rendering.render(
                "console/mail.html",
                person=person_of(request),
                mail=_row(mail, Times(zone, services.clock())),
                zone=zone_label(zone.key),
            )
        )


def _row(mail: OutgoingMailView, times: Times) -> MailRow:
    return MailRow(
        id=mail.id,
        to=mail.to,
        subject=mail.subject,
        template=mail.template.replace("_", " "),
        state=mail.state,
        tone=TONES[mail.state],
        reference=mail.reference or "",
        href=address_of(mail.conversation_id) if mail.conversation_id else "",
        at=times.at(mail.created_at),
        sent=times.at(mail.sent_at),
        next_attempt=times.at(mail.next_attempt_at),
        attempts=mail.attempts,
        cause=mail.cause or "",
        text=mail.text,
        has_html=mail.has_html,
    )
