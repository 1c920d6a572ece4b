"""Peak periods: what is refused, what counts, what the site says, and what stays as told."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.app import Services, compose
from bot.peaks import NoticeWording, PeakRefused
from bot.policy import CalendarError, first_reply_promise
from bot.settings import Settings
from tests.conftest import SetClock
from tests.conversations.cast import ASKED, answer, lease, send, transcript

NEW_YORK = ZoneInfo("America/New_York")
FRIDAY, MONDAY = date(2026, 11, 27), date(2026, 11, 30)


def new_york(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK)


def due(services: Services, received: str) -> datetime:
    at = new_york(received)
    return first_reply_promise(services.policy, services.calendar, "urgent", at).due_at


def told_due_dates(services: Services) -> list[datetime]:
    """By when a person replies, as visitors are told it who ask for one now."""
    visitor = services.intake.start(time_zone="America/New_York")
    send(services, visitor, "a person please")
    services.answering.store(lease(services, visitor), answer(effects=ASKED))
    return [m.due_at for m in transcript(services, visitor) if m.due_at]


def test_a_reply_promised_in_a_peak_takes_the_extra_day(services: Services) -> None:
    assert due(services, "2026-11-27 10:00") == new_york("2026-11-30 10:00")
    services.peaks.add(FRIDAY, MONDAY)
    assert due(services, "2026-11-27 10:00") == new_york("2026-12-01 10:00")
    assert due(services, "2026-11-25 10:00") == new_york("2026-11-27 10:00")  # begins before it
    promise = first_reply_promise(
        services.policy, services.calendar, "urgent", new_york("2026-11-27 10:00")
    )
    assert promise.explanation[-1] == (
        "In the peak period 2026-11-27 to 2026-11-30 a reply may take 1 additional business day."
    )


def test_a_removed_peak_touches_only_what_is_promised_later(
    services: Services, clock: SetClock
) -> None:
    clock.now = new_york("2026-11-27 10:00")
    number = services.peaks.add(FRIDAY, MONDAY)
    alice = services.intake.start(time_zone="America/New_York")
    send(services, alice, "a person please")
    services.answering.store(lease(services, alice), answer(effects=ASKED))
    told = [(m.due_at, m.text) for m in transcript(services, alice) if m.due_at]
    services.peaks.remove(number)
    assert [(m.due_at, m.text) for m in transcript(services, alice) if m.due_at] == told
    assert told[0][0] == new_york("2026-12-02 17:00")
    assert told_due_dates(services) == [new_york("2026-12-01 17:00")]


def test_an_added_peak_touches_only_what_is_promised_later(
    services: Services, clock: SetClock
) -> None:
    clock.now = new_york("2026-11-27 10:00")
    before = told_due_dates(services)
    services.peaks.add(FRIDAY, MONDAY)
    assert before == [new_york("2026-12-01 17:00")]
    assert told_due_dates(services) == [new_york("2026-12-02 17:00")]


def test_another_process_takes_the_peak_in_at_once(services: Services, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "var", database_url=services.database.url)
    other = compose(settings, services.clock)
    services.peaks.add(FRIDAY, MONDAY)
    assert due(other, "2026-11-27 10:00") == new_york("2026-12-01 10:00")
    other.database.close()


@pytest.mark.parametrize(
    ("now", "is_told"),
    [
        ("2026-11-25 16:59", False),
        ("2026-11-25 17:00", True),  # a clock that starts now starts on Friday
        ("2026-11-26 12:00", True),
        ("2026-11-28 12:00", True),
        ("2026-11-30 23:59", True),
        ("2026-12-01 00:00", False),
    ],
)
def test_the_notice_stands_as_long_as_replies_may_take_longer(
    services: Services, clock: SetClock, now: str, is_told: bool
) -> None:
    services.peaks.add(FRIDAY, MONDAY)
    clock.now = new_york(now)
    notice = services.peaks.notice()
    assert (notice is not None) is is_told
    if notice:
        assert notice.clause == "3.peak"
        assert notice.text == (
            "From November 27 to November 30 many people write to us, and a reply may take "
            "1 additional business day. Thank you for your patience."
        )


def test_it_is_kept_when_the_notice_was_first_shown(services: Services, clock: SetClock) -> None:
    services.peaks.add(FRIDAY, MONDAY, "Slow until {last}: {peak_extension}.")
    assert services.peaks.all()[0].shown_at is None
    clock.now = first = datetime(2026, 11, 27, 9, tzinfo=UTC)
    services.peaks.notice()
    clock.pass_time(hours=1)
    services.peaks.notice()
    assert services.peaks.all()[0].shown_at == first
    assert services.peaks.all()[0].notice == "Slow until November 30: 1 additional business day."


@pytest.mark.parametrize(
    ("notice", "why"),
    [
        ("", "needs the text of its notice"),
        (" \n\t", "needs the text of its notice"),
        ("x" * 301, "301 characters; 300 fit"),
        ("Happy new year!", "by how much a reply may take longer"),
        ("Until {christmas}.", "names {christmas}, which nothing fills in"),
        ("Until {last", "cannot be read"),
    ],
)
def test_a_peak_without_a_notice_that_can_be_shown_is_refused(
    services: Services, notice: str, why: str
) -> None:
    with pytest.raises(PeakRefused, match=why):
        services.peaks.add(FRIDAY, MONDAY, notice)
    assert services.peaks.all() == []


def test_with_the_notice_switched_off_a_peak_is_refused_and_none_counts(
    services: Services, clock: SetClock, tmp_path: Path
) -> None:
    services.peaks.add(FRIDAY, MONDAY)
    settings = Settings(
        data_dir=tmp_path / "var", database_url=services.database.url, peak_notice=False
    )
    silent = compose(settings, clock)
    clock.now = new_york("2026-11-27 10:00")
    with pytest.raises(PeakRefused, match="switched off"):
        silent.peaks.add(date(2026, 12, 20), date(2026, 12, 24))
    assert silent.peaks.notice() is None
    assert due(silent, "2026-11-27 10:00") == new_york("2026-11-30 10:00")
    silent.database.close()


@pytest.mark.parametrize(
    ("first", "last", "why"),
    [
        (MONDAY, FRIDAY, "ends before it begins"),
        (date(2026, 11, 10), date(2026, 11, 16), "is over"),
        (MONDAY, date(2026, 12, 2), "overlaps the peak period 1"),
    ],
)
def test_days_that_make_no_peak_are_refused(
    services: Services, first: date, last: date, why: str
) -> None:
    services.peaks.add(FRIDAY, MONDAY)
    with pytest.raises(PeakRefused, match=why):
        services.peaks.add(first, last)


def test_a_removed_peak_is_kept_and_cannot_be_removed_twice(services: Services) -> None:
    number = services.peaks.add(FRIDAY, MONDAY)
    services.peaks.remove(number)
    assert services.peaks.all()[0].removed_at == services.clock()
    with pytest.raises(PeakRefused, match="There is no peak period 1"):
        services.peaks.remove(number)
    assert services.peaks.add(FRIDAY, MONDAY) == number + 1


@pytest.mark.parametrize(
    "written",
    [
        "text: [",
        "text: Slow days.\nclause: 3.peak\n",
        "text: Slow days.\nclause: 9.none\nday: '%d'\n",
        "text: Until {christmas}.\nclause: 3.peak\nday: '%d'\n",
    ],
)
def test_a_wording_that_cannot_be_used_names_its_file(
    services: Services, tmp_path: Path, written: str
) -> None:
    (tmp_path / "peak.yml").write_text(written, encoding="utf-8")
    with pytest.raises(CalendarError, match=r"peak\.yml: the notice of a peak cannot be used"):
        NoticeWording(tmp_path, services.policy)


def test_the_calendar_of_the_services_is_the_usual_one_with_peaks(services: Services) -> None:
    assert replace(services.calendar, peaks=()).peak(FRIDAY) is None
    assert services.calendar.peaks is services.peaks
