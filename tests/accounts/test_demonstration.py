"""The accounts of a demonstration: made once, found again, taken out without a trace."""

from pathlib import Path

import pytest
from sqlalchemy import select

from bot.accounts import (
    Accounts,
    Role,
    SignInRefused,
    demonstration_accounts,
    remove_demonstration,
)
from bot.settings import Secrets
from bot.storage import Database
from bot.storage.tables import Account, SignIn


@pytest.fixture
def secrets(tmp_path: Path) -> Secrets:
    return Secrets(tmp_path / "secrets")


def test_bob_tara_and_olivia_can_sign_in_with_what_is_printed(
    accounts: Accounts, secrets: Secrets
) -> None:
    listed = demonstration_accounts(accounts, secrets)
    people = [
        (role, accounts.sign_in(email, password).name, password) for role, email, password in listed
    ]
    assert [(role, name) for role, name, _ in people] == [
        ("agent", "Bob"),
        ("trainer", "Tara"),
        ("owner", "Olivia"),
    ]
    assert len({password for *_, password in people}) == 3


def test_a_later_start_prints_the_same_and_ends_no_sign_in(
    accounts: Accounts, secrets: Secrets
) -> None:
    first = demonstration_accounts(accounts, secrets)
    cookie = accounts.sign_in(first[0].email, first[0].password).cookie
    assert demonstration_accounts(accounts, secrets) == first
    assert accounts.who(cookie) is not None


def test_a_lost_secret_gives_a_new_password_and_ends_the_sign_ins_of_the_old(
    accounts: Accounts, secrets: Secrets, tmp_path: Path
) -> None:
    role, email, old = demonstration_accounts(accounts, secrets)[0]
    cookie = accounts.sign_in(email, old).cookie
    (tmp_path / "secrets" / f"demonstration_{role}").unlink()
    new = demonstration_accounts(accounts, secrets)[0].password
    assert accounts.who(cookie) is None
    with pytest.raises(SignInRefused):
        accounts.sign_in(email, old)
    assert accounts.sign_in(email, new).name == "Bob"


def test_a_real_account_with_such_an_address_is_left_alone(
    accounts: Accounts, secrets: Secrets
) -> None:
    accounts.add("bob@example.com", "The real Bob", Role.AGENT, "correct horse battery")
    listed = demonstration_accounts(accounts, secrets)
    assert [role for role, *_ in listed] == ["trainer", "owner"]
    assert accounts.sign_in("bob@example.com", "correct horse battery").name == "The real Bob"


def test_removing_takes_the_demonstration_and_leaves_the_rest(
    accounts: Accounts, secrets: Secrets, database: Database
) -> None:
    accounts.add("real@example.com", "Real", Role.OWNER, "correct horse battery")
    _, email, password = demonstration_accounts(accounts, secrets)[0]
    accounts.sign_in(email, password)
    assert remove_demonstration(database) == 3
    assert remove_demonstration(database) == 0
    with database.read() as session:
        assert list(session.scalars(select(Account.email))) == ["real@example.com"]
        assert session.scalars(select(SignIn)).all() == []
