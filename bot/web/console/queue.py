"""The queue: who waits, whom I have, what is due; and whether I am there."""

import asyncio
from dataclasses import asdict
from datetime import timedelta

from sanic import Blueprint, HTTPResponse, Request, html, json, redirect

from bot.app import Services
from bot.policy.zones import zone_label
from bot.web.console.entrance import QUEUE, field, person_of
from bot.web.console.news import news
from bot.web.console.rows import ConversationRow, DemandRow, QueueView, TicketRow, queue_view
from bot.web.console.times import Times
from bot.web.pages import Pages

DEMAND_SHOWN = timedelta(days=30)


def queue_pages(routes: Blueprint, services: Services, rendering: Pages) -> None:
    """`/console/`, its news, and the switch between available and away."""

    def view(account_id: int) -> QueueView:
        return queue_view(
            services.inbox.waiting(),
            services.inbox.in_hand(account_id),
            services.inbox.tickets(),
            services.demand.counts(services.clock() - DEMAND_SHOWN),
            services.outgoing_mails.standstill(services.clock()),
            Times(services.calendar.zone, services.clock()),
        )

    @routes.get("/")
    async def queue(request: Request) -> HTTPResponse:
        person = person_of(request)
        seen = services.feed.counter(None)  # first: what comes meanwhile is news then
        return html(
            rendering.render(
                "console/queue.html",
                person=person,
                view=await asyncio.to_thread(view, person.account_id),
                blank={
                    "conversation": ConversationRow(),
                    "ticket": TicketRow(),
                    "demand": DemandRow(),
                },
                demand_days=DEMAND_SHOWN.days,
                seen=seen,
                zone=zone_label(services.calendar.zone.key),
                is_open=services.calendar.is_open(services.clock()),
            )
        )

    @routes.get("/events")
    async def queue_events(request: Request) -> HTTPResponse:
        seen = await news(request, services, None)
        shown = await asyncio.to_thread(view, person_of(request).account_id)
        return json({"seen": seen, "view": asdict(shown)})

    @routes.post("/availability")
    async def set_available(request: Request) -> HTTPResponse:
        available = field(request, "available") == "yes"
        account_id = person_of(request).account_id
        await asyncio.to_thread(services.accounts.set_available, account_id, available)
        return redirect(QUEUE, status=303)
