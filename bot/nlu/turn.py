"""Plays one turn of a dialogue through Rasa: whole, or not at all."""

from __future__ import annotations

import asyncio
from typing import Any, cast

from rasa.core.actions.action import Action, ActionExecutionRejection, RemoteAction
from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.core.processor import MessageProcessor
from rasa.shared.core.constants import REQUESTED_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    Event,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException
from rasa.utils.endpoints import ClientResponseError

from bot.nlu.meaning import own_words, parsed, parts_of, understood
from bot.nlu.tracker_store import OneRowTrackerStore
from bot.nlu.turn_request import TurnRequest

_YES_OR_NO = frozenset({"affirm", "deny"})
# Requests of one message that wait until a form has ended, and what is said before the next.
FURTHER_REQUESTS = "further_requests"
NEXT_REQUEST = "utter_next_request"
_SECONDS_BETWEEN_TRIES_FOR_THE_LOCK = 0.05


class TurnFailed(Exception):
    """The turn brought no answer. Nothing of it was kept, so it can be sent again."""

    def __init__(self, code: str, cause: str) -> None:
        super().__init__(cause)
        self.code = code


class Replies(OutputChannel):
    """Collects what `bot.nlu.nlg` made of the answers: names, arguments and effects."""

    def __init__(self) -> None:
        self.replies: list[dict[str, Any]] = []

    @classmethod
    def name(cls) -> str:
        return "gateway"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keep one answer. Raises TurnFailed for words that come from anywhere else."""
        reply = message.get("custom")
        if not isinstance(reply, dict) or "response" not in reply:
            raise TurnFailed("dialogue_failed", "an answer came without a response's name")
        self.replies.append(reply)


class _Watched(Action):
    """An action whose failure is kept: Rasa itself logs it and goes on in silence."""

    def __init__(self, action: Action) -> None:
        self._action = action
        self.failure: Exception | None = None

    def name(self) -> str:
        return cast(str, self._action.name())

    async def run(
        self,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        tracker: DialogueStateTracker,
        domain: Domain,
    ) -> list[Event]:
        try:
            return cast("list[Event]", await self._action.run(output_channel, nlg, tracker, domain))
        except ActionExecutionRejection:
            raise
        except Exception as error:
            self.failure = error
            return []

    def event_for_successful_execution(self, prediction: Any) -> ActionExecuted:
        return self._action.event_for_successful_execution(prediction)


async def play(agent: Agent, turn: TurnRequest, ends_at: float) -> dict[str, Any]:
    """The answer to one turn, as the protocol has it. Turns of one dialogue wait for each other.

    The dialogue's last turn, when it is sent again under its id, is answered as it was: its sender
    may have lost the answer, and playing it twice would take a "yes" for another question.
    `ends_at` is when nobody waits any longer, by the event loop's clock.

    Raises TurnFailed and asyncio.TimeoutError, with nothing saved, and TurnRefused for a button
    that no answer can have.
    """
    store = cast(OneRowTrackerStore, agent.tracker_store)
    async with agent.lock_store.lock(
        turn.dialogue, wait_time_in_seconds=_SECONDS_BETWEEN_TRIES_FOR_THE_LOCK
    ):
        played = store.answer_to(turn.dialogue, turn.turn) if turn.turn is not None else None
        if played is not None:
            return played
        tracker, answer = await _played(agent.processor, turn)
        # The timer of the caller fires only between two steps, and a step may have been long.
        if asyncio.get_running_loop().time() >= ends_at:
            raise asyncio.TimeoutError
        await store.save(tracker, turn.turn, answer)
    return answer


async def _played(
    processor: MessageProcessor, turn: TurnRequest
) -> tuple[DialogueStateTracker, dict[str, Any]]:
    """Where the dialogue stands after this turn, not yet saved, and the answer."""
    output = Replies()
    tracker = await processor.fetch_tracker_and_update_session(turn.dialogue, output)
    asked = _asked_by(tracker)
    _put_facts(tracker, turn.facts, processor.domain)
    parts = parts_of(await parsed(processor, tracker, turn))
    meant = [understood(part) for part in parts]
    await _play_message(processor, output, tracker, parts[0])
    if asked is not None and turn.button is None and not _was_rejected(tracker):
        # The form took it for an answer: "1001" goes on with no label, whatever it resembles.
        meant[0]["accepted"] &= meant[0]["label"] in _YES_OR_NO
    await _play_further(processor, output, tracker, parts[1:])
    if not output.replies:
        raise TurnFailed("dialogue_failed", "the dialogue had no answer to this turn")
    return tracker, {
        "replies": output.replies,
        "state": {"form": tracker.active_loop_name, "asks": _asked_by(tracker)},
        "understood": meant,
    }


async def _play_message(
    processor: MessageProcessor,
    output: Replies,
    tracker: DialogueStateTracker,
    parse_data: dict[str, Any],
) -> None:
    """One request, or one answer to a form. Raises TurnFailed, also where nothing was said."""
    said = len(output.replies)
    text = parse_data["text"]
    message = UserMessage(
        text or " ",
        output,
        tracker.sender_id,
        input_channel=output.name(),
        parse_data=parse_data,
    )
    message.text = text  # Rasa strips it; the visitor's own text is what is kept
    await processor._handle_message_with_tracker(message, tracker)
    await processor.run_action_extract_slots(output, tracker)
    await _run_actions(processor, output, tracker)
    if len(output.replies) == said:
        raise TurnFailed("dialogue_failed", "the dialogue had no answer to this turn")


async def _play_further(
    processor: MessageProcessor,
    output: Replies,
    tracker: DialogueStateTracker,
    parts: list[dict[str, Any]],
) -> None:
    """Serve what else was asked for, now or, while a form is open, when it has ended.

    Who is given to people is asked nothing more: they read the whole message.
    """
    kept = [*(tracker.get_slot(FURTHER_REQUESTS) or [])]
    waiting = [(part, False) for part in parts] + [(part, True) for part in kept]
    while waiting and not tracker.active_loop_name and not _hands_over(output):
        part, is_resumed = waiting.pop(0)
        if is_resumed:
            output.replies.append(
                {"response": NEXT_REQUEST, "args": {"request": part["text"]}, "effects": []}
            )
        await _play_message(processor, output, tracker, part)
    left = [] if _hands_over(output) else [own_words(part) for part, _ in waiting]
    if left != kept:
        tracker.update(SlotSet(FURTHER_REQUESTS, left or None), processor.domain)


def _hands_over(output: Replies) -> bool:
    return any(
        effect.get("kind") == "hand_off"
        for reply in output.replies
        for effect in reply.get("effects", [])
    )


def _asked_by(tracker: DialogueStateTracker) -> str | None:
    """The slot that an open form waits for."""
    slot = tracker.get_slot(REQUESTED_SLOT) if tracker.active_loop_name else None
    return cast("str | None", slot)


def _was_rejected(tracker: DialogueStateTracker) -> bool:
    """Whether the newest message was not for the form, so that a rule answered it."""
    for event in reversed(tracker.events):
        if isinstance(event, (UserUttered, ActionExecutionRejected)):
            return isinstance(event, ActionExecutionRejected)
    return False


def _put_facts(tracker: DialogueStateTracker, facts: dict[str, str | bool], domain: Domain) -> None:
    """What is known fills what is empty; what the visitor said since then stands.

    A slot that a form has just asked for stays empty: the visitor may be about to correct it.
    """
    asked = _asked_by(tracker)
    for name in ("order_number", "email", "name"):
        if name in facts and name != asked and tracker.get_slot(name) is None:
            tracker.update(SlotSet(name, facts[name]), domain)
    same_order = all(
        tracker.get_slot(name) == facts.get(name) for name in ("order_number", "email")
    )
    verified = same_order and facts.get("order_verified") is True
    if "order_verified" in facts and verified != tracker.get_slot("order_verified"):
        tracker.update(SlotSet("order_verified", verified), domain)


async def _run_actions(
    processor: MessageProcessor, output: Replies, tracker: DialogueStateTracker
) -> None:
    """Let the policies choose actions until they listen. Raises TurnFailed for the first failure.

    Rasa's own loop swallows failures; this one is the same but for that.
    """
    going_on = True
    while going_on:
        action, prediction = processor.predict_next_with_tracker_if_should(tracker)
        watched = _Watched(action)
        going_on = await processor._run_action(watched, tracker, output, processor.nlg, prediction)
        if watched.failure is not None:
            raise _failed(action, watched.failure) from watched.failure


def _failed(action: Action, failure: Exception) -> TurnFailed:
    """The cause in words that do not repeat the visitor: Rasa's own, else the error's type."""
    remote = isinstance(action, RemoteAction) or "custom action" in str(failure)
    cause = str(failure) if isinstance(failure, RasaException) else type(failure).__name__
    if isinstance(failure.__cause__, ClientResponseError):
        answer = failure.__cause__.text.decode("utf-8", "replace")
        cause = f"{cause}: the action server answered {failure.__cause__.status}, {answer}"
    return TurnFailed("action_failed" if remote else "dialogue_failed", f"{action.name()}: {cause}")
