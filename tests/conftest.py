"""What most tests stand on: a shop in an empty folder, and a clock that is set by hand."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from bot.accounts import Accounts
from bot.app import Services, compose
from bot.settings import Settings
from bot.storage.migrate import migrate
from tests.running_shop import RunningShop, running_shop
from tests.visitor import Visitor

# A Tuesday, 10:00 in New York: the shop is open and no holiday is near.
TUESDAY_MORNING = datetime(2026, 11, 17, 15, 0, tzinfo=UTC)
PASSWORD = "correct horse battery"


class SetClock:
    """A clock that goes only when it is told to."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def pass_time(self, **duration: float) -> None:
        """Let this much time pass, in timedelta's words."""
        self.now += timedelta(**duration)


@pytest.fixture
def clock() -> SetClock:
    return SetClock(TUESDAY_MORNING)


@pytest.fixture
def services(
    tmp_path: Path, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Services]:
    monkeypatch.setitem(Settings.model_config, "env_file", None)  # no .env of the developer's
    composed = compose(Settings(data_dir=tmp_path / "var"), clock)
    # Passwords are hashed cheaply here; tests/accounts tries the real cost.
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    accounts = Accounts(composed.database, clock, session_hours=12, hasher=cheap)
    found = replace(composed, accounts=accounts)
    migrate(found.database)
    yield found
    found.database.close()


def agent_at_work(services: Services, email: str = "bob@example.com", name: str = "Bob") -> int:
    """An agent who is signed in and available; gives the account's id."""
    services.accounts.add(email, name, "agent", PASSWORD)
    account_id = services.accounts.sign_in(email, PASSWORD).account_id
    services.accounts.set_available(account_id, True)
    return account_id


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningShop]:
    """The whole product with Rasa and the action server, started once for all who need it."""
    with running_shop(tmp_path_factory.mktemp("shop"), TUESDAY_MORNING) as running:
        yield running


@pytest.fixture
def alice(shop: RunningShop) -> Iterator[Visitor]:
    """A visitor of the running shop."""
    with Visitor(shop.address) as visitor:
        yield visitor


@pytest.fixture
def mallory(shop: RunningShop) -> Iterator[Visitor]:
    """Another visitor, who is up to no good."""
    with Visitor(shop.address) as visitor:
        yield visitor
