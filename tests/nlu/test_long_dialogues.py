"""Dialogues of hundreds of turns: they neither grow nor forget, and a form outlasts them."""

from __future__ import annotations

import sqlite3

from tests.nlu.cast import REPORT
from tests.nlu.conftest import Dialogue, SmallRasa


def stored_bytes(rasa: SmallRasa, dialogue: str) -> int:
    with sqlite3.connect(rasa.folder / "rasa-trackers.sqlite3") as connection:
        (size,) = connection.execute(
            "SELECT length(events) FROM trackers WHERE dialogue = ?", (dialogue,)
        ).fetchone()
    connection.close()
    return int(size)


def test_three_hundred_rounds_neither_grow_nor_forget(rasa: SmallRasa, alice: Dialogue) -> None:
    alice.press("track_order", order_number="1001", email="alice@example.com")
    sizes = []
    for _ in range(300):
        assert alice.say("when will I get a reply?") == ["utter_faq/reply_times"]
        sizes.append(stored_bytes(rasa, alice.id))
    assert max(sizes[30:]) < 1.2 * max(sizes[:30])
    assert max(sizes) < 200_000
    assert alice.say("where is my order?") == ["utter_order_shipped"]
    assert alice.say("qwe") == ["utter_not_understood"]
    assert alice.say("asd") == ["utter_not_understood_again"]


def test_a_form_goes_on_however_often_it_is_interrupted(alice: Dialogue) -> None:
    alice.say(REPORT[0])
    for _ in range(70):
        said = alice.say("when will I get a reply?")
        assert said[0] == "utter_faq/reply_times"
        assert alice.asks == "order_number"
    for said_next in REPORT[1:]:
        alice.say(said_next)
    assert alice.asks == "confirm"
    alice.say("yes")
    assert [effect["kind"] for effect in alice.effects] == ["verify", "open_ticket"]
