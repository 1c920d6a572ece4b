"""What visitors do with a conversation as a whole: rate it, have it mailed, take or erase it."""

import asyncio

from sanic import Blueprint, HTTPResponse, Request, empty, json, raw

from bot.app import Services
from bot.privacy.export import as_json
from bot.web.errors import BodyRefused
from bot.web.schemas import EmptyBody, RatingBody, TranscriptBody
from bot.web.visitor import bearer_token, read_body

KEPT = (
    "Your conversation is erased. Case {cases} is still waiting for our answer, so the name, "
    "address, order and description in it stay until it has one."
)
KEPT_SEVERAL = (
    "Your conversation is erased. Cases {cases} are still waiting for our answer, so the names, "
    "addresses, orders and descriptions in them stay until they have one."
)


def own_data_routes(services: Services) -> Blueprint:
    """`/api/v1/conversations/{id}` and what stands below it beside messages and files."""
    routes = Blueprint("own_data", url_prefix="/api/v1/conversations/<conversation_id:str>")
    one_export = asyncio.Semaphore(1)  # it may hold all of a conversation's pictures

    async def authorise(request: Request, conversation_id: str) -> None:
        token = bearer_token(request, conversation_id)
        await asyncio.to_thread(services.intake.authorise, conversation_id, token)

    @routes.post("/typing")
    async def type_on(request: Request, conversation_id: str) -> HTTPResponse:
        await authorise(request, conversation_id)
        read_body(request, EmptyBody)
        services.typing.note(conversation_id, "visitor")
        return empty()

    @routes.post("/rating")
    async def rate(request: Request, conversation_id: str) -> HTTPResponse:
        await authorise(request, conversation_id)
        body = read_body(request, RatingBody)
        await asyncio.to_thread(
            services.conversation_ratings.rate, conversation_id, body.stars, body.comment
        )
        return empty()

    @routes.post("/transcript")
    async def send_transcript(request: Request, conversation_id: str) -> HTTPResponse:
        await authorise(request, conversation_id)
        body = read_body(request, TranscriptBody)
        await asyncio.to_thread(services.transcripts.send, conversation_id, body.email)
        return json({}, status=202)

    @routes.get("/export")
    async def export(request: Request, conversation_id: str) -> HTTPResponse:
        await authorise(request, conversation_id)
        async with one_export:
            found = await asyncio.to_thread(services.export.conversation, conversation_id)
            text = await asyncio.to_thread(as_json, found)
        return raw(
            text.encode(),
            content_type="application/json",
            headers={"Content-Disposition": 'attachment; filename="conversation.json"'},
        )

    @routes.delete("")
    async def erase(request: Request, conversation_id: str) -> HTTPResponse:
        await authorise(request, conversation_id)
        cases = request.args.get("cases", "keep")
        if cases not in ("keep", "erase"):
            raise BodyRefused("“cases” must be keep or erase.")
        erased = await asyncio.to_thread(
            services.erasure.conversation, conversation_id, with_cases=cases == "erase"
        )
        services.feed.wake(conversation_id)
        if not erased.kept:
            return empty()
        said = KEPT if len(erased.kept) == 1 else KEPT_SEVERAL
        return json({"kept": said.format(cases=" and ".join(erased.kept))})

    return routes
