"""`bot run` and the processes that it starts."""

import logging
import sys

import typer

from bot.commands.reading import read_settings
from bot.settings import Settings

app = typer.Typer()


def _log(settings: Settings) -> None:
    logging.basicConfig(
        level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    logging.getLogger("httpx").setLevel(logging.WARNING)


def _serving() -> Settings:
    """The settings of a process that writes links: its visitors' address must be known to it."""
    settings = read_settings()
    if settings.port == 0 and settings.public_url is None:
        sys.exit(
            "BOT_PORT=0 takes any free port, which only `bot run` can tell to every process; "
            "start that, or set BOT_PORT or BOT_PUBLIC_URL."
        )
    _log(settings)
    return settings


@app.command()
def run() -> None:
    """Start everything, watch it, and print where to look."""
    from bot.first_start import check_files, current_model, prepare_database
    from bot.supervisor import StartFailed, claim_port, run_service

    settings = read_settings()
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

    serve(compose(_serving()))


@app.command()
def worker() -> None:
    """The worker process (started by `bot run`)."""
    from bot.app import compose, delivery_of, reception_of
    from bot.mail.repeating import Repeating
    from bot.worker import ROUND_SECONDS, Round, check_clocks, work

    settings = _serving()
    services = compose(settings)
    rounds = [
        Round(services.upkeep.release_unclaimed),
        Round(services.upkeep.close_quiet, every=60),
        Round(lambda: check_clocks(services.clocks, services.clock())),
        Round(services.replies.work),
        Round(services.uploads.tidy, every=3600),
        Round(services.erasure.tidy, every=3600),
    ]
    mail_out = Repeating((delivery_of(services).work, ROUND_SECONDS))
    reception = reception_of(services)
    reception.start()
    mail_out.start()
    try:
        work(rounds, settings.data_dir / "run" / "worker")
    finally:
        mail_out.stop()
        reception.stop()
