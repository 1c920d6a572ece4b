"""What an agent reads when something is not there."""

from sanic import Blueprint, HTTPResponse, Request, html

from bot.conversations.errors import ConversationNotFound
from bot.tickets import TicketNotFound
from bot.web.console.entrance import SignedOut, signed_out, wants_json
from bot.web.errors import error_json
from bot.web.pages import Pages

GONE = "There is no such conversation. It may have been erased at the visitor's request."
NO_TICKET = "There is no ticket with this reference."


def answer_refusals(routes: Blueprint, rendering: Pages) -> None:
    """A page of the console instead of the shop's."""

    async def not_found(request: Request, error: Exception) -> HTTPResponse:
        is_ticket = isinstance(error, TicketNotFound)
        sentence = NO_TICKET if is_ticket else GONE
        if wants_json(request):
            code = "ticket_not_found" if is_ticket else "conversation_not_found"
            return error_json(404, code, sentence)
        return html(rendering.render("console/refused.html", sentence=sentence), status=404)

    async def not_signed_in(request: Request, _: Exception) -> HTTPResponse:
        return signed_out(request)

    routes.exception(SignedOut)(not_signed_in)
    routes.exception(ConversationNotFound, TicketNotFound)(not_found)
