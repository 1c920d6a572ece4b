"""Peak periods: what was added, what the site says of them, adding and removing."""

import asyncio
from collections.abc import Callable
from datetime import date

from sanic import Blueprint, HTTPResponse, Request, html, redirect

from bot.app import Services
from bot.peaks import PeakRefused
from bot.policy.zones import zone_label
from bot.web.console.entrance import field, person_of
from bot.web.console.times import Times
from bot.web.pages import Pages

PEAKS = "/console/peaks"
A_DAY_WANTED = "Please give both days, such as 2026-11-27."
FIELDS = ("first", "last", "notice")


def peak_pages(routes: Blueprint, services: Services, rendering: Pages) -> None:
    """`/console/peaks`."""

    async def page(request: Request, refused: PeakRefused | None = None) -> HTTPResponse:
        """The page; after a refusal with its sentence and with what was typed."""
        usual = {"first": "", "last": "", "notice": services.peaks.default_notice}
        typed = {name: field(request, name) for name in FIELDS}
        return html(
            rendering.render(
                "console/peaks.html",
                person=person_of(request),
                peaks=await asyncio.to_thread(services.peaks.all),
                times=Times(services.calendar.zone, services.clock()),
                zone=zone_label(services.calendar.zone.key),
                draft=typed if refused else usual,
                sentence=refused.sentence if refused else None,
            ),
            status=400 if refused else 200,
        )

    async def do(
        request: Request, act: Callable[..., object], *read: Callable[[], object]
    ) -> HTTPResponse:
        """Do what was asked for with what the form says, and show the page again."""
        try:
            await asyncio.to_thread(act, *(value() for value in read))
        except PeakRefused as refused:
            return await page(request, refused)
        return redirect(PEAKS, status=303)

    @routes.get("/peaks")
    async def peaks(request: Request) -> HTTPResponse:
        return await page(request)

    @routes.post("/peaks/add")
    async def add_peak(request: Request) -> HTTPResponse:
        return await do(
            request,
            services.peaks.add,
            lambda: _day(field(request, "first")),
            lambda: _day(field(request, "last")),
            lambda: field(request, "notice"),
            lambda: person_of(request).account_id,
        )

    @routes.post("/peaks/remove")
    async def remove_peak(request: Request) -> HTTPResponse:
        return await do(request, services.peaks.remove, lambda: _number(field(request, "peak")))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise PeakRefused(A_DAY_WANTED) from None


def _number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise PeakRefused("There is no such peak period.")
    return int(text)
