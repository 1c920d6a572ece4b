"""One turn of a dialogue as it goes to Rasa and comes back."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Button(_Strict):
    """What a pressed button means: a label, and entities that come with it."""

    label: str
    entities: dict[str, str] = Field(default_factory=dict)


class TitledButton(Button):
    """A button that an action adds to a reply.

    Its title comes out of the shop's data; without one it is the label's name in plain language.
    """

    title: str | None = None


class Turn(_Strict):
    """What a visitor did, with what is known of them. Text is text, never a command.

    A turn that is sent again under the same `id` is answered as it was, and not played twice.
    """

    id: str | None = None
    dialogue: str
    text: str
    button: Button | None = None
    facts: dict[str, Any] = Field(default_factory=dict)


class Effect(_Strict):
    """Something to be done in the transaction that stores the reply."""

    kind: Literal["open_ticket", "complete_ticket", "hand_off", "verify", "send_code"]
    reason: str | None = None
    category: str | None = None
    order_number: str | None = None
    email: str | None = None
    name: str | None = None
    description: str | None = None
    # Of the ticket to complete, where it is not the newest here, or whose code is mailed.
    reference: str | None = None


class Reply(_Strict):
    """The name of a response with its arguments; the wording is `bot.assistant.wording`'s."""

    response: str | None = None
    args: dict[str, Any] = Field(default_factory=dict)
    effects: list[Effect] = Field(default_factory=list)
    buttons: list[TitledButton] = Field(default_factory=list)


class State(_Strict):
    """Where the dialogue stands: the form that is open and what it asks for."""

    form: str | None = None
    asks: str | None = None


class TurnAnswer(_Strict):
    """All that a turn brought."""

    replies: list[Reply]
    state: State
    understood: list[dict[str, Any]] = Field(default_factory=list)


class Understanding(_Strict):
    """What a text was taken for, part by part, in the order to serve them."""

    understood: list[dict[str, Any]]
