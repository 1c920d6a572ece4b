"""The supervisor keeps real processes running, and leaves none behind."""

import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from bot.supervisor.ports import free_port

DEADLINE_SECONDS = 20.0
SUPERVISED = Path(__file__).with_name("supervised.py")
ROOT = Path(__file__).resolve().parents[2]


class Supervised:
    """A supervisor under test, and what it has said so far."""

    def __init__(self, folder: Path, *servers: str, **env: str) -> None:
        self.said: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, str(SUPERVISED), str(folder), *servers],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), **env},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reading = threading.Thread(target=self._read)
        self._reading.start()
        self.seen: set[psutil.Process] = set()

    def _read(self) -> None:
        assert self.process.stdout
        with self.process.stdout as lines:
            self.said.extend(line.rstrip() for line in lines)

    def until_said(self, words: str) -> None:
        until(lambda: any(words in line for line in list(self.said)), f"{words!r}: {self.said}")

    def descendants(self) -> set[psutil.Process]:
        self.seen |= set(psutil.Process(self.process.pid).children(recursive=True))
        return self.seen

    def end(self) -> int:
        """Wait for the end and return the exit code; everything has been said then."""
        code = self.process.wait(DEADLINE_SECONDS)
        self._reading.join(DEADLINE_SECONDS)
        return code


def until(condition: Callable[[], bool], what: str) -> None:
    """Wait until the condition holds, at most for the deadline."""
    pause = threading.Event()
    end = time.monotonic() + DEADLINE_SECONDS
    while not condition():
        assert time.monotonic() < end, f"not within {DEADLINE_SECONDS:.0f} s: {what}"
        pause.wait(0.02)


