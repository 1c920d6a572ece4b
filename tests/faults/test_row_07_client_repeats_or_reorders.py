"""A client repeats, reorders and loses answers: the server's sequence decides, gaps are filled.

Hypothesis plays the client of one conversation, against the service and through the API, and keeps
beside it what the server has acknowledged.
"""

from collections.abc import Callable
from typing import Any, Protocol

import httpx
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot.app import Services
from bot.conversations.errors import ClientIdReused
from bot.conversations.intake import Started
from tests.conftest import agent_at_work
from tests.web.serving import served

STEPS = 25
# The same examples each time: a failure here is to be met again.
ON_THE_SERVICE = settings(
    max_examples=15, stateful_step_count=STEPS, deadline=None, derandomize=True, database=None
)
THROUGH_THE_API = settings(ON_THE_SERVICE, max_examples=5)

Entry = tuple[int, str, str]  # sequence, sender, text


class Line(Protocol):
    """How a client reaches the server."""

    def send(self, client_id: str, text: str) -> int | None:
        """The sequence, or None where the client id was used with other words."""

    def after(self, sequence: int) -> list[Entry]:
        """What is newer."""


class OnTheService:
    """Calls the intake."""

    def __init__(self, services: Services, visitor: Started) -> None:
        self._intake, self._of = services.intake, (visitor.id, visitor.token)

    def send(self, client_id: str, text: str) -> int | None:
        try:
            return self._intake.receive(*self._of, client_id=client_id, text=text)
        except ClientIdReused:
            return None

    def after(self, sequence: int) -> list[Entry]:
        found = self._intake.page(*self._of, sequence).messages
        return [(m.sequence, m.sender, m.text) for m in found]


class ThroughTheApi:
    """Posts and reads as the widget does."""

    def __init__(self, http: httpx.Client, visitor: Started) -> None:
        self._http, self._path = http, f"/api/v1/conversations/{visitor.id}/messages"
        self._headers = {"Authorization": f"Bearer {visitor.token}"}

    def send(self, client_id: str, text: str) -> int | None:
        body = {"client_id": client_id, "text": text}
        answer = self._http.post(self._path, json=body, headers=self._headers)
        assert answer.status_code in (202, 409), answer.text
        return int(answer.json()["sequence"]) if answer.status_code == 202 else None

    def after(self, sequence: int) -> list[Entry]:
        answer = self._http.get(self._path, params={"after": sequence}, headers=self._headers)
        found: list[dict[str, Any]] = answer.json()["messages"]
        return [(m["sequence"], m["sender"], m["text"]) for m in found]


class Client(RuleBasedStateMachine):
    """One visitor's window, whose messages and answers take any way and any time."""

    def __init__(self, services: Services, line: Line, visitor: Started, bob: int) -> None:
        super().__init__()
        self.services, self.line, self.visitor, self.bob = services, line, visitor, bob
        self.written: list[str] = []  # client ids, in the order in which the visitor wrote
        self.acknowledged: dict[str, int] = {}
        self.shown: dict[int, Entry] = {}
        self.told: list[Entry] = self.line.after(0)  # all there was when last looked
        # With an agent, nothing but what this machine does is said in the conversation.
        services.desk.claim(visitor.id, bob)

    def cursor(self) -> int:
        """Up to here the window misses nothing."""
        return next(n for n in range(len(self.shown) + 1) if n + 1 not in self.shown)

    @rule()
    def write(self) -> None:
        self.written.append(f"c{len(self.written)}")

    @precondition(lambda self: self.written)
    @rule(data=st.data())
    def deliver(self, data: st.DataObject) -> None:
        """Any written message arrives: late, again, before or after others."""
        client_id = data.draw(st.sampled_from(self.written))
        newest = self.line.after(0)[-1][0]
        sequence = self.line.send(client_id, f"text of {client_id}")
        assert sequence == self.acknowledged.setdefault(client_id, newest + 1)

    @precondition(lambda self: self.acknowledged)
    @rule(data=st.data())
    def send_other_words_under_a_used_id(self, data: st.DataObject) -> None:
        before = self.line.after(0)
        client_id = data.draw(st.sampled_from(sorted(self.acknowledged)))
        assert self.line.send(client_id, "other words") is None
        assert self.line.after(0) == before

    @rule()
    def the_agent_writes(self) -> None:
        number = len(self.told)
        self.services.desk.reply(self.visitor.id, self.bob, f"agent {number}", f"a{number}")

    @rule(data=st.data())
    def frames_arrive(self, data: st.DataObject) -> None:
        """Some of what the server pushed, in any order, some of it again."""
        pushed = self.line.after(0)
        for entry in data.draw(st.lists(st.sampled_from(pushed), max_size=len(pushed))):
            assert self.shown.setdefault(entry[0], entry) == entry

    @rule()
    def fill_the_gaps(self) -> None:
        """Reading on from the cursor shows everything, whatever was missing."""
        for entry in self.line.after(self.cursor()):
            self.shown[entry[0]] = entry
        assert [self.shown[n] for n in sorted(self.shown)] == self.line.after(0)

    @invariant()
    def what_was_told_stays_as_it_was_told(self) -> None:
        now = self.line.after(0)
        assert now[: len(self.told)] == self.told
        assert [entry[0] for entry in now] == list(range(1, len(now) + 1))
        self.told = now

    @invariant()
    def every_acknowledged_message_is_there_once_and_nothing_else_of_the_visitors(self) -> None:
        mine = [(text, n) for n, sender, text in self.line.after(0) if sender == "visitor"]
        acknowledged = sorted(self.acknowledged.items(), key=lambda entry: entry[1])
        assert mine == [(f"text of {client_id}", n) for client_id, n in acknowledged]


def play(services: Services, line_of: Callable[[Started], Line], how: settings) -> None:
    bob = agent_at_work(services)

    def begin() -> Client:
        visitor = services.intake.start()
        return Client(services, line_of(visitor), visitor, bob)

    run_state_machine_as_test(begin, settings=how)  # type: ignore[arg-type]  # it calls it


def test_whatever_a_client_does_the_servers_sequence_decides(services: Services) -> None:
    play(services, lambda visitor: OnTheService(services, visitor), ON_THE_SERVICE)


def test_the_same_through_the_visitor_api(services: Services) -> None:
    with served(services) as address, httpx.Client(base_url=address, trust_env=False) as http:
        play(services, lambda visitor: ThroughTheApi(http, visitor), THROUGH_THE_API)


@pytest.mark.parametrize("skipped", [0, 1, 5])
def test_a_gap_is_filled_from_the_cursor(services: Services, skipped: int) -> None:
    alice = services.intake.start()
    for number in range(skipped + 2):
        services.intake.receive(alice.id, alice.token, client_id=str(number), text=str(number))
    found = services.intake.page(alice.id, alice.token, 1 + 1).messages
    assert [m.sequence for m in found] == list(range(3, skipped + 4))
