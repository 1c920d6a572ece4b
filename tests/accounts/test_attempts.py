"""Guessing passwords is slowed down, by account and by address."""

import pytest

from bot.accounts import Accounts, Role, SignInRefused, TooManyAttempts
from bot.accounts.attempts import (
    FAILURES_FROM_ONE_ADDRESS,
    FAILURES_OF_ONE_ACCOUNT,
    KEYS_REMEMBERED,
    Attempts,
)
from tests.conftest import SetClock

BOB = "bob@example.com"
PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def bob(accounts: Accounts) -> None:
    accounts.add(BOB, "Bob", Role.AGENT, PASSWORD)


def fail(accounts: Accounts, email: str, address: str = "192.0.2.66") -> None:
    with pytest.raises(SignInRefused):
        accounts.sign_in(email, "a wrong password", address=address)


@pytest.mark.parametrize("email", [BOB, "nobody@example.com"])
def test_after_five_failures_an_account_waits_and_so_does_one_that_does_not_exist(
    accounts: Accounts, email: str
) -> None:
    for _ in range(FAILURES_OF_ONE_ACCOUNT):
        fail(accounts, email)
    with pytest.raises(TooManyAttempts) as refused:
        accounts.sign_in(email, PASSWORD, address="192.0.2.1")
    assert refused.value.sentence == "Too many attempts. Please try again in 15 minutes."


def test_the_wait_is_over_when_the_first_failure_is_15_minutes_old(
    accounts: Accounts, clock: SetClock
) -> None:
    for _ in range(FAILURES_OF_ONE_ACCOUNT):
        fail(accounts, BOB)
        clock.pass_time(minutes=1)
    clock.pass_time(minutes=9, seconds=30)
    with pytest.raises(TooManyAttempts) as refused:
        accounts.sign_in(BOB, PASSWORD)
    assert refused.value.sentence == "Too many attempts. Please try again in 1 minute."
    clock.pass_time(seconds=30)
    assert accounts.sign_in(BOB, PASSWORD).name == "Bob"


def test_many_accounts_tried_from_one_address_stop_that_address_only(accounts: Accounts) -> None:
    for number in range(FAILURES_FROM_ONE_ADDRESS):
        fail(accounts, f"guess{number}@example.com")
    with pytest.raises(TooManyAttempts):
        accounts.sign_in("one.more@example.com", PASSWORD, address="192.0.2.66")
    assert accounts.sign_in(BOB, PASSWORD, address="192.0.2.1").name == "Bob"


def test_a_success_clears_the_account_and_does_not_count_against_the_address(
    accounts: Accounts,
) -> None:
    for _ in range(FAILURES_FROM_ONE_ADDRESS + 1):
        accounts.sign_in(BOB, PASSWORD, address="192.0.2.1")
    for _ in range(FAILURES_OF_ONE_ACCOUNT - 1):
        fail(accounts, BOB)
    accounts.sign_in(BOB, PASSWORD)
    for _ in range(FAILURES_OF_ONE_ACCOUNT):
        fail(accounts, BOB)


def test_what_is_remembered_of_attempts_stays_bounded(clock: SetClock) -> None:
    attempts = Attempts()
    for number in range(KEYS_REMEMBERED + 10):
        attempts.begin(f"guess{number}@example.com", f"address {number}", clock())
    assert len(attempts._failures) == KEYS_REMEMBERED
