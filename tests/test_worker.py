"""The worker goes through its rounds; one that meets a database that is away holds up no other."""

import os
import signal
from pathlib import Path

from bot.storage import DatabaseUnavailable
from bot.worker import Round, work


def test_every_round_gets_its_turn_although_one_finds_no_database(tmp_path: Path) -> None:
    done: list[str] = []

    def away() -> None:
        done.append("away")
        raise DatabaseUnavailable("restarting")

    def last() -> None:
        done.append("last")
        if done.count("last") == 4:
            os.kill(os.getpid(), signal.SIGTERM)

    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
    try:
        rounds = [Round(away), Round(lambda: done.append("seldom"), every=3), Round(last)]
        work(rounds, tmp_path / "run" / "worker", round_seconds=0)
    finally:
        signal.signal(signal.SIGTERM, before[0])
        signal.signal(signal.SIGINT, before[1])
    assert [done.count(name) for name in ("away", "seldom", "last")] == [4, 2, 4]
    assert (tmp_path / "run" / "worker").exists()