def pids(port: int) -> tuple[int, int]:
    """The number of the process that answers on the port, and of what it started (0: nothing)."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=1) as answer:
            pid, grandchild = answer.read().split()
            return int(pid), int(grandchild)
    except OSError:
        return 0, 0


def gone(processes: set[psutil.Process]) -> bool:
    return all(
        not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
        for process in processes
    )


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Supervised]]:
    started: list[Supervised] = []

    def begin(*servers: str, **env: str) -> Supervised:
        started.append(Supervised(tmp_path, *servers, **env))
        return started[-1]

    yield begin
    for supervised in started:
        supervised.process.terminate()
        supervised.end()


def test_every_process_answers_before_the_assistant_is_announced(
    start: Callable[..., Supervised], port: int
) -> None:
    other = free_port()
    supervised = start(f"web:{port}", f"rasa:{other}")
    supervised.until_said("All is up.")
    assert pids(port)[0]
    assert pids(other)[0]
    assert any(line.startswith("web answers after") for line in supervised.said)


def test_a_killed_process_is_restarted(start: Callable[..., Supervised], port: int) -> None:
    supervised = start(f"web:{port}")
    supervised.until_said("All is up.")
    first = pids(port)[0]
    os.kill(first, signal.SIGKILL)
    until(lambda: pids(port)[0] not in (0, first), "another process answers")
    supervised.until_said("web was ended by SIGKILL")


def test_a_process_killed_again_and_again_still_comes_back(
    start: Callable[..., Supervised], port: int
) -> None:
    supervised = start(f"web:{port}")
    supervised.until_said("All is up.")
    killed = {0}
    for _ in range(7):
        until(lambda: pids(port)[0] not in killed, "another process answers")
        pid = pids(port)[0]
        os.kill(pid, signal.SIGKILL)
        killed.add(pid)
    until(lambda: pids(port)[0] not in killed, "another process answers")


def test_a_frozen_process_is_replaced(start: Callable[..., Supervised], port: int) -> None:
    supervised = start(f"web:{port}")
    supervised.until_said("All is up.")
    first = pids(port)[0]
    os.kill(first, signal.SIGSTOP)
    supervised.until_said("web did not answer 3 times in a row and was ended")
    until(lambda: pids(port)[0] not in (0, first), "another process answers")


def test_what_a_dead_process_had_started_goes_with_it(
    start: Callable[..., Supervised], port: int
) -> None:
    supervised = start(f"web:{port}:with-grandchild")
    supervised.until_said("All is up.")
    first, grandchild = pids(port)
    left = {psutil.Process(grandchild)}
    os.kill(first, signal.SIGKILL)
    until(lambda: gone(left), "the grandchild ends")
    until(lambda: pids(port)[0] not in (0, first), "another process answers")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_everything_in_order_and_well(
    start: Callable[..., Supervised], port: int, number: signal.Signals
) -> None:
    supervised = start(f"web:{port}:with-grandchild", f"rasa:{free_port()}")
    supervised.until_said("All is up.")
    processes = supervised.descendants()
    assert len(processes) == 3
    supervised.process.send_signal(number)
    assert supervised.end() == 0
    assert gone(processes)


def test_processes_that_will_not_end_are_ended_within_the_bound(
    start: Callable[..., Supervised], port: int
) -> None:
    supervised = start(f"web:{port}:ignore-term", f"rasa:{free_port()}:ignore-term")
    supervised.until_said("All is up.")
    processes = supervised.descendants()
    began = time.monotonic()
    supervised.process.terminate()
    assert supervised.end() == 0
    assert time.monotonic() - began < 4.0  # asked to within 2 s
    assert gone(processes)


def test_a_frozen_process_does_not_hold_up_the_end(
    start: Callable[..., Supervised], port: int
) -> None:
    supervised = start(f"web:{port}")
    supervised.until_said("All is up.")
    processes = supervised.descendants()
    os.kill(pids(port)[0], signal.SIGSTOP)
    supervised.process.terminate()
    assert supervised.end() == 0
    assert gone(processes)


def test_a_supervisor_stopped_while_it_starts_leaves_nothing(
    start: Callable[..., Supervised], port: int
) -> None:
    supervised = start(f"web:{port}", f"rasa:{free_port()}:crash")
    until(lambda: pids(port)[0] != 0, "the web process answers")
    processes = supervised.descendants()
    supervised.process.terminate()
    supervised.end()
    assert gone(processes)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends children with their parent")
def test_a_supervisor_killed_leaves_no_orphans(start: Callable[..., Supervised], port: int) -> None:
    supervised = start(f"web:{port}", f"rasa:{free_port()}")
    supervised.until_said("All is up.")
    processes = supervised.descendants()
    assert len(processes) == 2
    supervised.process.kill()
    supervised.end()
    until(lambda: gone(processes), "the processes end with their supervisor")


def test_a_process_that_dies_at_each_start_ends_the_whole_with_one_sentence(
    start: Callable[..., Supervised], port: int, tmp_path: Path
) -> None:
    supervised = start(f"web:{port}", f"rasa:{free_port()}:crash")
    assert supervised.end() == 1
    assert supervised.said[-1] == (
        'rasa ended 5 times before it answered ("ERROR the stone is not in its setting"); '
        f"see {tmp_path / 'rasa.log'} for the cause."
    )
    assert pids(port) == (0, 0)
    assert (tmp_path / "rasa.log").read_text().count("setting") == 5
    assert "rasa: ERROR the stone is not in its setting" in supervised.said


def test_a_process_that_never_answers_ends_the_whole_with_one_sentence(
    start: Callable[..., Supervised], port: int, tmp_path: Path
) -> None:
    silent = free_port()
    supervised = start(f"web:{port}", f"rasa:{silent}:frozen", READY_WITHIN_SECONDS="1")
    assert supervised.end() == 1
    assert supervised.said[-1] == (
        f"rasa did not answer within 1 s; see {tmp_path / 'rasa.log'} for the cause."
    )
    assert any(line.startswith("Waiting for rasa (") for line in supervised.said)
