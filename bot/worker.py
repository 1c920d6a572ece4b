"""The worker process: what time does to conversations, and a heartbeat for the supervisor."""

import logging
import signal
import threading
from pathlib import Path

from bot.conversations.upkeep import Upkeep
from bot.storage import DatabaseUnavailable

ROUND_SECONDS = 1.0
CLOSE_QUIET_EVERY_ROUNDS = 60

log = logging.getLogger(__name__)


def work(upkeep: Upkeep, heartbeat: Path) -> None:
    """Work until SIGTERM or SIGINT; a database that is away is waited for."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    heartbeat.parent.mkdir(parents=True, exist_ok=True)
    rounds = 0
    while not stop.is_set():
        try:
            upkeep.release_unclaimed()
            if rounds % CLOSE_QUIET_EVERY_ROUNDS == 0:
                upkeep.close_quiet()
        except DatabaseUnavailable as error:
            log.warning("the database is unavailable: %s", error)
        heartbeat.touch()
        rounds += 1
        stop.wait(ROUND_SECONDS)
