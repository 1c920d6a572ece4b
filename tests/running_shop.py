"""The whole product, started as its owner starts it, on ports and folders of its own."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import httpx
import psutil

from bot.settings import ROOT

START_SECONDS = 240
STOP_SECONDS = 15
# Kept between test runs, like `make run` keeps it: making it takes long and gives the same.
MADE_ONCE = ("encoder",)


@dataclass(frozen=True)
class RunningShop:
    """What tests need to know of it."""

    address: str
    data_dir: Path
    process: subprocess.Popen[str]
    clock_file: Path
    printed: list[str]

    def set_clock(self, instant: datetime) -> None:
        """Set the clock of every process; it goes on from there."""
        self.clock_file.write_text(instant.isoformat(), encoding="ascii")

    def password(self, role: str) -> str:
        """The demonstration's password for this role."""
        return (self.data_dir / "secrets" / f"demonstration_{role}").read_text().strip()

    def child(self, name: str) -> psutil.Process:
        """The process of this name: web, worker, rasa or actions. Raises LookupError."""
        mark = {"rasa": "bot.nlu.server", "actions": "actions"}.get(name, name)
        for process in psutil.Process(self.process.pid).children(recursive=True):
            try:
                if mark in process.cmdline():
                    return process
            except psutil.Error:  # it ended while we looked
                continue
        raise LookupError(name)

    def ready(self) -> bool:
        """Whether a message would be answered."""
        try:
            return httpx.get(f"{self.address}/readyz", timeout=5, trust_env=False).is_success
        except httpx.HTTPError:
            return False


@contextmanager
def running_shop(folder: Path, now: datetime, **settings: str) -> Iterator[RunningShop]:
    """Start `bot run` and wait until it prints where to look; stop it in order at the end."""
    data_dir = folder / "var"
    _bring_what_is_made_once(data_dir)
    clock_file = folder / "clock"
    clock_file.write_text(now.isoformat(), encoding="ascii")
    env = {k: v for k, v in os.environ.items() if not k.startswith("BOT_")}
    env |= {"BOT_DATA_DIR": str(data_dir), "BOT_PORT": "0", "BOT_CLOCK_FILE": str(clock_file)}
    env["BOT_NEW_CONVERSATIONS_PER_MINUTE"] = "10000"  # tests come faster than visitors
    env |= settings
    bot = Path(sys.executable).with_name("bot")
    log = (folder / "run.log").open("w+", encoding="utf-8")
    process = subprocess.Popen(  # our own command
        [str(bot), "run"], cwd=ROOT, env=env, stdout=log, stderr=subprocess.STDOUT, text=True
    )
    try:
        printed = _wait_for_the_address(process, folder / "run.log")
        yield RunningShop(_address(printed), data_dir, process, clock_file, printed)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(STOP_SECONDS)
        log.close()


def _bring_what_is_made_once(data_dir: Path) -> None:
    data_dir.mkdir(parents=True, exist_ok=True)
    for name in MADE_ONCE:
        (data_dir / name).symlink_to(ROOT / "var" / name)
    key = ROOT / "var" / "secrets" / "model_key"
    (data_dir / "secrets").mkdir(mode=0o700)
    shutil.copy(key, data_dir / "secrets" / "model_key")


def _wait_for_the_address(process: subprocess.Popen[str], log: Path) -> list[str]:
    def lines() -> list[str]:
        return log.read_text(encoding="utf-8").splitlines()

    def said() -> bool:
        if process.poll() is not None:
            raise AssertionError("bot run ended:\n" + "\n".join(lines()))
        return any(line.startswith("The console") for line in lines())

    wait_until(said, START_SECONDS, lambda: "\n".join(lines()))
    return lines()


def _address(printed: list[str]) -> str:
    found = re.search(r"http://[\d.]+:\d+", "\n".join(p for p in printed if "The shop" in p))
    assert found, printed
    return found[0]


def wait_until(
    condition: Callable[[], bool], seconds: float, explain: Callable[[], str] = lambda: ""
) -> float:
    """Look again and again until the condition holds; gives how long it took."""
    started = time.monotonic()
    while not condition():
        if time.monotonic() - started > seconds:
            raise AssertionError(f"not within {seconds} s: {explain()}")
        time.sleep(0.02)
    return time.monotonic() - started
