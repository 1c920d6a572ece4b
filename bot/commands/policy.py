"""`bot policy`: the policy held against all that speaks for it."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.reading import read_settings
from bot.settings import ROOT

policy = typer.Typer(no_args_is_help=True, help="The policy and all that speaks for it.")


@policy.command("check")
def check_policy() -> None:
    """Whether every clause is answered and tested, every answer cites one, no number is doubled."""
    from bot.app import compose

    audit = compose(read_settings()).audit
    faults = audit.faults()
    for fault in faults:
        typer.echo(fault.below(ROOT))
    typer.echo(audit.summary())
    if faults:
        sys.exit(f"{len(faults)} to mend.")


@policy.command("diff")
def diff_policies(
    old: Annotated[Path, typer.Argument(exists=True, dir_okay=False)],
    new: Annotated[Path, typer.Argument(exists=True, dir_okay=False)],
    as_json: Annotated[bool, typer.Option("--json", help="For a program.")] = False,
) -> None:
    """Which answers, mails, clocks, tests, readings and open promises a change touches."""
    from bot.app import compose
    from bot.audit import compare, diff_lines
    from bot.policy import load_policy

    services = compose(read_settings())
    found = compare(load_policy(old), load_policy(new), services.audit, services.database)
    if as_json:
        typer.echo(json.dumps(found.as_data(), ensure_ascii=False, indent=2))
    else:
        typer.echo("\n".join(diff_lines(found)))


@policy.command("report")
def report_policy() -> None:
    """Write the owner's page: coverage, readings, missing documents, what to publish."""
    from bot.app import compose
    from bot.audit import make_report, write_report
    from bot.storage.migrate import migrate

    services = compose(read_settings())
    migrate(services.database)
    file = services.settings.data_dir / "policy" / "report.html"
    report = make_report(
        services.audit,
        services.settings,
        services.calendar,
        services.demand,
        services.database,
        services.clock(),
    )
    write_report(report, file)
    typer.echo(file)
