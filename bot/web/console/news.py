"""Waiting for news of the queue or of a conversation, so that an open page shows it at once."""

import asyncio
from datetime import timedelta

from sanic import Request

from bot.app import Services
from bot.web.console.entrance import may_stay
from bot.web.errors import BodyRefused

LONGEST_WAIT_SECONDS = 25.0
LARGEST = 2**31 - 1


async def news(
    request: Request,
    services: Services,
    conversation_id: str | None,
    longest: timedelta | None = None,
) -> int:
    """Wait until there is news beyond the counter `seen`, at most `wait` seconds; the counter.

    It waits no longer than `longest`.

    A counter from before a restart of the server is answered at once. Raises BodyRefused for a
    query that is not made of numbers, and SignedOut when the sign-in has ended in the meantime.
    """
    feed = services.feed
    seen, wait = number_of(request, "seen"), number_of(request, "wait")
    if seen == feed.counter(conversation_id):
        most = longest.total_seconds() if longest else LONGEST_WAIT_SECONDS
        await feed.changed(conversation_id, seen, min(wait, most))
        await asyncio.to_thread(may_stay, request, services)
    return feed.counter(conversation_id)


def number_of(request: Request, name: str) -> int:
    """A whole number from the query, 0 where it is not given. Raises BodyRefused."""
    text = request.args.get(name, "0")
    if not text.isascii() or not text.isdecimal() or len(text) > 10 or int(text) > LARGEST:
        raise BodyRefused(f"“{name}” must be a whole number from 0 to {LARGEST}.")
    return int(text)
