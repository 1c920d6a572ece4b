"""The action server: runs one action for the holder of the token, on loopback."""

import hmac
import json
import logging
from typing import Any

from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionNotFoundException
from sanic import HTTPResponse, Request, Sanic
from sanic.response import json as json_response

from actions.books import CodeBook, OrderBook, TicketBook
from actions.contact_details import CompleteTicket, ContactDetailsForm
from actions.fulfilment import AskForSlot, FulfilRequest
from actions.handoff import AskBack, HandOff, Stop
from actions.opening import OpenRequest
from actions.products import ProductBook, TellProduct
from actions.request_form import RequestForm

HOST = "127.0.0.1"
MAX_BODY_BYTES = 4_000_000  # a long dialogue is sent whole

logger = logging.getLogger(__name__)


def executor_for(
    orders: OrderBook, tickets: TicketBook, codes: CodeBook, products: ProductBook
) -> ActionExecutor:
    """Every action of the dialogue, with what it needs."""
    executor = ActionExecutor()
    for action in (
        OpenRequest(tickets),
        RequestForm(orders, codes),
        *(AskForSlot(slot) for slot in RequestForm.slots),
        FulfilRequest(orders, tickets, codes),
        TellProduct(products),
        HandOff(),
        AskBack(),
        Stop(),
        ContactDetailsForm(),
        CompleteTicket(),
    ):
        executor.register_action(action)
    return executor


def create_app(
    orders: OrderBook, tickets: TicketBook, codes: CodeBook, products: ProductBook, token: str
) -> Sanic[Any, Any]:
    """The web application: `POST /webhook` with the token, `GET /health` without."""
    app: Sanic[Any, Any] = Sanic("kendrascntt_actions", configure_logging=False)
    app.config.REQUEST_MAX_SIZE = MAX_BODY_BYTES
    executor = executor_for(orders, tickets, codes, products)
    expected = f"Bearer {token}".encode()

    @app.get("/health")
    async def health(_: Request) -> HTTPResponse:
        return json_response({"status": "ok"})

    @app.post("/webhook")
    async def webhook(request: Request) -> HTTPResponse:
        given = request.headers.get("authorization", "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, expected):
            return _error(401, "The token is missing or wrong.")
        call = _call(request.body)
        if call is None:
            return _error(422, "The request is not the call of an action.")
        return await _run(executor, call)

    return app


async def _run(executor: ActionExecutor, call: dict[str, Any]) -> HTTPResponse:
    """Run the action; its failure is named by its type alone, for its text may repeat a visitor.

    400 is Rasa's word for "let something else answer", so no failure uses it.
    """
    action = call["next_action"]
    # Most are called without the domain, which the kit takes for a mistake.
    try:
        result = await executor.run({"domain": {}, **call})
    except ActionNotFoundException:
        return _error(404, f"There is no action called {action}.")
    except Exception as error:
        logger.error("%s failed: %s", action, _whereabouts(error))
        return _error(500, f"{action} failed: {type(error).__name__}")
    return json_response(result.model_dump() if result else {"events": [], "responses": []})


def _call(body: bytes) -> dict[str, Any] | None:
    try:
        call = json.loads(body)
    except (ValueError, RecursionError):
        return None
    is_call = isinstance(call, dict) and isinstance(call.get("next_action"), str)
    return call if is_call and isinstance(call.get("tracker"), dict) else None


def _whereabouts(error: BaseException) -> str:
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f"{place.tb_frame.f_code.co_filename}:{place.tb_lineno}" if place else "nowhere"
    return f"{type(error).__name__} at {where}"


def _error(status: int, sentence: str) -> HTTPResponse:
    return json_response({"error": sentence}, status=status)
