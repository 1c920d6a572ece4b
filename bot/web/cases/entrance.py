"""Who is at the case page: a cookie that is worth nothing until a code has proved the case."""

import hmac
import secrets
from urllib.parse import unquote

from sanic import Blueprint, HTTPResponse, Request

from bot.app import Services
from bot.cases.codes import PROOF_LASTS
from bot.tickets.reference import read_reference

COOKIE = "case_visit"
CASES = "/cases"
FORM_REFUSED = "This page was too old for that. Please try again."
_COOKIE_BYTES = 32
# Nothing here needs a script, so none may run.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)


def protect(routes: Blueprint) -> None:
    """Give every page its own headers."""

    async def add_headers(_: Request, response: HTTPResponse) -> None:
        response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
        # Under no-referrer browsers send forms with "Origin: null", which would be refused.
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["X-Robots-Tag"] = "noindex"

    routes.middleware(add_headers, "response")


def address_of(reference: str) -> str:
    """The page of a case."""
    return f"{CASES}/{reference}"


def spelled(reference: str) -> str | None:
    """The reference of an address or a form in its one spelling; None where it has a slip."""
    return read_reference(unquote(reference[:80]))


def visit_of(request: Request) -> str | None:
    """The value of the visitor's cookie."""
    value: str | None = request.cookies.get(COOKIE)
    return value


def new_visit() -> str:
    """A cookie's value that nobody can guess."""
    return secrets.token_urlsafe(_COOKIE_BYTES)


def set_visit(response: HTTPResponse, value: str, request: Request, services: Services) -> None:
    """Keep the visit in a cookie that no script and no other site can use; empty ends it."""
    public = services.settings.public_url or ""
    response.add_cookie(
        COOKIE,
        value,
        path=CASES,
        httponly=True,
        samesite="Strict",
        secure=request.scheme == "https" or public.startswith("https://"),
        max_age=int(PROOF_LASTS.total_seconds()) if value else 0,
    )


def form_token(services: Services, visit: str | None) -> str:
    """What a form of this visit carries, so that no other page can send it."""
    return services.links.form_token(visit or "")


def is_from_our_form(request: Request, services: Services) -> bool:
    """Whether a form was made for this visit."""
    visit = visit_of(request)
    given = field(request, "form_token").encode("utf-8", "replace")
    return bool(visit) and hmac.compare_digest(given, form_token(services, visit).encode())


def field(request: Request, name: str) -> str:
    """What a form says in this field, empty where it says nothing."""
    form = request.form
    return (form.get(name) or "") if form else ""
