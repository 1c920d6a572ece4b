"""Turns every answer of the dialogue into its response's name and arguments, never into words."""

from __future__ import annotations

from typing import Any

from rasa.core.nlg.generator import NaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

# What Rasa passes along of its own accord: the fields of a message with words, which ours are
# not, and all responses of the domain. An argument fills one gap, so structures are none either.
_NOT_ARGUMENTS = frozenset(
    {
        *("text", "buttons", "elements", "custom", "template", "image", "attachment"),
        *("quick_replies", "domain_responses"),
    }
)
_ONE_VALUE = (str, int, float, bool)
# Slots that steer a form. What a visitor gave is an argument, how a form stands is not.
_STEERING = frozenset(
    {
        *("requested_slot", "session_started_metadata", "refused_number", "choice"),
        *("request", "ending", "proved", "code", "code_asked"),
    }
)


class ResponseNames(NaturalLanguageGenerator):
    """Named in endpoints.yml. The wording is the gateway's, read from data/responses."""

    def __init__(
        self, endpoint_config: EndpointConfig | None = None, domain: Domain | None = None
    ) -> None:
        """Rasa passes its endpoint and an empty domain; neither is needed to name a response."""

    async def generate(
        self,
        utter_action: str,
        tracker: DialogueStateTracker,
        output_channel: str,
        **kwargs: Any,
    ) -> dict[str, Any]:
        """The response's name, its arguments (text slots that are set, then `kwargs`), its effects
        and the buttons that only the action knows.

        Of `kwargs` only single values are arguments, so that a dialogue does not grow with Rasa's.
        Everything stands below Rasa's key `custom`, which it hands to the channel untouched.
        """
        effects = kwargs.pop("effects", [])
        args: dict[str, Any] = {
            name: value
            for name, value in tracker.current_slot_values().items()
            if isinstance(value, str) and name not in _STEERING
        }
        args.update(
            (name, value)
            for name, value in kwargs.items()
            if name not in _NOT_ARGUMENTS and isinstance(value, _ONE_VALUE)
        )
        reply = {"response": utter_action, "args": args, "effects": effects}
        if kwargs.get("buttons"):
            reply["buttons"] = kwargs["buttons"]
        return {"custom": reply}
