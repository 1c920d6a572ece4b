"""How mails to a visitor are written (section 5.2): agents set what was asked of them."""

import asyncio

from sanic import Blueprint, HTTPResponse, Request, redirect

from bot.app import Services
from bot.mail.formats import FormatView
from bot.web.console.entrance import field
from bot.web.console.rows import address_of
from bot.web.errors import BodyRefused


def format_pages(routes: Blueprint, services: Services) -> None:
    """`POST /console/conversations/…/format`."""

    @routes.post("/conversations/<conversation_id:str>/format")
    async def keep(request: Request, conversation_id: str) -> HTTPResponse:
        known = await asyncio.to_thread(services.formats.of_conversation, conversation_id)
        address = field(request, "address")
        if address not in {view.address for view in known}:
            raise BodyRefused("No ticket of this conversation has that address.")
        wanted = FormatView(
            address,
            plain_text=field(request, "plain_text") == "1",
            large_print=field(request, "large_print") == "1",
        )
        await asyncio.to_thread(services.formats.keep, wanted)
        return redirect(f"{address_of(conversation_id)}#formats", status=303)
