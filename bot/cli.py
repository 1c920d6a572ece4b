"""The `bot` command: what the owner and the processes call."""

import logging
import sys
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError
from pydantic.fields import FieldInfo

from bot.settings import Settings

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
users = typer.Typer(no_args_is_help=True, help="People with an account.")
app.add_typer(users, name="users")


def main() -> None:
    """Run a command; a failure that people can mend ends in one sentence and code 1."""
    from sqlalchemy.exc import ArgumentError, OperationalError

    from bot.assistant import WordingError
    from bot.first_start import NoModel
    from bot.mail.imap_mailbox import MailboxAddressWrong
    from bot.policy import CalendarError, PolicyError
    from bot.storage import DatabaseUnavailable

    try:
        app()
    except (PolicyError, CalendarError, WordingError, NoModel) as error:
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
    from bot.app import compose, reception_of
    from bot.worker import work

    settings = _settings()
    _log(settings)
    services = compose(settings)
    reception = reception_of(services)
    reception.start()
    try:
        work(services.upkeep, settings.data_dir / "run" / "worker")
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
