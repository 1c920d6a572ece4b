"""The commands behind the Makefile: set up, check, test, and lock the requirements."""

import argparse
import os
import signal
import sys
import time
from pathlib import Path
from types import FrameType

from bot.bootstrap.chromium import provide_chromium
from bot.bootstrap.installer import fetch_uv, find_uv
from bot.bootstrap.package_index import uv_environment
from bot.bootstrap.pythons import find_python
from bot.bootstrap.setup import Checkout
from bot.bootstrap.steps import SetupFailed, Steps, cause_of, say
from bot.bootstrap.suite import Part, checks, run_parts, sum_up, tests

ROOT = Path(__file__).resolve().parents[2]
# Input, output, version of Python, and further arguments of each locked file.
LOCKED = (
    ("requirements-tools.in", "requirements-tools.txt", "3.11", ()),
    ("requirements.in", "requirements.txt", "3.11", ()),
    ("requirements-dev.in", "requirements-dev.txt", "3.11", ()),
    (
        "bot/nlu/requirements.in",
        "bot/nlu/requirements.txt",
        "3.10",
        ("--overrides", "bot/nlu/overrides.txt"),
    ),
)


def main(arguments: list[str]) -> int:
    """Run one command; 0 if all went well, else 1 after a sentence that says what to do."""
    parser = argparse.ArgumentParser(prog="python3 -m bot.bootstrap", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    setup = commands.add_parser("setup", help="install what is missing")
    setup.add_argument("--dev", action="store_true", help="the tools for tests too")
    setup.add_argument("--verify", action="store_true", help="look at the encoder's files again")
    commands.add_parser("check", help="linters, types and the training data")
    commands.add_parser("test", help="everything: set up, train, check and test")
    commands.add_parser("lock", help="write the locked requirements anew")
    chosen = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, _terminated)
    checkout = Checkout(ROOT)
    try:
        if chosen.command == "setup":
            return _set_up(checkout, development=chosen.dev, verify=chosen.verify)
        if chosen.command == "lock":
            return _lock(checkout)
        return _test(checkout, everything=chosen.command == "test")
    except SetupFailed as failure:
        print(failure, file=sys.stderr)
    except OSError as error:
        print(f"Setting up failed: {cause_of(str(error))}.", file=sys.stderr)
    except KeyboardInterrupt:
        print("Stopped; the next run goes on from here.", file=sys.stderr)
    return 1


def _set_up(checkout: Checkout, *, development: bool, verify: bool) -> int:
    checkout.set_up(development=development, verify=verify)
    return 0


def _test(checkout: Checkout, *, everything: bool) -> int:
    began = time.monotonic()
    checkout.set_up(development=True)
    env = dict(os.environ)
    parts = checks(ROOT)
    if everything:
        python = checkout.main(development=True).python
        steps = Steps(checkout.log_folder)
        env["BOT_CHROMIUM"] = str(provide_chromium(python, env, Path.home(), steps))
        train = (python.with_name("bot"), "train", "--if-needed")
        parts = [*parts, Part("a current model", train), *tests(ROOT)]
    passed = sum_up(run_parts(ROOT, parts, env))
    say(f"{'All passed' if passed else 'Not all passed'} after {time.monotonic() - began:.0f} s.")
    return 0 if passed else 1


def _lock(checkout: Checkout) -> int:
    steps = Steps(checkout.log_folder)
    uv = find_uv(ROOT, os.environ, Path.home()) or fetch_uv(ROOT, os.environ, steps)
    env = {**uv_environment(os.environ), "UV_CUSTOM_COMPILE_COMMAND": "make lock"}
    for variable in ("UV_INDEX", "UV_FIND_LINKS"):
        env.pop(variable, None)  # what is recorded must be found by everyone, not only here
    os.chdir(ROOT)  # the files name each other as they are named here
    for source, target, version, further in LOCKED:
        python = find_python(version, env, Path.home())
        steps.run(
            f"Locking {source}",
            [
                *(uv, "pip", "compile", "--universal", "--generate-hashes"),
                *("--upgrade", "--python-version", version),
                *(("--python", python) if python else ()),
                *(*further, "--output-file", target, source),
            ],
            env,
            log="lock",
        )
    return 0


def _terminated(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
