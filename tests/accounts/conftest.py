"""Hashing that does not take long."""

import pytest
from argon2 import PasswordHasher

from bot.accounts import Accounts
from bot.storage import Database
from tests.conftest import SetClock

SESSION_HOURS = 12


@pytest.fixture
def accounts(database: Database, clock: SetClock) -> Accounts:
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    return Accounts(database, clock, session_hours=SESSION_HOURS, hasher=hasher)
