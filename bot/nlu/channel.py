"""The only way into Rasa: one turn in, the names of its answers and the form's state out.

A text of which only the meaning is wanted, such as a mail's, has a way of its own.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from rasa.core.lock_store import LockError
from rasa.shared.exceptions import RasaException
from sanic import Blueprint, response
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.nlu.meaning import meant_by
from bot.nlu.turn import TurnFailed, play
from bot.nlu.turn_request import TurnRefused, read_text, read_turn

# At most; a turn that says how long its sender waits has no longer, so that a turn which the
# gateway has given up is never kept here.
TURN_SECONDS = 4.0

logger = logging.getLogger(__name__)


class GatewayInput(InputChannel):
    """`POST /webhooks/gateway/turn` and `/understand`, for the holder of the token only."""

    def __init__(self, token: str, turn_seconds: float = TURN_SECONDS) -> None:
        if not token:
            raise RasaException("The gateway's channel needs a token (BOT_RASA_TOKEN).")
        self._expected = f"Bearer {token}".encode()
        self._turn_seconds = turn_seconds

    @classmethod
    def name(cls) -> str:
        return "gateway"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> GatewayInput:
        """The channel as credentials.yml describes it. Raises RasaException without a token."""
        return cls(**(credentials or {"token": ""}))

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The two routes. Rasa's own way of taking a message in is not used."""
        routes = Blueprint("gateway")

        @routes.post("/turn")
        async def turn(request: Request) -> HTTPResponse:
            if not self._allows(request):
                return _error(401, "unauthorised", "The token is missing or wrong.")
            try:
                return response.json(await self._answer(request))
            except TurnRefused as refusal:
                return _error(400, "bad_turn", str(refusal))
            except TurnFailed as failure:
                logger.error("A turn failed (%s): %s", failure.code, failure)
                return _error(502, failure.code, str(failure))

        @routes.post("/understand")
        async def understand(request: Request) -> HTTPResponse:
            if not self._allows(request):
                return _error(401, "unauthorised", "The token is missing or wrong.")
            try:
                text = read_text(_json(request))
                meant = await meant_by(request.app.ctx.agent.processor, text)
                return response.json({"understood": meant})
            except TurnRefused as refusal:
                return _error(400, "bad_turn", str(refusal))
            except (SanicException, asyncio.CancelledError):
                raise
            except Exception as error:  # the type only: its text may repeat the visitor's
                logger.error("A text was not understood: %s", type(error).__name__)
                return _error(502, "not_understood", type(error).__name__)

        return routes

    def _allows(self, request: Request) -> bool:
        given = request.headers.get("authorization", "").encode("utf-8", "surrogateescape")
        return hmac.compare_digest(given, self._expected)

    async def _answer(self, request: Request) -> dict[str, Any]:
        turn = read_turn(_json(request))
        seconds = min(self._turn_seconds, turn.within_seconds or self._turn_seconds)
        ends_at = asyncio.get_running_loop().time() + seconds
        try:
            return await asyncio.wait_for(
                play(request.app.ctx.agent, turn, ends_at), timeout=seconds
            )
        except asyncio.TimeoutError as error:
            raise TurnFailed(
                "dialogue_failed", f"the turn took longer than {seconds:g} s"
            ) from error
        except LockError as error:
            raise TurnFailed("dialogue_failed", "an earlier turn is still being played") from error
        except (TurnRefused, TurnFailed, SanicException):
            raise
        except Exception as error:
            # The type only: an exception's text may repeat what the visitor wrote.
            raise TurnFailed("dialogue_failed", type(error).__name__) from error


def _json(request: Request) -> Any:
    try:
        return json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise TurnRefused("The request's body is not JSON.") from error


def _error(status: int, code: str, message: str) -> HTTPResponse:
    return response.json({"error": {"code": code, "message": message}}, status=status)
