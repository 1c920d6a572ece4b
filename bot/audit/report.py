"""What the owner has to know of the policy: what covers it, what is assumed, what to publish."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.audit.check import Audit
from bot.audit.told import UNREADABLE, PromisesUnreadable, versions_told
from bot.demand import Count, Demand
from bot.policy import BusinessCalendar, PeakPeriod, Policy, Reading
from bot.policy.hours import ONE_DAY
from bot.settings import Settings
from bot.storage import Database

LATELY = timedelta(days=30)
A_YEAR_DAYS = 365
WEEK = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True)
class Covered:
    """One clause, and by what it is told and shown."""

    clause: str
    section: str
    title: str
    summary: str
    time: str  # in the policy's units; empty where it states none
    informational: bool
    answers: tuple[str, ...]
    mails: tuple[str, ...]
    tests: int


@dataclass(frozen=True)
class OpenPlace:
    """A reading for the owner to confirm, with the settings that carry it as they are now."""

    name: str
    reading: Reading
    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class MissingDocument:
    """A document that the policy names and nobody has given; counts are None if unreadable."""

    name: str
    title: str
    clauses: tuple[str, ...]
    asked_lately: int | None
    asked: int | None


@dataclass(frozen=True)
class CalendarFacts:
    """The business calendar as it is counted now."""

    zone: str
    assumed: bool
    week: tuple[tuple[str, str], ...]  # day, hours
    holidays: tuple[tuple[date, str], ...]  # of the coming year, where they fall on a business day
    exceptions: tuple[tuple[date, str], ...]
    peaks: tuple[PeakPeriod, ...]  # running or to come


@dataclass(frozen=True)
class Report:
    """Everything on the page, as of one instant."""

    audit: Audit
    made_at: datetime
    faults: int
    coverage: tuple[Covered, ...]
    open_places: tuple[OpenPlace, ...]
    missing: tuple[MissingDocument, ...]
    silent: tuple[Count, ...]  # what the policy does not say, asked lately
    calendar: CalendarFacts
    changed_since_dated: bool | None  # dates were told under this date with another content
    lately_days: int = LATELY.days


def make_report(
    audit: Audit,
    settings: Settings,
    calendar: BusinessCalendar,
    demand: Demand,
    database: Database,
    now: datetime,
) -> Report:
    """The report as of now; without a database its counts are left out. Raises WordingError."""
    audit = replace(audit)  # a process may run for weeks: the files are read as they are now
    return Report(
        audit=audit,
        made_at=now.astimezone(calendar.zone),
        faults=len(audit.faults()),
        coverage=tuple(_covered(audit, clause) for clause in audit.policy.clauses),
        open_places=tuple(
            OpenPlace(name, reading, tuple((s, _value(settings, s)) for s in reading.settings))
            for name, reading in audit.policy.readings.items()
        ),
        missing=tuple(
            _missing(audit, demand, name, now)
            for name, document in audit.policy.documents.items()
            if document.link is None
        ),
        silent=_silent(demand, now),
        calendar=_calendar_facts(audit, calendar, calendar.day_of(now)),
        changed_since_dated=_changed_since_dated(audit.policy, database),
    )


def _changed_since_dated(policy: Policy, database: Database) -> bool | None:
    """Whether another content was in force under the same date (section 6); None if unreadable."""
    try:
        told_under = versions_told(database)
    except PromisesUnreadable:
        return None
    dated = policy.last_updated.isoformat()
    return any(v.startswith(dated) and v != policy.version for v in told_under)


def _covered(audit: Audit, clause_id: str) -> Covered:
    clause = audit.policy.clauses[clause_id]
    stating = audit.stating(clause_id)
    quantity = clause.quantity
    return Covered(
        clause=clause_id,
        section=clause.section,
        title=audit.policy.sections[clause.section],
        summary=clause.summary,
        time=quantity.phrase(bool(clause.adds)) if quantity else "",
        informational=clause.informational,
        answers=tuple(s.name for s in stating if s.kind == "answer"),
        mails=tuple(s.name for s in stating if s.kind == "mail"),
        tests=len(audit.showing(clause_id)),
    )


def _value(settings: Settings, name: str) -> str:
    value = getattr(settings, name.removeprefix("BOT_").lower(), None)
    return "" if value is None else str(value)


def _missing(audit: Audit, demand: Demand, name: str, now: datetime) -> MissingDocument:
    """Asked for is a document whenever an answer that names it was given."""
    document = audit.policy.documents[name]
    naming = {s.name for s in audit.statements if s.kind == "answer" and document.title in s.text}
    lately: int | None
    ever: int | None
    try:
        lately = demand.times_told(naming, now - LATELY)
        ever = demand.times_told(naming, datetime.min.replace(tzinfo=now.tzinfo))
    except UNREADABLE:
        lately = ever = None
    return MissingDocument(name, document.title, document.clauses, lately, ever)


def _silent(demand: Demand, now: datetime) -> tuple[Count, ...]:
    try:
        return tuple(demand.counts(now - LATELY))
    except UNREADABLE:
        return ()


def _calendar_facts(audit: Audit, calendar: BusinessCalendar, today: date) -> CalendarFacts:
    coming = [today + n * ONE_DAY for n in range(A_YEAR_DAYS)]
    return CalendarFacts(
        zone=calendar.zone.key,
        assumed=audit.policy.readings["opening_hours"].assumed,
        week=tuple(
            (day, ", ".join(map(str, windows)) or "closed")
            for day, windows in zip(WEEK, calendar.weekly, strict=True)
        ),
        holidays=tuple(
            (day, name)
            for day in coming
            if (name := calendar.holiday(day)) and calendar.weekly[day.weekday()]
        ),
        exceptions=tuple(
            (day, ", ".join(map(str, windows)) or "closed")
            for day, windows in sorted(calendar.exceptions.items())
            if day >= today
        ),
        peaks=tuple(peak for peak in calendar.peaks if peak.last >= today),
    )
