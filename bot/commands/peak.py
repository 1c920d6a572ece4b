"""`bot peak`: periods in which replies may take longer (section 3)."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.reading import read_settings

if TYPE_CHECKING:
    from bot.peaks import Peaks

A_DAY = ["%Y-%m-%d"]
MINUTE = "%Y-%m-%d %H:%M UTC"

peak = typer.Typer(no_args_is_help=True, help="Periods in which replies may take longer.")


@contextmanager
def _peaks() -> "Iterator[Peaks]":
    from bot.app import compose
    from bot.peaks import PeakRefused
    from bot.storage.migrate import migrate

    services = compose(read_settings())
    migrate(services.database)
    try:
        yield services.peaks
    except PeakRefused as refused:
        sys.exit(refused.sentence)


@peak.command("add")
def add_peak(
    first: Annotated[datetime, typer.Argument(formats=A_DAY, metavar="FROM", help="2026-11-27")],
    last: Annotated[datetime, typer.Argument(formats=A_DAY, metavar="TO", help="2026-11-30")],
    notice: Annotated[
        str | None, typer.Option(help="What the site says meanwhile, instead of the usual text.")
    ] = None,
) -> None:
    """Let replies promised from now on take longer from FROM to TO, both included."""
    with _peaks() as peaks:
        number = peaks.add(first.date(), last.date(), notice)
        added = next(one for one in peaks.all() if one.id == number)
        typer.echo(f"Peak period {number}, {added.first} to {added.last}. The site says:")
        typer.echo(added.notice)


@peak.command("list")
def list_peaks() -> None:
    """List the peak periods, the latest first, with their notices."""
    with _peaks() as peaks:
        for one in peaks.all():
            told = f"shown since {one.shown_at:{MINUTE}}" if one.shown_at else "not shown yet"
            ended = f", removed {one.removed_at:{MINUTE}}" if one.removed_at else ""
            typer.echo(f"{one.id}  {one.first} to {one.last}  notice {told}{ended}")
            typer.echo(f"    {one.notice} ({one.clause})")


@peak.command("remove")
def remove_peak(
    number: Annotated[int, typer.Argument(help="As `bot peak list` shows it.")],
) -> None:
    """Let a peak period count no longer; dates that were told already stay."""
    with _peaks() as peaks:
        peaks.remove(number)
        typer.echo(f"Peak period {number} counts no longer. Dates told before stay as told.")
