"""A step tells how it goes, and a failed one what to do, in one sentence."""

import os
import sys
from pathlib import Path

import pytest

from bot.bootstrap import steps as module
from bot.bootstrap.steps import SetupFailed, Steps, cause_of


def run(steps: Steps, code: str) -> None:
    steps.run("Polishing the rings", [sys.executable, "-c", code], os.environ, log="polish")


def test_a_step_says_what_it_does_and_how_long_it_took(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(Steps(tmp_path), "print('shining')")
    assert capsys.readouterr().out == "Polishing the rings ...\nPolishing the rings: done in 0 s.\n"
    assert (tmp_path / "polish.log").read_text() == "shining\n"


def test_a_long_step_shows_that_it_is_alive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(module, "ALIVE_EVERY_SECONDS", 0.05)
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    told = []

    def tell(sentence: str) -> None:
        told.append(sentence)
        if "still at it" in sentence and len(told) == 3:
            gate.write_text("go on")

    monkeypatch.setattr(module, "say", tell)
    run(Steps(tmp_path), f"open({str(gate)!r}).read()")
    assert told[1].startswith("  ... still at it (")


def test_a_failed_step_names_cause_advice_and_log(tmp_path: Path) -> None:
    with pytest.raises(SetupFailed) as failure:
        run(Steps(tmp_path), "import sys; sys.exit('error: No space left on device (os error 28)')")
    assert str(failure.value) == (
        "Polishing the rings failed: the disk is full; free 5 GB and run the same command again "
        f"(what happened is in {tmp_path / 'polish.log'})."
    )


def test_a_command_that_is_not_there_ends_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(SetupFailed, match="Polishing the rings failed"):
        Steps(tmp_path).run("Polishing the rings", ["/no/such/program"], {}, log="polish")


@pytest.mark.parametrize(
    ("output", "cause"),
    [
        ("error: dns error: failed to lookup address information", "network"),
        ("Failed to fetch: `https://index.example/simple/rasa/`", "network"),
        ("Hash mismatch for `rasa==3.6.21`", "recorded"),
        ("Permission denied (os error 13)", "may not write here"),
        ("x No solution found when resolving dependencies", "could not be had"),
        ("Building\nerror: the ring does not fit", "“error: the ring does not fit”"),
        ("", "it said nothing"),
    ],
)
def test_a_tools_output_becomes_a_cause(output: str, cause: str) -> None:
    assert cause in cause_of(output)
