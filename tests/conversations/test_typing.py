"""Signs of typing: who follows is woken, and they end by themselves."""

from bot.conversations import typing
from bot.conversations.typing import SHOWN_FOR, Typing
from tests.conftest import SetClock


def test_a_sign_wakes_who_follows_and_ends_by_itself(clock: SetClock) -> None:
    woken: list[str] = []
    signs = Typing(woken.append, clock)
    signs.note("a", "visitor")
    assert woken == ["a"]
    assert signs.since("a", "visitor") == clock()
    assert signs.since("a", "agent") is None
    assert signs.since("b", "visitor") is None
    clock.pass_time(seconds=SHOWN_FOR.total_seconds())
    assert signs.since("a", "visitor") is None


def test_a_message_ends_the_sign_of_its_sender_alone(clock: SetClock) -> None:
    signs = Typing(lambda _: None, clock)
    signs.note("a", "bot")
    signs.note("a", "visitor")
    signs.ended("a", "bot")
    assert signs.since("a", "bot") is None
    assert signs.since("a", "visitor")


def test_old_signs_are_forgotten(clock: SetClock) -> None:
    signs = Typing(lambda _: None, clock)
    for number in range(typing.REMEMBERED + 1):
        signs.note(str(number), "visitor")
    assert signs.since("0", "visitor") is None
    assert signs.since("1", "visitor")
