"""Time zones by name, and dates and times as people say them."""

from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

NOT_A_PLACE = frozenset({"Factory", "localtime"})  # names for "whatever this machine has"


def known_zone(name: str | None) -> ZoneInfo | None:
    """The IANA time zone of this name, or None; a name may come from anybody's browser."""
    return ZoneInfo(name) if name in _zone_names() else None


def due_text(due_at: datetime, zone: str | None, shop_zone: str, now: datetime) -> str:
    """A due instant as a visitor is told it: "Tuesday 24 November at 5:00 pm (your time)".

    In the visitor's own zone where it is known, else in the shop's, which is then named: "(New
    York time)". The year is said when it is not the current one there. Raises ValueError for a
    shop zone that does not exist and for instants without a zone.
    """
    if due_at.tzinfo is None or now.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    told_zone, label = known_zone(zone), "your time"
    if told_zone is None:
        told_zone, label = known_zone(shop_zone), zone_label(shop_zone)
    if told_zone is None:
        raise ValueError(f"there is no time zone {shop_zone!r}")
    due = due_at.astimezone(told_zone)
    year = "" if due.year == now.astimezone(told_zone).year else f" {due.year}"
    clock = f"{due.hour % 12 or 12}:{due.minute:02} {'am' if due.hour < 12 else 'pm'}"
    return f"{due:%A} {due.day} {due:%B}{year} at {clock} ({label})"


def exact_text(instant: datetime, zone: str | None, shop_zone: str) -> str:
    """An instant in figures that every language reads alike: "2026-11-24, 17:00 (UTC−05:00)".

    In the visitor's own zone where it is known, else in the shop's. Raises ValueError as
    `due_text` does.
    """
    told_zone = known_zone(zone) or known_zone(shop_zone)
    if told_zone is None or instant.tzinfo is None:
        raise ValueError("an instant and its reader need a time zone")
    local = instant.astimezone(told_zone)
    offset = f"{local:%z}".replace("-", "−")
    return f"{local:%Y-%m-%d, %H:%M} (UTC{offset[:3]}:{offset[3:5]})"


def zone_label(zone: str) -> str:
    """A zone's name for people: "New York time" for America/New_York, "UTC" for UTC."""
    place = zone.rsplit("/", 1)[-1].replace("_", " ")
    return place if place in ("UTC", "GMT") else f"{place} time"


@lru_cache(maxsize=1)
def _zone_names() -> frozenset[str]:
    return frozenset(available_timezones()) - NOT_A_PLACE
