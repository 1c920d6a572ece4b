"""The states of a ticket, the moves between them that are legal, and which a visitor is told of."""

from types import MappingProxyType

NEW, OPEN, RESOLVED, CLOSED = "new", "open", "resolved", "closed"
WAITING_VISITOR, WAITING_CARRIER = "waiting_visitor", "waiting_carrier"
NEEDS_TRANSLATION, APPROVED = "needs_translation", "approved"

_AT_WORK = (WAITING_VISITOR, WAITING_CARRIER, NEEDS_TRANSLATION, APPROVED, RESOLVED)

# From each state, where a ticket may go; in the order in which the console offers it.
MOVES = MappingProxyType(
    {
        NEW: (OPEN, *_AT_WORK),
        OPEN: _AT_WORK,
        WAITING_VISITOR: (OPEN, WAITING_CARRIER, APPROVED, RESOLVED),
        WAITING_CARRIER: (OPEN, WAITING_VISITOR, APPROVED, RESOLVED),
        NEEDS_TRANSLATION: (OPEN, WAITING_VISITOR, WAITING_CARRIER, APPROVED, RESOLVED),
        APPROVED: (OPEN, WAITING_VISITOR, WAITING_CARRIER, RESOLVED),
        RESOLVED: (OPEN, CLOSED),
        CLOSED: (OPEN,),
    }
)
STATES = tuple(MOVES)
DONE = (RESOLVED, CLOSED)
UNRESOLVED = tuple(state for state in STATES if state not in DONE)

# Section 3 keeps visitors informed "at every step": of what changes for them. Who has taken the
# ticket, that an answer has come in and that it was put away later are the shop's own affair.
_TOLD = (WAITING_VISITOR, WAITING_CARRIER, NEEDS_TRANSLATION, APPROVED, RESOLVED)


class IllegalMove(Exception):
    """A ticket cannot go from the one state to the other; the text is a sentence for agents."""

    def __init__(self, from_state: str, to_state: str) -> None:
        super().__init__(
            f"A ticket that is {in_words(from_state)} cannot become {in_words(to_state)}."
        )


def legal_moves(state: str) -> tuple[str, ...]:
    """The states that a ticket may go to from this one."""
    return MOVES.get(state, ())


def is_reopening(from_state: str | None, to_state: str) -> bool:
    """Whether a ticket that was done is taken up again."""
    return from_state in DONE and to_state == OPEN


def is_told(from_state: str | None, to_state: str) -> bool:
    """Whether the visitor gets an update of this move (section 3)."""
    return to_state in _TOLD or is_reopening(from_state, to_state)


def in_words(state: str) -> str:
    """A state as people say it: "waiting for the visitor"."""
    return state.replace("waiting_", "waiting for the ").replace("_", " ")
