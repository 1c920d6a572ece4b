"""Every failure as one JSON shape with a sentence a visitor can read, and never a trace."""

import logging
from typing import Any

from pydantic import ValidationError
from sanic import HTTPResponse, Request, Sanic, html, json
from sanic.exceptions import SanicException

from bot.attachments import errors as attachment
from bot.conversations import errors as conversation
from bot.mail.transcripts import AddressRefused, TooManyTranscripts
from bot.storage import DatabaseUnavailable, ValueRefused
from bot.tickets import TicketNotFound
from bot.web.security import HostRefused, OriginRefused

log = logging.getLogger(__name__)

_STATUS_OF: dict[type[Exception], int] = {
    conversation.ConversationNotFound: 404,
    conversation.MessageRefused: 400,
    conversation.MessageTooLong: 413,
    conversation.ClientIdReused: 409,
    conversation.TooManyMessages: 429,
    conversation.NotYours: 409,
    conversation.NotPossible: 409,
    TooManyTranscripts: 429,
    AddressRefused: 400,
    attachment.AttachmentTooLarge: 413,
    attachment.AttachmentNotSupported: 415,
    attachment.AttachmentTooManyPixels: 415,
    attachment.TooManyAttachments: 429,
    attachment.AttachmentReused: 409,
    attachment.AttachmentNotThere: 409,
}
_SENTENCE_OF: dict[int, tuple[str, str]] = {
    400: ("bad_request", "This request could not be understood."),
    403: ("forbidden", "This is not allowed."),
    404: ("not_found", "There is nothing at this address."),
    405: ("method_not_allowed", "This address does not take requests of this kind."),
    408: ("timeout", "The request took too long to arrive. Please send it again."),
    413: ("too_large", "That is too large to send. Please shorten it or send it in parts."),
}
_BROKEN = ("internal_error", "Something went wrong on our side. Please try again in a moment.")
_BUSY = ("unavailable", "We could not store that just now. Please send it again in a moment.")
RETRY_AFTER_SECONDS = 2


class BodyRefused(Exception):
    """A body that is not what the call wants; the text says what and where."""


class TooManyRequests(Exception):
    """More than one address may ask for in a minute."""


def error_json(
    status: int, code: str, message: str, headers: dict[str, str] | None = None
) -> HTTPResponse:
    """The one shape of errors."""
    return json({"error": {"code": code, "message": message}}, status=status, headers=headers or {})


def answer_failures(app: Sanic[Any, Any]) -> None:
    """Translate every exception, once, at the edge."""

    @app.exception(Exception)
    async def failed(request: Request, error: Exception) -> HTTPResponse:
        status, code, message, headers = _described(error)
        if status >= 500 and not isinstance(error, DatabaseUnavailable):
            log.error("a request to %s failed", request.path, exc_info=error)
        if _wants_a_page(request):
            return html(_page(request, message), status=status, headers=headers)
        return error_json(status, code, message, headers)


def _described(error: Exception) -> tuple[int, str, str, dict[str, str]]:
    wait = {"Retry-After": str(RETRY_AFTER_SECONDS)}
    if isinstance(error, conversation.ConversationError | attachment.AttachmentError):
        status = _STATUS_OF.get(type(error), 400)
        return status, error.code, error.sentence, wait if status == 429 else {}
    if isinstance(error, TicketNotFound):
        return 404, "ticket_not_found", "There is no case with this reference.", {}
    if isinstance(error, BodyRefused):
        return 400, "bad_request", str(error), {}
    if isinstance(error, OriginRefused):
        return 403, "origin_not_allowed", "Requests from this site are not allowed.", {}
    if isinstance(error, HostRefused):
        return 421, "host_refused", "This product does not answer to this name.", {}
    if isinstance(error, TooManyRequests):
        return 429, "too_many_requests", "That was a lot at once. Please wait a moment.", wait
    if isinstance(error, DatabaseUnavailable):
        return 503, *_BUSY, wait
    if isinstance(error, ValueRefused):
        return 400, *_SENTENCE_OF[400], {}
    if isinstance(error, SanicException):
        status = error.status_code
        code, message = _SENTENCE_OF.get(status, _SENTENCE_OF[400] if status < 500 else _BROKEN)
        return status, code, message, {}
    return 500, *_BROKEN, {}


def body_refusal(error: ValidationError) -> BodyRefused:
    """What is wrong with a body, by its first fault, in a sentence."""
    fault = error.errors(include_url=False, include_input=False)[0]
    field = ".".join(str(part) for part in fault["loc"])
    what = {
        "extra_forbidden": "is not a field of this request",
        "missing": "is missing",
        "string_type": "must be text",
        "string_too_long": "is too long",
        "string_too_short": "must not be empty",
        "value_error": "must not have control characters",
    }.get(fault["type"])
    if not field:
        return BodyRefused(
            "The body must be a JSON object with a text, attachments, or both; or with a button."
        )
    return BodyRefused(f"In this request, “{field[:60]}” {what or 'is not what it should be'}.")


def _wants_a_page(request: Request) -> bool:
    return not request.path.startswith("/api/") and "text/html" in request.headers.get("accept", "")


def _page(request: Request, message: str) -> str:
    page: str = request.app.ctx.pages.render("error.html", message=message)
    return page
