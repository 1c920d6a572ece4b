"""The `bot` command: what the owner and the processes call."""

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from pydantic import ValidationError
from pydantic.fields import FieldInfo

from bot.settings import ROOT, Settings

if TYPE_CHECKING:
    from bot.peaks import Peaks

A_DAY = ["%Y-%m-%d"]
MINUTE = "%Y-%m-%d %H:%M UTC"

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
users = typer.Typer(no_args_is_help=True, help="People with an account.")
app.add_typer(users, name="users")
peak = typer.Typer(no_args_is_help=True, help="Periods in which replies may take longer.")
app.add_typer(peak, name="peak")
policy = typer.Typer(no_args_is_help=True, help="The policy and all that speaks for it.")
app.add_typer(policy, name="policy")


def main() -> None:
    """Run a command; a failure that people can mend ends in one sentence and code 1."""
    from sqlalchemy.exc import ArgumentError, OperationalError

    from bot.assistant import WordingError
    from bot.first_start import NoModel
    from bot.mail import MailAddressError, MailTemplateError
    from bot.mail.imap_mailbox import MailboxAddressWrong
    from bot.policy import CalendarError, PolicyError
    from bot.storage import DatabaseUnavailable

    try:
        app()
    except (PolicyError, CalendarError, WordingError, MailTemplateError) as error:
        sys.exit(str(error))
    except (MailAddressError, NoModel) as error:
        sys.exit(str(error))
    except (DatabaseUnavailable, OperationalError) as error:
        cause = str(error.orig) if isinstance(error, OperationalError) else str(error)
        sys.exit(f"The database is not available ({cause.strip()}); try again in a moment.")
    except MailboxAddressWrong as error:
        sys.exit(f"The setting BOT_IMAP_URL is wrong: {error}.")
    except (ArgumentError, ImportError) as error:
        sys.exit(f"BOT_DATABASE_URL cannot be used: {error}. Unset it, or name SQLite/PostgreSQL.")
    except OSError as error:
        sys.exit(f"{error.strerror}: {error.filename}. Mend that and run the same command again.")


def _settings() -> Settings:
    try:
        return Settings()
    except ValidationError as error:
        fault = error.errors()[0]
        said = fault["msg"].removeprefix("Value error, ")
        if not fault["loc"]:
            sys.exit(f"The settings do not go together: {said}.")
        name = "BOT_" + "_".join(str(part) for part in fault["loc"]).upper()
        sys.exit(f"The setting {name} is wrong: {said}. `bot settings` lists them all.")


def _log(settings: Settings) -> None:
    logging.basicConfig(
        level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    logging.getLogger("httpx").setLevel(logging.WARNING)


@app.command()
def run() -> None:
    """Start everything, watch it, and print where to look."""
    from bot.first_start import check_files, current_model, prepare_database
    from bot.supervisor import StartFailed, claim_port, run_service

    settings = _settings()
    try:
        # Before anything long: nobody should wait for a training and then hear of a taken port.
        claim_port(settings.host, settings.port, "BOT_PORT")
    except StartFailed as failure:
        sys.exit(str(failure))
    check_files(settings)
    model = current_model(settings, typer.echo)
    sign_ins = prepare_database(settings)

    def announce(address: str) -> None:
        typer.echo(f"\nThe shop        {address}/\nThe console     {address}/console/")
        for role, email, password in sign_ins:
            typer.echo(f"Sign in as {role:<7}  {email}  {password}")
        if sign_ins:
            typer.echo("Demonstration: products, orders and accounts are invented.")
        typer.echo("Stop with Ctrl-C.")

    code = run_service(settings, model, say=typer.echo, on_ready=announce)
    raise typer.Exit(code)


@app.command()
def web() -> None:
    """The public web process (started by `bot run`)."""
    from bot.app import compose
    from bot.web.app import serve

    settings = _settings()
    _log(settings)
    serve(compose(settings))


@app.command()
def worker() -> None:
    """The worker process (started by `bot run`)."""
    from bot.app import compose, delivery_of, reception_of
    from bot.worker import Round, check_clocks, work

    settings = _settings()
    _log(settings)
    services = compose(settings)
    rounds = [
        Round(services.upkeep.release_unclaimed),
        Round(services.upkeep.close_quiet, every=60),
        Round(lambda: check_clocks(services.clocks, services.clock())),
        Round(delivery_of(services).work),
    ]
    reception = reception_of(services)
    reception.start()
    try:
        work(rounds, settings.data_dir / "run" / "worker")
    finally:
        reception.stop()


@app.command()
def train(
    if_needed: Annotated[
        bool, typer.Option("--if-needed", help="Only where no model fits today's data.")
    ] = False,
) -> None:
    """Check the training data, train, and print the model's figures."""
    from bot.first_start import current_model
    from bot.first_start import train as train_model

    if if_needed:
        current_model(_settings(), typer.echo)
    else:
        raise typer.Exit(train_model(_settings()))


@app.command()
def evaluate(
    our_model: Annotated[
        Path | None, typer.Option(help="Measure this model; train none of ours.", exists=True)
    ] = None,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Train the default anew, also where it is kept.")
    ] = False,
    default_minutes: Annotated[
        float | None,
        typer.Option(
            help="CPU time of the default's networks; 0: no limit.", min=0, show_default="30"
        ),
    ] = None,
) -> None:
    """Measure what is understood on held-out messages, beside Rasa's default pipeline."""
    from bot.first_start import evaluate as evaluate_models

    arguments = ["--fresh"] if fresh else []
    if our_model is not None:
        arguments += ["--our-model", str(our_model.resolve())]
    if default_minutes is not None:
        arguments += ["--default-minutes", str(default_minutes)]
    raise typer.Exit(evaluate_models(_settings(), arguments))


