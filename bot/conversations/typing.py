"""Who is typing right now: kept in memory only, and for seconds."""

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta

SHOWN_FOR = timedelta(seconds=6)
REMEMBERED = 10_000


class Typing:
    """The last sign of each side of a conversation; every sign wakes who follows it."""

    def __init__(self, wake: Callable[[str], None], clock: Callable[[], datetime]) -> None:
        self._wake = wake
        self._clock = clock
        self._signs: OrderedDict[tuple[str, str], datetime] = OrderedDict()

    def note(self, conversation_id: str, sender: str) -> None:
        """This side (visitor, agent or bot) is typing now."""
        key = (conversation_id, sender)
        self._signs[key] = self._clock()
        self._signs.move_to_end(key)
        while len(self._signs) > REMEMBERED:
            self._signs.popitem(last=False)
        self._wake(conversation_id)

    def ended(self, conversation_id: str, sender: str) -> None:
        """A message of this side has come, or none will."""
        self._signs.pop((conversation_id, sender), None)

    def since(self, conversation_id: str, sender: str) -> datetime | None:
        """When this side last showed that it types; None where that is over."""
        sign = self._signs.get((conversation_id, sender))
        return sign if sign and self._clock() < sign + SHOWN_FOR else None
