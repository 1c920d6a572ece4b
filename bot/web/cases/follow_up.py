"""What a follow-up's links lead to: the rating of a case, and the end of follow-ups.

Scanners fetch every link of a mail, so that reading a page changes nothing; a button does.
"""

import asyncio

from sanic import Blueprint, HTTPResponse, Request, html
from sanic.exceptions import NotFound

from bot.app import Services
from bot.cases import ANSWERS, Answer
from bot.web.cases.entrance import field
from bot.web.pages import Pages

TITLES: dict[Answer, str] = {
    "satisfied": "Yes, I'm satisfied",
    "partly": "Partly",
    "unsatisfied": "No, I'm not",
}


def follow_up_pages(routes: Blueprint, services: Services, rendering: Pages) -> None:
    """`/ratings/…` and `/unsubscribe/…`; whoever has the signed link may use it."""

    def said(reference: str, response: str) -> HTTPResponse:
        sentence = services.words.say(response, {"reference": reference}).text
        return html(rendering.render("cases/rated.html", reference=reference, sentence=sentence))

    @routes.get("/ratings/<reference:str>/<signature:str>")
    async def show_rating(request: Request, reference: str, signature: str) -> HTTPResponse:
        found = services.links.reference_of_rating(reference, signature)
        if found is None:
            raise NotFound
        if await asyncio.to_thread(services.ratings.answer_of, found):
            return said(found, "utter_rating_given_before")
        return html(
            rendering.render(
                "cases/rating.html",
                reference=found,
                action=request.path,
                titles=TITLES,
                chosen=_answer(request.args.get("answer")),
                refused=False,
            )
        )

    @routes.post("/ratings/<reference:str>/<signature:str>")
    async def rate(request: Request, reference: str, signature: str) -> HTTPResponse:
        found = services.links.reference_of_rating(reference, signature)
        if found is None:
            raise NotFound
        answer = _answer(field(request, "answer"))
        if answer is None:
            page = rendering.render(
                "cases/rating.html",
                reference=found,
                action=request.path,
                titles=TITLES,
                chosen=None,
                refused=True,
            )
            return html(page, status=400)
        if not await asyncio.to_thread(services.ratings.rate, found, answer):
            return said(found, "utter_rating_given_before")
        unsatisfied = "" if answer == "satisfied" else "_unsatisfied"
        return said(found, f"utter_rating_thanks{unsatisfied}")

    @routes.get("/unsubscribe/<named:str>/<signature:str>")
    async def show_unsubscribing(request: Request, named: str, signature: str) -> HTTPResponse:
        address = services.links.address_of_unsubscribing(named, signature)
        if address is None:
            raise NotFound
        page = rendering.render(
            "cases/unsubscribe.html", address=address, action=request.path, done=False
        )
        return html(page)

    @routes.post("/unsubscribe/<named:str>/<signature:str>")
    async def unsubscribe(request: Request, named: str, signature: str) -> HTTPResponse:
        address = services.links.address_of_unsubscribing(named, signature)
        if address is None:
            raise NotFound
        await asyncio.to_thread(services.ratings.unsubscribe, address)
        page = rendering.render(
            "cases/unsubscribe.html", address=address, action=request.path, done=True
        )
        return html(page)


def _answer(text: str | None) -> Answer | None:
    return next((answer for answer in ANSWERS if answer == text), None)
