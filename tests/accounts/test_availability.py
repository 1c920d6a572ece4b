"""An agent is there when signed in, set to available, and with a console open."""

import pytest

from bot.accounts import Accounts, NewSignIn, Role, anyone_available
from bot.storage import Database
from tests.conftest import SetClock

PASSWORD = "correct horse battery"


def signed_in(accounts: Accounts, role: Role) -> NewSignIn:
    accounts.add(f"{role}@example.com", role.title(), role, PASSWORD)
    return accounts.sign_in(f"{role}@example.com", PASSWORD)


def available(database: Database, clock: SetClock) -> bool:
    with database.read() as session:
        return anyone_available(session, clock())


@pytest.mark.parametrize("role", [Role.AGENT, Role.OWNER])
def test_whoever_answers_visitors_is_available_once_they_say_so(
    accounts: Accounts, database: Database, clock: SetClock, role: Role
) -> None:
    new = signed_in(accounts, role)
    assert not available(database, clock)
    accounts.set_available(new.account_id, True)
    assert available(database, clock)
    accounts.set_available(new.account_id, False)
    assert not available(database, clock)


def test_a_trainer_is_never_available_to_visitors(
    accounts: Accounts, database: Database, clock: SetClock
) -> None:
    tara = signed_in(accounts, Role.TRAINER)
    accounts.set_available(tara.account_id, True)
    assert not available(database, clock)


def test_after_90_seconds_without_a_sign_of_the_console_nobody_is_there(
    accounts: Accounts, database: Database, clock: SetClock
) -> None:
    bob = signed_in(accounts, Role.AGENT)
    accounts.set_available(bob.account_id, True)
    clock.pass_time(seconds=89)
    assert available(database, clock)
    clock.pass_time(seconds=1)
    assert not available(database, clock)
    accounts.who(bob.cookie)
    assert available(database, clock)


def test_whoever_signs_out_is_gone_at_once(
    accounts: Accounts, database: Database, clock: SetClock
) -> None:
    bob = signed_in(accounts, Role.AGENT)
    accounts.set_available(bob.account_id, True)
    accounts.sign_out(bob.cookie)
    assert not available(database, clock)
