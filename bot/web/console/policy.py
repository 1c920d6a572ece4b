"""The owner's page about the policy: what covers it, what is assumed, what to publish."""

import asyncio

from markupsafe import Markup
from sanic import Blueprint, HTTPResponse, Request, html

from bot.accounts import Role
from bot.app import Services
from bot.audit import make_report, report_body
from bot.web.console.entrance import person_of
from bot.web.pages import Pages


def policy_page(routes: Blueprint, services: Services, rendering: Pages) -> None:
    """`/console/policy`, for the owner only."""

    def body() -> Markup:
        report = make_report(
            services.audit,
            services.settings,
            services.calendar,
            services.demand,
            services.database,
            services.clock(),
        )
        return report_body(report)

    @routes.get("/policy")
    async def policy(request: Request) -> HTTPResponse:
        person = person_of(request)
        if person.role is not Role.OWNER:
            whom = "This page is for the owner."
            page = rendering.render("console/not_for_you.html", person=person, whom=whom)
            return html(page, status=403)
        made = await asyncio.to_thread(body)
        return html(rendering.render("console/policy.html", person=person, body=made))
