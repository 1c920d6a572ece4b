"""A visitor's pages: a case, proved by a one-time code; its rating; the end of follow-ups."""

from sanic import Blueprint

from bot.app import Services
from bot.web.cases.case import case_pages
from bot.web.cases.entrance import protect
from bot.web.cases.follow_up import follow_up_pages
from bot.web.cases.proof import proof_pages
from bot.web.pages import Pages


def cases(services: Services) -> Blueprint:
    """The routes below /cases, /ratings and /unsubscribe; none of them needs a script."""
    routes = Blueprint("cases")
    rendering = Pages()
    protect(routes)
    proof_pages(routes, services, rendering)
    case_pages(routes, services, rendering)
    follow_up_pages(routes, services, rendering)
    return routes
