"""Row 25: what is garbage is stored as text, or refused with a sentence; nothing fails.

What it is understood as is tried on the Rasa side, with the same texts.
"""

from collections.abc import Iterator

import httpx
import pytest

from bot.app import Services
from bot.conversations.errors import MessageRefused
from bot.conversations.text import MAX_CHARACTERS, clean_text
from tests.garbage import TURNS, commands, texts
from tests.web.serving import served

START = "/api/v1/conversations"
# Through the web process and the database; these are some of each kind.
TURNS_OF_A_VISITOR = 360
TURNS_A_CONVERSATION = 30
DIRECTIONS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@pytest.fixture
def http(services: Services) -> Iterator[httpx.Client]:
    with (
        served(services) as address,
        httpx.Client(base_url=address, timeout=10) as client,
    ):
        yield client


def test_ten_thousand_messages_of_nonsense_are_cleaned_or_refused() -> None:
    kept = refused = 0
    for text in texts():
        try:
            clean = clean_text(text)
        except MessageRefused:
            refused += 1
            continue
        kept += 1
        assert 0 < len(clean) <= MAX_CHARACTERS
        assert clean_text(clean) == clean
        assert not DIRECTIONS & set(clean)
        clean.encode("utf-8")
    assert kept + refused == TURNS
    assert kept > refused > 0


def test_nonsense_sent_by_a_visitor_is_taken_or_refused_with_a_sentence(
    http: httpx.Client,
) -> None:
    for at, text in enumerate([*texts(TURNS_OF_A_VISITOR), *commands(30)]):
        if at % TURNS_A_CONVERSATION == 0:
            started = http.post(START, json={}).json()
        answer = http.post(
            f"{START}/{started['id']}/messages",
            json={"client_id": f"message-{at}", "text": text},
            headers={"Authorization": f"Bearer {started['token']}"},
        )
        assert answer.status_code in (202, 400, 422), (at, ascii(text), answer.text)
        if answer.status_code != 202:
            assert answer.json()["error"]["message"].endswith(".")


def test_a_hundred_kilobytes_are_refused_with_a_sentence(http: httpx.Client) -> None:
    started = http.post(START, json={}).json()
    for text in ("a" * 100_000, "\u202e" * 100_000, "💍" * 25_000):
        answer = http.post(
            f"{START}/{started['id']}/messages",
            json={"client_id": "long", "text": text},
            headers={"Authorization": f"Bearer {started['token']}"},
        )
        assert 400 <= answer.status_code < 500, answer.text
        assert answer.json()["error"]["message"].endswith(".")
