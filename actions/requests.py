"""Every request of the dialogue: what it asks, what must match first, and how it ends."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from bot.tickets.categories import category_of

Proof = Literal["order", "ticket"]
Outcome = Literal["ticket", "order", "history", "status", "addition"]

FORM = "request_form"
# The four things that section 2.1 of the policy asks for, as far as they are words.
DETAILS = ("order_number", "email", "name", "description")
# What each proof begins with: a number that an e-mail address matches, or a reference whose case
# a code is mailed for.
KEYS: Mapping[Proof, str] = {"order": "order_number", "ticket": "reference"}
WORDS_OF_A_TELLING = 6  # beside courtesy; an opening message has told what would be asked
WORDS_OF_A_STORY = 16  # as many where something is only announced
WORDS_OF_A_LONG_STORY = 40  # where a story of why seldom says what the new details are

_ORDER = ("order_number", "email")
_RECEIVED = ("order_number", "email", "name", "description")
_ACCOUNT = ("email", "name", "description")


@dataclass(frozen=True)
class Request:
    """One request. Its wording is found by its label:

    `utter_LABEL_opening` when it begins, `utter_ask_LABEL_description` where it asks for one,
    `utter_LABEL_sent` when a ticket is opened, `utter_LABEL_STATE` for an order's state below.
    """

    asks: tuple[str, ...]  # in this order
    outcome: Outcome = "ticket"
    proof: Proof | None = None  # what must match before anything is done or shown
    optional: frozenset[str] = frozenset()  # left out on a "no"
    shows_order: bool = False  # tells how far the order is, on the way
    remarks: frozenset[str] = frozenset()  # states of the order that are told on the way
    ends: frozenset[str] = frozenset()  # states of the order in which nothing can be sent
    story_words: int = WORDS_OF_A_TELLING
    needs_a_value: bool = False  # what something is to become, which why does not tell

    @property
    def is_sent(self) -> bool:
        """Whether something is sent to people, so that it is shown before."""
        return self.outcome in ("ticket", "addition")

    @property
    def key(self) -> str | None:
        """The slot that names what must be proved."""
        return KEYS[self.proof] if self.proof else None


# Section 1: an order is changed where that is possible, its details only until it is shipped;
# what has left or arrived already is for people to decide.
REQUESTS: Mapping[str, Request] = {
    "track_order": Request(_ORDER, "order", "order"),
    "cancel_order": Request(
        (*_ORDER, "name"),
        proof="order",
        remarks=frozenset({"shipped"}),
        ends=frozenset({"delivered", "cancelled"}),
    ),
    "change_order": Request(
        (*_ORDER, "description", "name"),
        proof="order",
        remarks=frozenset({"shipped"}),
        ends=frozenset({"delivered", "cancelled"}),
        story_words=WORDS_OF_A_LONG_STORY,
        needs_a_value=True,
    ),
    "change_address": Request(
        (*_ORDER, "description", "name"),
        proof="order",
        ends=frozenset({"shipped", "delivered", "cancelled"}),
        story_words=WORDS_OF_A_LONG_STORY,
        needs_a_value=True,
    ),
    "request_return": Request((*_ORDER, "description", "name"), proof="order"),
    "request_refund": Request((*_ORDER, "description", "name"), proof="order"),
    "request_exchange": Request((*_ORDER, "description", "name"), proof="order"),
    "refund_status": Request((*_ORDER, "name"), proof="order"),
    # Who received a gift may know neither its number nor whose address ordered it.
    "report_damaged": Request(_RECEIVED, optional=frozenset({"order_number"})),
    "report_wrong_item": Request(_RECEIVED, optional=frozenset({"order_number"})),
    "report_missing_package": Request(
        (*_ORDER, "description", "name"), proof="order", shows_order=True
    ),
    "report_delay": Request(
        (*_ORDER, "description", "name"),
        proof="order",
        optional=frozenset({"description"}),
        shows_order=True,
    ),
    "recover_account": Request(_ACCOUNT),
    "update_account": Request(_ACCOUNT, story_words=WORDS_OF_A_LONG_STORY, needs_a_value=True),
    # Without a number its orders cannot be shown here; a person is asked then.
    "order_history": Request(
        (*_ORDER, "name"), "history", "order", optional=frozenset({"order_number"})
    ),
    "ticket_status": Request(("reference", "code"), "status", "ticket"),
    "add_to_ticket": Request(("reference", "code", "description"), "addition", "ticket"),
    "give_feedback": Request(
        ("description", "email"), optional=frozenset({"email"}), story_words=3
    ),
    "privacy_request": Request(_ACCOUNT),
}


def question(label: str, slot: str) -> str:
    """The response that asks for this slot in this request."""
    request = REQUESTS[label]
    if slot == "description":
        return f"utter_ask_{label}_description"
    if slot == "order_number" and "order_number" not in request.optional:
        return "utter_ask_own_order_number"
    if slot == "email" and request.proof:
        return f"utter_ask_{request.proof}_email"
    if slot == "email" and "email" in request.optional:
        return "utter_ask_optional_email"
    if slot == "confirm" and request.outcome == "addition":
        return "utter_ask_confirm_addition"
    return f"utter_ask_{slot}"


def category_in_words(label: str) -> str:
    """What the ticket of this request is about, by the policy's category."""
    return category_of(label).replace("_", " ")
