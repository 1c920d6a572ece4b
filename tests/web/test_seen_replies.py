"""An open window has seen a reply once it answers: a poll, or a socket that is alive."""

import threading
import time
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import httpx
import pytest
from sqlalchemy import select
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from bot.app import Services
from bot.conversations.intake import Started
from bot.mail.replies import REPLY_JOB
from bot.storage.tables import Job
from tests.cases.letters import case_of
from tests.conftest import agent_at_work
from tests.web.serving import served


@pytest.fixture
def alice(services: Services) -> Started:
    visitor = services.intake.start()
    case_of(services, visitor)
    return visitor


@pytest.fixture
def address(services: Services, alice: Started) -> Iterator[str]:
    with served(services) as address:
        yield address


def answered(services: Services, alice: Started) -> None:
    bob = agent_at_work(services)
    services.desk.reply(alice.id, bob, "A new clasp is on its way.", "b" * 32)


def outcome(services: Services) -> str | None:
    with services.database.read() as session:
        return session.scalars(select(Job.outcome).where(Job.kind == REPLY_JOB)).one()


def soon(check: Callable[[], bool]) -> bool:
    """Whether this holds within some seconds."""
    end, waiting = time.monotonic() + 10, threading.Event()
    while not check() and time.monotonic() < end:
        waiting.wait(0.02)
    return check()


def test_a_poll_that_was_answered_has_seen_the_reply(
    services: Services, alice: Started, address: str
) -> None:
    answered(services, alice)
    assert outcome(services) is None
    response = httpx.get(
        f"{address}/api/v1/conversations/{alice.id}/messages",
        headers={"Authorization": f"Bearer {alice.token}"},
        trust_env=False,
    )
    assert "A new clasp" in response.text
    assert outcome(services) == "seen in the chat"


def test_a_socket_that_is_alive_has_seen_the_reply(
    services: Services, alice: Started, address: str
) -> None:
    protocols = [Subprotocol("chat.v1"), Subprotocol(alice.token)]
    with connect(
        f"ws://{urlsplit(address).netloc}/api/v1/conversations/{alice.id}/socket",
        subprotocols=protocols,
        proxy=None,
    ) as line:
        assert "message" in str(line.recv(timeout=10))
        answered(services, alice)
        assert soon(lambda: outcome(services) == "seen in the chat")
