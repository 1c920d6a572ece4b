"""How a due instant is told, in whose zone, and with what zone's name."""

from datetime import UTC, datetime

import pytest

from bot.policy import due_text, exact_text, known_zone, zone_label

SHOP = "America/New_York"
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
DUE = datetime(2026, 11, 25, 22, tzinfo=UTC)


def test_a_visitor_whose_zone_is_known_is_told_their_own_time() -> None:
    assert (
        due_text(DUE, "Europe/Berlin", SHOP, NOW) == "Wednesday 25 November at 11:00 pm (your time)"
    )
    assert due_text(DUE, "Asia/Tokyo", SHOP, NOW) == "Thursday 26 November at 7:00 am (your time)"
    assert due_text(DUE, "Asia/Kolkata", SHOP, NOW) == "Thursday 26 November at 3:30 am (your time)"


@pytest.mark.parametrize(
    "zone",
    [
        *(None, "", "Mars/Olympus", "America", "../../etc/passwd", "/etc/localtime"),
        *("posix/UTC", "localtime", "Factory", "x" * 5000, "UTC\0", "europe/berlin"),
    ],
)
def test_any_other_visitor_is_told_the_shops_time_by_name(zone: str | None) -> None:
    assert known_zone(zone) is None
    told = due_text(DUE, zone, SHOP, NOW)
    assert told == "Wednesday 25 November at 5:00 pm (New York time)"


def test_in_figures_every_reader_is_told_the_same_instant_with_its_offset() -> None:
    assert exact_text(DUE, "Europe/Berlin", SHOP) == "2026-11-25, 23:00 (UTC+01:00)"
    assert exact_text(DUE, "Asia/Kolkata", SHOP) == "2026-11-26, 03:30 (UTC+05:30)"
    assert exact_text(DUE, None, SHOP) == "2026-11-25, 17:00 (UTC−05:00)"
    with pytest.raises(ValueError, match="time zone"):
        exact_text(DUE, None, "Mars/Olympus")


@pytest.mark.parametrize(
    ("hour", "clock"),
    [(0, "12:00 am"), (1, "1:00 am"), (11, "11:00 am"), (12, "12:00 pm"), (13, "1:00 pm")],
)
def test_noon_and_midnight_are_said_right(hour: int, clock: str) -> None:
    due = datetime(2026, 11, 25, hour, tzinfo=UTC)
    assert due_text(due, "UTC", SHOP, NOW) == f"Wednesday 25 November at {clock} (your time)"


def test_the_year_is_said_only_when_it_is_another_one_where_it_is_read() -> None:
    due = datetime(2027, 1, 1, 3, tzinfo=UTC)  # still 2026 in New York
    assert due_text(due, "UTC", SHOP, NOW) == "Friday 1 January 2027 at 3:00 am (your time)"
    assert due_text(due, None, SHOP, NOW) == "Thursday 31 December at 10:00 pm (New York time)"
    later = datetime(2027, 1, 1, 1, tzinfo=UTC)
    assert due_text(due, "UTC", SHOP, later) == "Friday 1 January at 3:00 am (your time)"


@pytest.mark.parametrize(
    ("zone", "label"),
    [
        ("America/New_York", "New York time"),
        ("America/Argentina/Buenos_Aires", "Buenos Aires time"),
        ("UTC", "UTC"),
        ("Etc/UTC", "UTC"),
    ],
)
def test_a_zone_is_named_by_its_place(zone: str, label: str) -> None:
    assert zone_label(zone) == label


def test_a_shop_without_a_real_zone_or_an_instant_without_one_is_an_error() -> None:
    with pytest.raises(ValueError, match="no time zone 'Nowhere'"):
        due_text(DUE, None, "Nowhere", NOW)
    with pytest.raises(ValueError, match="needs a time zone"):
        due_text(datetime(2026, 11, 25), None, SHOP, NOW)  # noqa: DTZ001
