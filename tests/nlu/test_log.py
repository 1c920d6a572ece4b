"""What the Rasa side logs: each line with its time and level, and nothing a visitor wrote."""

from __future__ import annotations

import re

from tests.nlu.cast import turn
from tests.nlu.conftest import Dialogue, SmallRasa


def test_nothing_a_visitor_wrote_is_in_the_logs(rasa: SmallRasa, alice: Dialogue) -> None:
    alice.say("quxcanaryqux words that nobody else writes")
    alice.say("my ring arrived broken")
    alice.say("quxcanaryqux@example.com")
    with rasa.without_actions():
        alice.say("quxcanaryqux")
        assert alice.status == 502
    rasa.post(turn(text="quxcanaryqux " * 200))
    rasa.post(turn(facts={"name": ["quxcanaryqux"]}))
    rasa.post(b'{"text": "quxcanaryqux')
    assert "quxcanaryqux" not in rasa.log


def test_a_failed_turn_is_logged_with_time_and_level(rasa: SmallRasa, alice: Dialogue) -> None:
    with rasa.without_actions():
        alice.say("where is my order?")
    lines = [line for line in rasa.log.splitlines() if "A turn failed" in line]
    assert lines
    stamped = re.compile(r"20\d\d-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} ERROR bot\.nlu\.channel: A turn")
    assert all(stamped.match(line) for line in lines)
    assert re.search(r"^20\S+ \S+ INFO bot\.nlu\.server: Serving", rasa.log, re.MULTILINE)
