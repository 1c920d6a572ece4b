"""The agents' console: who waits, what is due, and one conversation with its order and tickets."""

from sanic import Blueprint

from bot.app import Services
from bot.web.console.conversation import conversation_pages
from bot.web.console.entrance import guard
from bot.web.console.formats import format_pages
from bot.web.console.incoming import incoming_pages
from bot.web.console.mail import mail_pages
from bot.web.console.peaks import peak_pages
from bot.web.console.policy import policy_page
from bot.web.console.promises import promise_pages
from bot.web.console.queue import queue_pages
from bot.web.console.refusals import answer_refusals
from bot.web.console.sign_in import sign_in_pages
from bot.web.pages import Pages


def console(services: Services) -> Blueprint:
    """The routes below /console; each but the sign-in page asks for a sign-in."""
    routes = Blueprint("console", url_prefix="/console")
    rendering = Pages()
    guard(routes, services, rendering)
    answer_refusals(routes, rendering)
    sign_in_pages(routes, services, rendering)
    queue_pages(routes, services, rendering)
    conversation_pages(routes, services, rendering)
    promise_pages(routes, services, rendering)
    mail_pages(routes, services, rendering)
    peak_pages(routes, services, rendering)
    policy_page(routes, services, rendering)
    incoming_pages(routes, services, rendering)
    format_pages(routes, services)
    return routes
