"""Finding a case by its reference, and proving with a mailed code that it is one's own."""

import asyncio

from sanic import Blueprint, HTTPResponse, Request, html, redirect

from bot.app import Services
from bot.cases.codes import LASTS
from bot.web.cases.entrance import (
    CASES,
    FORM_REFUSED,
    address_of,
    field,
    form_token,
    is_from_our_form,
    new_visit,
    set_visit,
    spelled,
    visit_of,
)
from bot.web.errors import TooManyRequests
from bot.web.pages import Pages
from bot.web.security import AddressLimit

# Of one address in a minute. Beyond it nobody tries references, and no mailbox is filled.
ASKED_PER_MINUTE = 10
TRIED_PER_MINUTE = 30
# A code that is mailed takes longer than one that is not; this hides which it was.
ANSWERED_AFTER_SECONDS = 0.3
SLIP = (
    "There is a slip in that reference. It has KC and eight more letters or digits, and never "
    "an O, an I or an L."
)
NOT_MATCHED = (
    "That code doesn't open this case. Please check it, or ask for a new one: a code is good for "
    "a short while and a few tries, and only the newest counts."
)


def proof_pages(routes: Blueprint, services: Services, rendering: Pages) -> None:
    """`/cases` and the two forms that lead into a case."""
    asking = AddressLimit(ASKED_PER_MINUTE, services.clock)
    trying = AddressLimit(TRIED_PER_MINUTE, services.clock)

    def find(sentence: str | None = None, typed: str = "") -> HTTPResponse:
        page = rendering.render("cases/find.html", sentence=sentence, typed=typed)
        return html(page, status=400 if sentence else 200)

    @routes.get(CASES)
    async def ask_for_reference(_: Request) -> HTTPResponse:
        return find()

    @routes.post(CASES)
    async def go_to_case(request: Request) -> HTTPResponse:
        typed = field(request, "reference")
        reference = spelled(typed)
        if reference is None:
            return find(SLIP, typed[:40])
        return redirect(address_of(reference), status=303)

    @routes.post(f"{CASES}/<reference:str>/code")
    async def send_code(request: Request, reference: str) -> HTTPResponse:
        found = spelled(reference)
        if found is None:
            return find(SLIP)
        if not asking.allows(request.ip):
            raise TooManyRequests
        visit = visit_of(request) or new_visit()
        await asyncio.gather(
            asyncio.to_thread(services.codes.ask, visit, found),
            asyncio.sleep(ANSWERED_AFTER_SECONDS),
        )
        response = redirect(address_of(found), status=303)
        set_visit(response, visit, request, services)
        return response

    @routes.post(f"{CASES}/<reference:str>/proof")
    async def take_code(request: Request, reference: str) -> HTTPResponse:
        found = spelled(reference)
        if found is None:
            return find(SLIP)
        if not trying.allows(request.ip):
            raise TooManyRequests
        visit = visit_of(request) or ""
        if not is_from_our_form(request, services):
            page = code_page(rendering, services, found, visit, FORM_REFUSED)
            return html(page, status=403)
        code = field(request, "code")
        if not await asyncio.to_thread(services.codes.prove, visit, found, code):
            page = code_page(rendering, services, found, visit, NOT_MATCHED)
            return html(page, status=401)
        # Another cookie than before, which somebody else may have put there or seen.
        proved = new_visit()
        await asyncio.to_thread(services.codes.hand_over, visit, found, proved)
        response = redirect(address_of(found), status=303)
        set_visit(response, proved, request, services)
        return response


def ask_page(rendering: Pages, reference: str) -> str:
    """The page that offers to mail a code."""
    return rendering.render(
        "cases/ask.html", reference=reference, minutes=int(LASTS.total_seconds() // 60)
    )


def code_page(
    rendering: Pages, services: Services, reference: str, visit: str, sentence: str | None = None
) -> str:
    """The page that takes the code, after a refusal with its sentence."""
    return rendering.render(
        "cases/code.html",
        reference=reference,
        form_token=form_token(services, visit),
        minutes=int(LASTS.total_seconds() // 60),
        per_hour=services.settings.codes_per_hour,
        sentence=sentence,
    )
