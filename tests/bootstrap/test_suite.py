"""The suite runs every part, shows what each prints, and sums up."""

import os
import sys
from pathlib import Path

import pytest

from bot.bootstrap.chromium import find_chromium
from bot.bootstrap.steps import SetupFailed
from bot.bootstrap.suite import Part, run_parts, sum_up


def part(title: str, code: str) -> Part:
    return Part(title, (sys.executable, "-c", code))


def test_a_part_that_fails_stops_no_other_and_fails_the_whole(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    parts = [
        part("style", "import sys; sys.exit('a stray comma')"),
        part("tests", "print('===== 3 passed, 1 skipped in 0.12s =====')"),
    ]
    results = run_parts(tmp_path, parts, os.environ)
    assert [result.passed for result in results] == [False, True]
    assert not sum_up(results)
    out = capfd.readouterr().out
    assert "a stray comma" in out
    assert "FAILED" in out
    assert out.rstrip().endswith("3 passed, 1 skipped in 0.12s")


def test_a_suite_whose_parts_all_pass_passes(tmp_path: Path) -> None:
    assert sum_up(run_parts(tmp_path, [part("style", "pass")], os.environ))


def test_a_browser_that_is_named_but_does_not_run_is_told(tmp_path: Path) -> None:
    environ = {"PATH": os.environ["PATH"], "BOT_CHROMIUM": str(tmp_path / "chromium")}
    with pytest.raises(SetupFailed, match="BOT_CHROMIUM names"):
        find_chromium(environ, tmp_path)


def test_playwrights_own_browser_is_found(tmp_path: Path) -> None:
    program = tmp_path / ".cache/ms-playwright/chromium-1200/chrome-linux/chrome"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\necho Chromium 130\n")
    program.chmod(0o755)
    assert find_chromium({"PATH": ""}, tmp_path) == program
