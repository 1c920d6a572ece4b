"""What most tests stand on: a shop on either database, and a clock that is set by hand."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from bot.accounts import Accounts
from bot.app import Services, compose
from bot.settings import Settings
from bot.storage import Database
from bot.storage.migrate import migrate
from tests.postgresql import PostgresServer, postgres_server
from tests.running_shop import RunningShop, running_shop
from tests.visitor import Visitor

# A Tuesday, 10:00 in New York: the shop is open and no holiday is near.
TUESDAY_MORNING = datetime(2026, 11, 17, 15, 0, tzinfo=UTC)
PASSWORD = "correct horse battery"
DATABASES = ("sqlite", "postgresql")


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


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgresServer]:
    """One server for all tests; each takes a database of its own."""
    with postgres_server() as server:
        yield server


@pytest.fixture(scope="session")
def postgresql_template(postgresql: PostgresServer) -> str:
    """A database with today's tables, migrated once and then copied."""
    name = postgresql.create()
    migrate_once(postgresql.url(name))
    return name


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with today's tables, migrated once and then copied."""
    path = tmp_path_factory.mktemp("template") / "bot.sqlite3"
    migrate_once(f"sqlite:///{path}")
    return path


def migrate_once(url: str) -> None:
    database = Database(url)
    migrate(database)
    database.close()


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database of today's tables with nothing in it, once of each kind."""
    if request.param == "sqlite":
        template = request.getfixturevalue("sqlite_template")
        yield f"sqlite:///{shutil.copy(template, tmp_path / 'bot.sqlite3')}"
        return
    server: PostgresServer = request.getfixturevalue("postgresql")
    name = server.create(request.getfixturevalue("postgresql_template"))
    yield server.url(name)
    server.drop(name)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """The same, opened."""
    database = Database(database_url)
    yield database
    database.close()


@pytest.fixture
def services(
    tmp_path: Path, clock: SetClock, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Services]:
    """A shop without its processes, on a database of each kind."""
    monkeypatch.setitem(Settings.model_config, "env_file", None)  # no .env of the developer's
    composed = compose(Settings(data_dir=tmp_path / "var", database_url=database_url), clock)
    # Passwords are hashed cheaply here; tests/accounts tries the real cost.
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    accounts = Accounts(composed.database, clock, session_hours=12, hasher=cheap)
    yield replace(composed, accounts=accounts)
    composed.database.close()


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
