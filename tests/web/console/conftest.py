"""A shop with its staff, their browsers at the console, and Alice, who waits for a person."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from argon2 import PasswordHasher

from bot.accounts import Accounts
from bot.app import Services
from bot.assistant import Effect
from bot.conversations.intake import Started
from bot.orders.demonstration import load_demonstration
from tests.conftest import PASSWORD, SetClock
from tests.conversations.cast import answer, lease, send
from tests.web.console.browser import Browser
from tests.web.serving import served

HAND_OFF = Effect(kind="hand_off", reason="asked", category="damaged")
PROVE = Effect(kind="verify", order_number="1001", email="alice@example.com", name="Alice")


@pytest.fixture
def services(services: Services, clock: SetClock) -> Services:
    """A shop with its staff, of whom Bob is available; hashing does not take long."""
    accounts = Accounts(
        services.database,
        clock,
        session_hours=services.settings.session_hours,
        hasher=PasswordHasher(time_cost=1, memory_cost=8, parallelism=1),
    )
    load_demonstration(services.database, clock())
    for name, role in (("Bob", "agent"), ("Olivia", "owner"), ("Tara", "trainer")):
        accounts.add(f"{name.lower()}@example.com", name, role, PASSWORD)
    accounts.set_available(accounts.sign_in("bob@example.com", PASSWORD).account_id, True)
    return replace(services, accounts=accounts)


@pytest.fixture
def address(services: Services) -> Iterator[str]:
    with served(services) as address:
        yield address


@pytest.fixture
def stranger(address: str) -> Iterator[Browser]:
    browser = Browser(address)
    yield browser
    browser.http.close()


@pytest.fixture
def bob(address: str) -> Iterator[Browser]:
    browser = Browser(address)
    assert browser.sign_in("bob@example.com").status_code == 303
    yield browser
    browser.http.close()


@pytest.fixture
def olivia(address: str) -> Iterator[Browser]:
    browser = Browser(address)
    assert browser.sign_in("olivia@example.com").status_code == 303
    yield browser
    browser.http.close()


@pytest.fixture
def alice(services: Services) -> Started:
    """Alice proved her order, asked, and was given to people."""
    visitor = services.intake.start(time_zone="America/New_York")
    send(services, visitor, "when do you reply?")
    first = answer("utter_faq/reply_times", label="faq/reply_times", effects=[PROVE])
    services.answering.store(lease(services, visitor), first)
    send(services, visitor, "my <b>clasp</b> broke, a person please")
    services.answering.store(lease(services, visitor), answer(effects=[HAND_OFF]))
    return visitor
