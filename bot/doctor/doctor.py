"""Looks at settings, policy, database, mail, model, encoder, disk and port; changes nothing."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import httpx
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from bot.clock import clock_from
from bot.mail.outgoing import OutgoingMails
from bot.policy import CalendarError, Policy, PolicyError, load_policy
from bot.settings import Settings, local_address
from bot.storage import Database
from bot.storage.migrate import differences
from bot.supervisor import PortTaken, StartFailed, claim_port

# The files that `make setup` makes of the sentence encoder.
ENCODER_FILES = ("model.int8.onnx", "tokenizer.json")
MEGABYTE = 1_000_000
LITTLE_SPACE = 1_000 * MEGABYTE  # a training and its model take a tenth of it
NO_SPACE = 100 * MEGABYTE
HEALTH_SECONDS = 2.0

FindModel = Callable[[Settings], Path | None]


@dataclass(frozen=True)
class Finding:
    """One thing that is not well; `stops` where the product cannot run with it."""

    sentence: str
    stops: bool = False


def examine(settings: Settings, find_model: FindModel) -> list[Finding]:
    """What is not well, what keeps the product from running first.

    `find_model` gives the current model, or None; any error of it is told in its own words.
    """
    found = [
        *_policy(settings),
        *_settings(settings),
        *_database(settings, clock_from(settings.clock_file)()),
        *_understanding(settings, find_model),
        *_disk(settings.data_dir),
        *_port(settings),
    ]
    return sorted(found, key=lambda finding: not finding.stops)


def _policy(settings: Settings) -> Iterator[Finding]:
    try:
        policy = load_policy(settings.policy_file)
    except (PolicyError, CalendarError) as error:
        yield Finding(f"The policy's file cannot be used: {error}", stops=True)
        return
    yield from _readings(policy)


def _readings(policy: Policy) -> Iterator[Finding]:
    assumed = [name for name, reading in policy.readings.items() if reading.assumed]
    if "opening_hours" in assumed:
        yield Finding(
            "The business calendar is assumed, and every promised date rests on it: "
            "check the settings BOT_CALENDAR_… and confirm the reading opening_hours."
        )
    others = [name for name in assumed if name != "opening_hours"]
    if others:
        names = ", ".join(others)
        yield Finding(f"Readings of the policy wait to be confirmed (bot policy report): {names}.")


def _settings(settings: Settings) -> Iterator[Finding]:
    if settings.support_email is None:
        yield Finding("BOT_SUPPORT_EMAIL is not set, so no answer shows the support address.")
    if settings.smtp_url is None:
        yield Finding("BOT_SMTP_URL is not set, so no mail leaves: it stays on disk.")


def _database(settings: Settings, now: datetime) -> Iterator[Finding]:
    address = settings.database
    if settings.database_url is None and not (settings.data_dir / "bot.sqlite3").exists():
        yield Finding("There is no database yet; the first `bot run` makes it.")
        return
    try:
        database = Database(address)
    except (ArgumentError, ImportError) as error:
        yield Finding(f"BOT_DATABASE_URL cannot be used: {error}.", stops=True)
        return
    try:
        lacking = differences(database)
        standstill = None if lacking else OutgoingMails(database).standstill(now)
    except SQLAlchemyError as error:
        cause = str(getattr(error, "orig", None) or error).strip().split("\n")[0]
        yield Finding(f"The database cannot be reached: {cause}.", stops=True)
        return
    finally:
        database.close()
    if lacking:
        yield Finding("The database's tables are not today's; the next `bot run` mends that.")
    if standstill:
        yield Finding(
            f"No mail has left since {standstill.since:%d %b %H:%M} UTC: {standstill.said}"
        )


def _understanding(settings: Settings, find_model: FindModel) -> Iterator[Finding]:
    folder = settings.data_dir / "encoder"
    if not all((folder / name).is_file() for name in ENCODER_FILES):
        yield Finding("The sentence encoder is missing; `make setup` prepares it.", stops=True)
    try:
        model = find_model(settings)
    except Exception as error:  # whatever keeps the other environment from answering
        yield Finding(f"The models cannot be looked at: {error}", stops=True)
        return
    if model is None and any(settings.models_dir.glob("*.tar.gz")):
        yield Finding("The model is outdated: the training data has changed; `bot train` trains.")
    elif model is None:
        yield Finding("There is no model yet; `bot run` or `bot train` trains one.")


def _disk(folder: Path) -> Iterator[Finding]:
    there = next(path for path in (folder, *folder.resolve().parents) if path.exists())
    free = shutil.disk_usage(there).free
    if free < LITTLE_SPACE:
        yield Finding(
            f"The disk of {folder} is nearly full: {free // MEGABYTE} MB are free.",
            stops=free < NO_SPACE,
        )


def _port(settings: Settings) -> Iterator[Finding]:
    try:
        claim_port(settings.host, settings.port, "BOT_PORT")
    except PortTaken as taken:
        if not _is_ours(settings):
            yield Finding(str(taken), stops=True)
    except StartFailed as failed:
        yield Finding(str(failed), stops=True)


def _is_ours(settings: Settings) -> bool:
    """Whether the product itself is what listens there."""
    address = local_address(settings.host, settings.port)
    try:
        answer = httpx.get(f"{address}/healthz", timeout=HEALTH_SECONDS)
        return bool(answer.json() == {"alive": True})
    except (httpx.HTTPError, ValueError):
        return False
