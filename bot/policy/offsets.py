"""Where a zone's clocks stand between two instants, and when they are changed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Stretch:
    """From one UTC instant until another the zone's clocks are `offset` ahead of UTC."""

    begins: datetime
    ends: datetime
    offset: timedelta


def stretches(zone: ZoneInfo, begins: datetime, ends: datetime) -> tuple[Stretch, ...]:
    """The stretches that make up a few days, between which the clocks are changed.

    The instants are in UTC. More than one change within a few days is not looked for: no zone has
    had that since standard time began.
    """
    first, last = _offset(zone, begins), _offset(zone, ends)
    if first == last:
        return (Stretch(begins, ends, first),)
    before, after = begins, ends
    while after - before > SECOND:
        middle = before + (after - before) // SECOND // 2 * SECOND
        if _offset(zone, middle) == first:
            before = middle
        else:
            after = middle
    return (Stretch(begins, after, first), Stretch(after, ends, last))


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta(0)
