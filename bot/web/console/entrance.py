"""Who may come in: every route of the console asks, unless it says that it is for others too."""

import asyncio
import hmac
import re

from sanic import Blueprint, HTTPResponse, Request, html, redirect

from bot.accounts import Role, SignedIn
from bot.app import Services
from bot.web.errors import error_json
from bot.web.pages import Pages

COOKIE = "signed_in"
SIGN_IN = "/console/sign-in"
QUEUE = "/console/"
ROLES = frozenset({Role.AGENT, Role.OWNER})
INSIDE = re.compile(r"/console/(conversations/[0-9a-f]{32}|peaks|policy)?")
SIGNED_OUT = "You are signed out. Please sign in again in another tab; what you typed stays here."
FORM_REFUSED = "This page was too old for that. Please go back, reload it and try again."


class SignedOut(Exception):
    """The sign-in has ended since the request was let in."""


def guard(routes: Blueprint, services: Services, rendering: Pages) -> None:
    """Let agents and the owner in, and take forms only from pages made for the same sign-in.

    A route made with `ctx_everybody=True` asks for nothing, one with `ctx_any_role=True` for a
    sign-in of whatever role.
    """

    @routes.on_request
    async def admit(request: Request) -> HTTPResponse | None:
        context = request.route.ctx if request.route else None
        if getattr(context, "everybody", False):
            return None
        cookie = cookie_of(request)
        person = await asyncio.to_thread(services.accounts.who, cookie) if cookie else None
        if person is None:
            return signed_out(request)
        request.ctx.person = person
        if person.role not in ROLES and not getattr(context, "any_role", False):
            return html(rendering.render("console/not_for_you.html", person=person), status=403)
        if request.method == "POST" and not _from_our_form(request, person):
            return _form_refused(request, rendering)
        return None

    async def let_forms_say_where_they_are_from(_: Request, response: HTTPResponse) -> None:
        # Under no-referrer browsers send forms with "Origin: null", which would be refused.
        response.headers["Referrer-Policy"] = "same-origin"

    routes.middleware(let_forms_say_where_they_are_from, "response")


def person_of(request: Request) -> SignedIn:
    """The person whom the guard has let in."""
    person: SignedIn = request.ctx.person
    return person


def may_stay(request: Request, services: Services) -> None:
    """Ask again, after a wait, whether this person may be here. Raises SignedOut."""
    person = services.accounts.who(cookie_of(request) or "")
    if person is None or person.role not in ROLES:
        raise SignedOut


def cookie_of(request: Request) -> str | None:
    """The value of the sign-in's cookie."""
    value: str | None = request.cookies.get(COOKIE)
    return value


def set_cookie(response: HTTPResponse, value: str, *, encrypted: bool, seconds: int) -> None:
    """Keep the sign-in in a cookie that no script and no other site can use."""
    response.add_cookie(
        COOKIE,
        value,
        path="/",
        httponly=True,
        samesite="Strict",
        secure=encrypted,
        max_age=seconds,
    )


def is_encrypted(request: Request, services: Services) -> bool:
    """Whether the visitor's side of the connection is https, here or at a proxy before us."""
    public = services.settings.public_url or ""
    return request.scheme == "https" or public.startswith("https://")


def inside(path: str | None) -> str:
    """A page of the console to go on to; the queue for any other address."""
    return path if path and INSIDE.fullmatch(path) else QUEUE


def wants_json(request: Request) -> bool:
    """Whether the console's script asks, rather than a browser for a page."""
    return "application/json" in request.headers.get("accept", "")


def field(request: Request, name: str) -> str:
    """What a form says in this field, empty where it says nothing."""
    form = request.form
    return (form.get(name) or "") if form else ""


def signed_out(request: Request) -> HTTPResponse:
    """What somebody gets who is not signed in: a sentence for scripts, the way in for pages."""
    if wants_json(request):
        return error_json(401, "signed_out", SIGNED_OUT)
    path = inside(request.path) if request.method == "GET" else QUEUE
    return redirect(SIGN_IN if path == QUEUE else f"{SIGN_IN}?next={path}", status=303)


def _from_our_form(request: Request, person: SignedIn) -> bool:
    token = field(request, "form_token")
    return hmac.compare_digest(token.encode("utf-8", "replace"), person.form_token.encode())


def _form_refused(request: Request, rendering: Pages) -> HTTPResponse:
    if wants_json(request):
        return error_json(403, "form_refused", FORM_REFUSED)
    return html(rendering.render("console/refused.html", sentence=FORM_REFUSED), status=403)
