"""What tests of whole turns share: a turn as it is sent, Alice's details, a form filled in."""

from __future__ import annotations

from typing import Any

from tests.nlu.conftest import Dialogue

OWN = {"order_number": "1001", "email": "alice@example.com"}
PROVED = {"kind": "verify", **OWN}
REPORT = ("my ring arrived broken", "1001", "alice@example.com", "Alice Smith", "one side is bent")


def turn(**changes: Any) -> dict[str, Any]:
    """A turn as it is sent to the channel, with these fields changed."""
    return {"dialogue": "a.1", "text": "hello", "button": None, "facts": {}, **changes}


def fill_in(alice: Dialogue, *answers: str) -> list[str]:
    """Answer one question after the other; gives the slots that were asked for."""
    asked = []
    for answer in answers:
        asked.append(str(alice.asks))
        alice.say(answer)
    return asked


def ticket(alice: Dialogue) -> dict[str, str]:
    """The ticket that the last answer opens."""
    return next(e for e in alice.effects if e["kind"] == "open_ticket")
