"""Adding, listing and removing peak periods; what the calendar and the pages know of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, select, update

from bot.peaks.notice import Notice, NoticeWording, PeakRefused
from bot.policy import BusinessCalendar, PeakPeriod
from bot.storage import Database
from bot.storage.tables import Account, PeakRecord

NOT_SHOWN = (
    "The notice of a peak period is switched off (BOT_PEAK_NOTICE), and without it no reply may "
    "take longer (section 3 of the policy)."
)


@dataclass(frozen=True)
class Peak:
    """A peak period as it was added; removed ones are kept, since promises were made in them."""

    id: int
    first: date
    last: date
    notice: str
    clause: str
    added_at: datetime
    added_by: str | None  # the person's name; None: from the command line
    shown_at: datetime | None  # when the site first gave its notice out
    removed_at: datetime | None


class Peaks:
    """The shop's peak periods (section 3).

    Going through them gives those that count now, so a business calendar that has this as its
    `peaks` follows every change: promises made later take it in, those made stay as told. Without
    its notice no period counts.
    """

    def __init__(
        self,
        database: Database,
        calendar: BusinessCalendar,
        wording: NoticeWording,
        clock: Callable[[], datetime],
        *,
        notice_shown: bool,
    ) -> None:
        self._database = database
        self._calendar = calendar
        self._wording = wording
        self._clock = clock
        self._notice_shown = notice_shown

    @property
    def default_notice(self) -> str:
        """The notice's usual text, with its placeholders."""
        return self._wording.text

    def __iter__(self) -> Iterator[PeakPeriod]:
        """The periods that count. Raises DatabaseUnavailable."""
        if not self._notice_shown:
            return
        with self._database.read() as session:
            records = session.scalars(_in_force()).all()
        for record in records:
            name = f"{record.first_day.isoformat()} to {record.last_day.isoformat()}"
            yield PeakPeriod(name, record.first_day, record.last_day)

    def add(self, first: date, last: date, notice: str | None = None, by: int | None = None) -> int:
        """Add a period, both days included; gives its number.

        Without a `notice` of its own it gets the usual text. `by` is an account's id. Raises
        PeakRefused where the notice would not be shown, for days that are in the past or out of
        order, and where two periods would overlap.
        """
        now = self._clock()
        if not self._notice_shown:
            raise PeakRefused(NOT_SHOWN)
        if first > last:
            raise PeakRefused("The peak period ends before it begins.")
        if last < self._calendar.day_of(now):
            raise PeakRefused(f"The peak period is over: its last day is {last}.")
        text = self._wording.say(self.default_notice if notice is None else notice, first, last)
        with self._database.write() as session:
            for other in session.scalars(_in_force()):
                if other.first_day <= last and first <= other.last_day:
                    raise PeakRefused(
                        f"It overlaps the peak period {other.id}, from {other.first_day} to "
                        f"{other.last_day}; remove that one first."
                    )
            record = PeakRecord(
                first_day=first,
                last_day=last,
                notice=text,
                clause=self._wording.clause,
                added_at=now,
                added_by=by,
            )
            session.add(record)
            session.flush()
            return record.id

    def remove(self, peak_id: int) -> None:
        """Let a period count no longer; what was promised in it stays. Raises PeakRefused."""
        with self._database.write() as session:
            removed = session.execute(
                update(PeakRecord)
                .where(PeakRecord.id == peak_id, PeakRecord.removed_at.is_(None))
                .values(removed_at=self._clock())
                .returning(PeakRecord.id)
            ).all()
        if not removed:
            raise PeakRefused(f"There is no peak period {peak_id}.")

    def all(self) -> list[Peak]:
        """Every period that was ever added, the latest first."""
        with self._database.read() as session:
            rows = session.execute(
                select(PeakRecord, Account.name)
                .outerjoin(Account, PeakRecord.added_by == Account.id)
                .order_by(PeakRecord.first_day.desc(), PeakRecord.id.desc())
            ).all()
            return [_peak(record, name) for record, name in rows]

    def notice(self) -> Notice | None:
        """What the site has to say now; noted as shown when it is given out for the first time.

        It stands on every day of the period, and before it as soon as a clock that starts now
        would start in it, so no longer reply is promised without it.
        """
        if not self._notice_shown:
            return None
        now = self._clock()
        days = (
            self._calendar.day_of(now),
            self._calendar.day_of(self._calendar.clock_start(now)),
        )
        with self._database.read() as session:
            found = [r for r in session.scalars(_in_force()) if _any_in(r, days)]
        if not found:
            return None
        shown = found[0]
        if shown.shown_at is None:
            self._note_shown(shown.id, now)
        return Notice(shown.notice, shown.clause)

    def _note_shown(self, peak_id: int, now: datetime) -> None:
        with self._database.write() as session:
            session.execute(
                update(PeakRecord)
                .where(PeakRecord.id == peak_id, PeakRecord.shown_at.is_(None))
                .values(shown_at=now)
            )


def _in_force() -> Select[PeakRecord]:
    return select(PeakRecord).where(PeakRecord.removed_at.is_(None)).order_by(PeakRecord.first_day)


def _any_in(record: PeakRecord, days: tuple[date, ...]) -> bool:
    return any(record.first_day <= day <= record.last_day for day in days)


def _peak(record: PeakRecord, added_by: str | None) -> Peak:
    return Peak(
        id=record.id,
        first=record.first_day,
        last=record.last_day,
        notice=record.notice,
        clause=record.clause,
        added_at=record.added_at,
        added_by=added_by,
        shown_at=record.shown_at,
        removed_at=record.removed_at,
    )
