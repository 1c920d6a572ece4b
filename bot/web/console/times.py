"""Instants and spans as agents read them, in the shop's time zone."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

SOON = timedelta(hours=2)
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Times:
    """Says times as seen at `now` from `zone`."""

    zone: ZoneInfo
    now: datetime

    def at(self, instant: datetime | None) -> str:
        """ "14:05" for today, else with the date, and with the year where it is another one."""
        if instant is None:
            return ""
        local, today = instant.astimezone(self.zone), self.now.astimezone(self.zone)
        clock = f"{local:%H:%M}"
        if local.date() == today.date():
            return clock
        year = "" if local.year == today.year else f" {local.year}"
        return f"{local:%a} {local.day} {local:%b}{year}, {clock}"

    def ago(self, instant: datetime) -> str:
        """How long it has been since: "12 min"."""
        return span(self.now - instant)

    def left(self, due_at: datetime | None, answered_at: datetime | None) -> tuple[str, str]:
        """What is left until a reply is due, and its tone: answered, late, soon, ahead or none."""
        if answered_at is not None:
            return "answered", "answered"
        if due_at is None:
            return "", "none"
        left = due_at - self.now
        if left <= timedelta(0):
            return f"{span(-left)} overdue", "late"
        return f"{span(left)} left", "soon" if left <= SOON else "ahead"


def span(delta: timedelta) -> str:
    """A span in its two largest units: "9 days 4 h", "3 h 20 min", "12 min"."""
    minutes = max(delta, timedelta(0)) // MINUTE
    days, minutes = divmod(minutes, 24 * 60)
    hours, minutes = divmod(minutes, 60)
    if days:
        return f"{days} {'day' if days == 1 else 'days'}" + (f" {hours} h" if hours else "")
    if hours:
        return f"{hours} h" + (f" {minutes} min" if minutes else "")
    return f"{minutes} min" if minutes else "under a minute"
