"""The worker process: what time does to conversations, and a heartbeat for the supervisor."""

import logging
import signal
import threading
from datetime import datetime
from pathlib import Path

from bot.clock import Clock
from bot.conversations.upkeep import Upkeep
from bot.storage import DatabaseUnavailable
from bot.tickets import Clocks

ROUND_SECONDS = 1.0
CLOSE_QUIET_EVERY_ROUNDS = 60

log = logging.getLogger(__name__)


def work(upkeep: Upkeep, clocks: Clocks, clock: Clock, heartbeat: Path) -> None:
    """Work until SIGTERM or SIGINT; a database that is away is waited for."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    heartbeat.parent.mkdir(parents=True, exist_ok=True)
    rounds = 0
    while not stop.is_set():
        try:
            upkeep.release_unclaimed()
            check_clocks(clocks, clock())
            if rounds % CLOSE_QUIET_EVERY_ROUNDS == 0:
                upkeep.close_quiet()
        except DatabaseUnavailable as error:
            log.warning("the database is unavailable: %s", error)
        heartbeat.touch()
        rounds += 1
        stop.wait(ROUND_SECONDS)


def check_clocks(clocks: Clocks, now: datetime) -> None:
    """Mark what is nearly due and what has lapsed, and log what people should look at."""
    for event in clocks.check(now):
        level = logging.WARNING if event.happening == "escalated" else logging.INFO
        log.log(level, "ticket %d, %s: %s", event.ticket_id, event.kind, event.happening)
