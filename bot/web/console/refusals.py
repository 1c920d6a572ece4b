"""What an agent reads when something is not there."""

from sanic import Blueprint, HTTPResponse, Request, html

from bot.conversations.errors import ConversationNotFound
from bot.mail.outgoing import MailNotFound
from bot.tickets import TicketNotFound
from bot.web.console.entrance import SignedOut, signed_out, wants_json
from bot.web.errors import error_json
from bot.web.pages import Pages

GONE = "There is no such conversation. It may have been erased at the visitor's request."
NO_TICKET = "There is no ticket with this reference."
NO_MAIL = "There is no such mail."
SAID_OF: dict[type[Exception], tuple[str, str]] = {
    ConversationNotFound: ("conversation_not_found", GONE),
    TicketNotFound: ("ticket_not_found", NO_TICKET),
    MailNotFound: ("mail_not_found", NO_MAIL),
}


def answer_refusals(routes: Blueprint, rendering: Pages) -> None:
    """A page of the console instead of the shop's."""

    async def not_found(request: Request, error: Exception) -> HTTPResponse:
        code, sentence = SAID_OF[type(error)]
        if wants_json(request):
            return error_json(404, code, sentence)
        return html(rendering.render("console/refused.html", sentence=sentence), status=404)

    async def not_signed_in(request: Request, _: Exception) -> HTTPResponse:
        return signed_out(request)

    routes.exception(SignedOut)(not_signed_in)
    routes.exception(*SAID_OF)(not_found)
