"""The worker process: what is due again and again, and a heartbeat for the supervisor."""

import logging
import signal
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.storage import DatabaseUnavailable
from bot.tickets import Clocks

ROUND_SECONDS = 1.0

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Round:
    """A piece of work that is short, and done again every so many of the worker's rounds."""

    work: Callable[[], object]
    every: int = 1


def work(rounds: Sequence[Round], heartbeat: Path, round_seconds: float = ROUND_SECONDS) -> None:
    """Work until SIGTERM or SIGINT; a database that is away is waited for."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    heartbeat.parent.mkdir(parents=True, exist_ok=True)
    count = 0
    while not stop.is_set():
        for each in rounds:
            if count % each.every == 0 and not stop.is_set():
                _try(each)
                heartbeat.touch()  # one that is slow is not stuck
        count += 1
        stop.wait(round_seconds)


def _try(each: Round) -> None:
    """A round that meets a database that is away leaves the others their turn."""
    try:
        each.work()
    except DatabaseUnavailable as error:
        log.warning("the database is unavailable: %s", error)


def check_clocks(clocks: Clocks, now: datetime) -> None:
    """Mark what is nearly due and what has lapsed, and log what people should look at."""
    for event in clocks.check(now):
        level = logging.WARNING if event.happening == "escalated" else logging.INFO
        log.log(level, "ticket %d, %s: %s", event.ticket_id, event.kind, event.happening)
