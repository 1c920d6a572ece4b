"""What processes print is kept, bounded, and searched for important lines."""

from pathlib import Path

import pytest

from bot.supervisor import output
from bot.supervisor.output import Output


def test_an_important_line_is_picked_out_even_in_pieces(tmp_path: Path) -> None:
    log = Output(tmp_path / "rasa.log")
    assert log.write(b"2024 INFO up\n2024 ERR") == []
    assert log.write(b"OR no model\n") == ["2024 ERROR no model"]
    assert log.last_line == "2024 ERROR no model"
    assert (tmp_path / "rasa.log").read_bytes() == b"2024 INFO up\n2024 ERROR no model\n"


def test_a_full_log_makes_room_for_a_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(output, "LARGEST_BYTES", 10)
    log = Output(tmp_path / "web.log")
    for line in (b"first\n", b"second\n", b"third\n"):
        log.write(line)
    assert (tmp_path / "web.log").read_bytes() == b"third\n"
    assert (tmp_path / "web.log.1").read_bytes() == b"second\n"


def test_a_log_that_cannot_be_written_stops_nobody(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("a file where the folder should be")
    log = Output(tmp_path / "log" / "web.log")
    assert log.write(b"CRITICAL disk full\n") == ["CRITICAL disk full"]
    assert log.lost_bytes == 19