@app.command()
def understand() -> None:
    """Read a text a line, write what each is taken for, a JSON object a line."""
    from bot.first_start import understand as understand_lines

    raise typer.Exit(understand_lines(_settings(), typer.echo))


@app.command()
def settings() -> None:
    """List every setting with its value, unit and meaning."""
    found = _settings()
    for name, field in Settings.model_fields.items():
        typer.echo(f"BOT_{name.upper()}={_shown(name, getattr(found, name))}")
        typer.echo(f"    {field.description}{_unit(field)} Default: {field.default}.")


def _shown(name: str, value: object) -> object:
    address = name.endswith("_url") and ("@" in str(value) or "password" in str(value))
    if value and (address or name.endswith("_token")):
        return "(set)"
    return "" if value is None else value


def _unit(field: FieldInfo) -> str:
    extra = field.json_schema_extra
    unit = extra.get("unit") if isinstance(extra, dict) else None
    return f" In {unit}." if unit else ""


@app.command()
def promises(
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, for programs.")] = False,
) -> None:
    """How what was promised stands, by clause of the policy: made, kept, at risk, broken."""
    from bot.app import compose
    from bot.tickets.promise_counts import as_json_text, as_table

    counts = compose(_settings()).promise_counts.by_clause()
    typer.echo(as_json_text(counts) if as_json else as_table(counts))


@app.command()
def doctor() -> None:
    """Say what is not well; ends with 1 only where the product cannot run."""
    from bot.doctor import examine
    from bot.first_start import find_model

    findings = examine(_settings(), find_model)
    for finding in findings:
        typer.echo(finding.sentence)
    if not findings:
        typer.echo("All is well.")
    raise typer.Exit(any(finding.stops for finding in findings))


@users.command("add")
def add_user(
    email: str,
    role: Annotated[str, typer.Option(help="agent, trainer or owner")],
    name: Annotated[str, typer.Option(help="As visitors see it.")] = "",
) -> None:
    """Add a person; the password is asked for, or read from standard input."""
    from bot.accounts import AccountError
    from bot.app import compose
    from bot.storage.migrate import migrate

    services = compose(_settings())
    migrate(services.database)
    if sys.stdin.isatty():
        password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    else:
        password = sys.stdin.readline().rstrip("\n")
    try:
        services.accounts.add(email, name or email.partition("@")[0], role, password)
    except (AccountError, ValueError) as error:
        sys.exit(str(error))
    typer.echo(f"{email} can sign in as {role}.")


@contextmanager
def _peaks() -> "Iterator[Peaks]":
    from bot.app import compose
    from bot.peaks import PeakRefused
    from bot.storage.migrate import migrate

    services = compose(_settings())
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


@policy.command("check")
def check_policy() -> None:
    """Whether every clause is answered and tested, every answer cites one, no number is doubled."""
    from bot.app import compose

    audit = compose(_settings()).audit
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

    services = compose(_settings())
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

    services = compose(_settings())
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
