"""A text of which only the meaning is asked, such as a mail's, is understood as in a turn."""

from __future__ import annotations

import pytest

from tests.nlu.cast import turn
from tests.nlu.conftest import SmallRasa

PATH = "/webhooks/gateway/understand"


@pytest.mark.parametrize("text", ["my ring arrived broken", "/restart", "", "where is order 1001?"])
def test_a_text_means_the_same_as_in_a_dialogue_of_its_own(rasa: SmallRasa, text: str) -> None:
    status, body = rasa.post({"text": text}, path=PATH)
    assert status == 200
    _, played = rasa.post(turn(text=text, dialogue=f"understood.{len(text)}"))
    assert body["understood"] == played["understood"]


@pytest.mark.parametrize("body", [{}, {"text": 5}, {"text": "x" * 1001}, {"text": "", "x": 1}, []])
def test_what_is_no_text_is_refused(rasa: SmallRasa, body: object) -> None:
    status, answer = rasa.post(body, path=PATH)
    assert (status, answer["error"]["code"]) == (400, "bad_turn")


def test_without_the_token_nothing_is_understood(rasa: SmallRasa) -> None:
    assert rasa.post({"text": "hello"}, token="another", path=PATH)[0] == 401
