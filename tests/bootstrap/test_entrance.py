"""The entrance runs on any Python there is, waits for another set-up, and can be stopped."""

import ast
import subprocess
import sys
import threading
from pathlib import Path

from bot.bootstrap import __main__ as entrance
from bot.bootstrap.locks import locked


def test_the_entrance_can_be_read_by_an_old_python() -> None:
    ast.parse(Path(entrance.__file__).read_text(), feature_version=(3, 6))


def test_the_second_of_two_set_ups_says_that_it_waits(tmp_path: Path) -> None:
    lock = tmp_path / "setup.lock"
    waiting = threading.Event()
    order: list[str] = []

    def second() -> None:
        with locked(lock, lambda _sentence: waiting.set()):
            order.append("second")

    thread = threading.Thread(target=second)
    with locked(lock, order.append):
        thread.start()
        assert waiting.wait(10)
        order.append("first")
    thread.join(10)
    assert order == ["first", "second"]


def test_the_lock_stays_with_a_step_that_outlives_its_set_up(tmp_path: Path) -> None:
    lock = tmp_path / "setup.lock"
    with locked(lock, print) as descriptor:
        step = subprocess.Popen(
            [sys.executable, "-c", "input()"], stdin=subprocess.PIPE, pass_fds=(descriptor,)
        )
    said = threading.Event()

    def end_the_step(_sentence: str) -> None:
        said.set()
        step.communicate(b"\n")

    with locked(lock, end_the_step):
        assert said.is_set()
