"""Signing in and out."""

import asyncio

from sanic import Blueprint, HTTPResponse, Request, html, redirect

from bot.accounts import SignInRefused, TooManyAttempts
from bot.app import Services
from bot.web.console.entrance import (
    SIGN_IN,
    cookie_of,
    field,
    inside,
    is_encrypted,
    set_cookie,
)
from bot.web.pages import Pages

HASHED_AT_ONCE = 2  # each takes 64 MiB and a core; a flood waits in line, others do not notice


def sign_in_pages(routes: Blueprint, services: Services, rendering: Pages) -> None:
    """`/console/sign-in` and `/console/sign-out`."""
    turnstile = asyncio.Semaphore(HASHED_AT_ONCE)

    def page(next_page: str, email: str = "", sentence: str | None = None) -> str:
        return rendering.render(
            "console/sign_in.html", next_page=next_page, email=email, sentence=sentence
        )

    @routes.get("/sign-in", ctx_everybody=True)
    async def ask(request: Request) -> HTTPResponse:
        return html(page(inside(request.args.get("next"))))

    @routes.post("/sign-in", ctx_everybody=True)
    async def sign_in(request: Request) -> HTTPResponse:
        email, next_page = field(request, "email"), inside(field(request, "next"))
        try:
            async with turnstile:
                new = await asyncio.to_thread(
                    services.accounts.sign_in,
                    email,
                    field(request, "password"),
                    address=request.client_ip,
                    replacing=cookie_of(request),
                )
        except SignInRefused as error:
            return html(page(next_page, email, error.sentence), status=401)
        except TooManyAttempts as error:
            wait = {"Retry-After": str(int(error.wait.total_seconds()) + 1)}
            return html(page(next_page, email, error.sentence), status=429, headers=wait)
        response = redirect(next_page, status=303)
        set_cookie(
            response,
            new.cookie,
            encrypted=is_encrypted(request, services),
            seconds=int((new.expires_at - services.clock()).total_seconds()),
        )
        return response

    @routes.post("/sign-out", ctx_any_role=True)
    async def sign_out(request: Request) -> HTTPResponse:
        await asyncio.to_thread(services.accounts.sign_out, cookie_of(request) or "")
        response = redirect(SIGN_IN, status=303)
        set_cookie(response, "", encrypted=is_encrypted(request, services), seconds=0)
        return response
