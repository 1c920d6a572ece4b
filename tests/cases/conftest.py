"""A shop whose codes are kept in memory, and Alice with a case."""

from dataclasses import replace

import pytest

from bot.app import Services
from bot.cases import Codes
from bot.conversations.intake import Started
from tests.cases.letters import KeptLetters, case_of
from tests.conftest import SetClock


@pytest.fixture
def letters() -> KeptLetters:
    return KeptLetters()


@pytest.fixture
def services(services: Services, letters: KeptLetters, clock: SetClock) -> Services:
    codes = Codes(services.database, letters, lambda: "a key", clock, per_hour=5)
    return replace(services, codes=codes)


@pytest.fixture
def alice(services: Services) -> Started:
    return services.intake.start(time_zone="America/New_York")


@pytest.fixture
def case(services: Services, alice: Started) -> str:
    """The reference of Alice's case."""
    return case_of(services, alice)
