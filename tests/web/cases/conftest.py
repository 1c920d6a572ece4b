"""A served shop with Alice's case, and browsers that know nothing of it."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.app import Services
from bot.cases import Codes
from bot.conversations.intake import Started
from tests.cases.letters import KeptLetters, case_of
from tests.conftest import SetClock
from tests.web.cases.browser import Browser
from tests.web.serving import served


@pytest.fixture
def letters() -> KeptLetters:
    return KeptLetters()


@pytest.fixture
def services(services: Services, letters: KeptLetters, clock: SetClock) -> Services:
    codes = Codes(services.database, letters, lambda: "a key", clock, per_hour=5)
    return replace(services, codes=codes)


@pytest.fixture
def address(services: Services) -> Iterator[str]:
    with served(services) as address:
        yield address


@pytest.fixture
def alice(services: Services) -> Started:
    return services.intake.start(time_zone="America/New_York")


@pytest.fixture
def case(services: Services, alice: Started) -> str:
    return case_of(services, alice)


@pytest.fixture
def browser(address: str) -> Iterator[Browser]:
    """Alice's."""
    browser = Browser(address)
    yield browser
    browser.http.close()


@pytest.fixture
def mallory(address: str) -> Iterator[Browser]:
    browser = Browser(address)
    yield browser
    browser.http.close()
