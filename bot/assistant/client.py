"""Sends a turn to Rasa and waits for its answer, but never long."""

import asyncio
import time
from typing import Any

import httpx
from pydantic import ValidationError

from bot.assistant.turn import Turn, TurnAnswer, Understanding

PROBE_SECONDS = 0.5
# A turn that waited behind others still gets a moment, so that it is not failed unseen.
LEAST_SECONDS = 1.0
# Rasa is told to give up this much earlier: what nobody waits for must not move the dialogue on.
MARGIN_SECONDS = 0.4


class AssistantFailure(Exception):
    """The assistant has not answered; the text is the cause, for the agents only."""


class Assistant:
    """One Rasa behind its own input channel.

    After a turn that ran out of time, the next one asks first whether Rasa is back, so that a
    frozen process costs one visitor the wait and not every visitor.
    """

    def __init__(self, url: str, token: str, timeout_seconds: float) -> None:
        self._timeout = timeout_seconds
        self._suspect = False
        self._client = httpx.AsyncClient(
            base_url=url,
            headers={"Authorization": f"Bearer {token}"},
            timeout=timeout_seconds,
            trust_env=False,  # a proxy of the environment has no business on loopback
        )
        self._token = token

    async def turn(self, turn: Turn, within_seconds: float | None = None) -> TurnAnswer:
        """The answer to one turn. Raises AssistantFailure with the cause."""
        seconds = self._timeout if within_seconds is None else min(self._timeout, within_seconds)
        if self._suspect and seconds < LEAST_SECONDS:
            raise AssistantFailure("Rasa has not answered since a turn ran out of time")
        seconds = max(seconds, LEAST_SECONDS)
        started = time.monotonic()
        try:
            async with asyncio.timeout(seconds):
                if self._suspect and not await self.is_ready():
                    raise AssistantFailure("Rasa has not answered its probe since a turn ran out")
                left = seconds - (time.monotonic() - started) - MARGIN_SECONDS
                if left <= 0:
                    raise TimeoutError
                response = await self._client.post(
                    "/webhooks/gateway/turn", json=_body(turn, within_seconds=left)
                )
        except (TimeoutError, httpx.TimeoutException) as error:
            self._suspect = True
            waited = time.monotonic() - started
            raise AssistantFailure(f"Rasa gave no answer in {waited:.1f} s") from error
        except httpx.HTTPError as error:
            raise AssistantFailure(f"Rasa could not be reached: {error!r}") from error
        self._suspect = False
        return _answer(response)

    async def understand(self, text: str) -> list[dict[str, Any]]:
        """What a text asks for, as a turn understands it; no dialogue is played or kept.

        Raises AssistantFailure with the cause.
        """
        try:
            response = await self._client.post("/webhooks/gateway/understand", json={"text": text})
        except httpx.TimeoutException as error:
            raise AssistantFailure(f"Rasa gave no answer in {self._timeout:.1f} s") from error
        except httpx.HTTPError as error:
            raise AssistantFailure(f"Rasa could not be reached: {error!r}") from error
        if response.status_code != httpx.codes.OK:
            raise AssistantFailure(f"Rasa answered {response.status_code}: {response.text[:500]}")
        try:
            return Understanding.model_validate_json(response.content).understood
        except ValidationError as error:
            raise AssistantFailure(f"Rasa's answer cannot be read: {_faults(error)}") from None

    async def is_ready(self) -> bool:
        """Whether Rasa answers and has a model loaded."""
        try:
            response = await self._client.get(
                "/status", params={"token": self._token}, timeout=PROBE_SECONDS
            )
        except httpx.HTTPError:
            return False
        return response.status_code == httpx.codes.OK

    async def reaches(self, url: str) -> bool:
        """Whether a server that the assistant depends on answers there."""
        try:
            response = await self._client.get(
                url, headers={"Authorization": ""}, timeout=PROBE_SECONDS
            )
        except httpx.HTTPError:
            return False
        return response.is_success

    async def close(self) -> None:
        """Give the connections back."""
        await self._client.aclose()


def _body(turn: Turn, within_seconds: float) -> dict[str, Any]:
    """The turn as the protocol has it: its id is the field `turn`, and left out where it has none.

    `within_seconds` is how long Rasa has, counted from when it reads the turn.
    """
    body = turn.model_dump(mode="json", exclude={"id"})
    if turn.id is not None:
        body["turn"] = turn.id
    body["within_seconds"] = round(within_seconds, 3)
    return body


def _answer(response: httpx.Response) -> TurnAnswer:
    if response.status_code != httpx.codes.OK:
        raise AssistantFailure(f"Rasa answered {response.status_code}: {response.text[:500]}")
    try:
        answer = TurnAnswer.model_validate_json(response.content)
    except ValidationError as error:
        # Where and what kind only, and no cause: the values may be what the visitor wrote.
        raise AssistantFailure(f"Rasa's answer cannot be read: {_faults(error)}") from None
    if not answer.replies:
        raise AssistantFailure("Rasa answered with silence")
    return answer


def _faults(error: ValidationError) -> str:
    found = error.errors(include_url=False, include_context=False, include_input=False)
    return ", ".join(
        f"{'.'.join(str(part) for part in fault['loc']) or 'the whole'} ({fault['type']})"
        for fault in found
    )
