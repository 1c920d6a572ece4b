"""Who may have an account, who gets in, and for how long."""

import pytest
from sqlalchemy import select

from bot.accounts import (
    AccountExists,
    Accounts,
    NotAnEmail,
    Role,
    SignInRefused,
    WeakPassword,
)
from bot.storage import Database
from bot.storage.tables import Account, SignIn
from tests.accounts.conftest import SESSION_HOURS
from tests.conftest import SetClock

BOB = "bob@example.com"
PASSWORD = "correct horse battery"


@pytest.fixture
def bob(accounts: Accounts) -> None:
    accounts.add(BOB, "Bob", Role.AGENT, PASSWORD)


@pytest.mark.usefixtures("bob")
def test_bob_signs_in_and_is_known_by_his_cookie(accounts: Accounts) -> None:
    new = accounts.sign_in(" Bob@Example.com ", PASSWORD)
    who = accounts.who(new.cookie)
    assert who is not None
    assert (who.name, who.email, who.role, who.available) == ("Bob", BOB, Role.AGENT, False)
    assert who.form_token == new.form_token


@pytest.mark.usefixtures("bob")
def test_neither_password_nor_cookie_can_be_read_from_the_database(
    accounts: Accounts, database: Database
) -> None:
    cookie = accounts.sign_in(BOB, PASSWORD).cookie
    with database.read() as session:
        stored = session.scalars(select(Account)).one()
        sign_in = session.scalars(select(SignIn)).one()
    assert stored.password_hash.startswith("$argon2id$")
    assert PASSWORD not in stored.password_hash
    assert cookie not in (sign_in.id, sign_in.form_token)


@pytest.mark.usefixtures("bob")
@pytest.mark.parametrize("email", [BOB, "mallory@example.com", "not an address", "a\x00@b"])
def test_a_wrong_email_and_a_wrong_password_get_the_same_refusal(
    accounts: Accounts, email: str
) -> None:
    with pytest.raises(SignInRefused) as refused:
        accounts.sign_in(email, "a wrong password")
    assert refused.value.sentence == "This e-mail address and password do not belong together."


@pytest.mark.usefixtures("bob")
def test_a_refusal_costs_one_verification_whoever_asks(
    accounts: Accounts, monkeypatch: pytest.MonkeyPatch
) -> None:
    right, verified = accounts._right, []

    def counted(stored: str, password: str) -> bool:
        verified.append(stored.rsplit("$", 2)[0])
        return right(stored, password)

    monkeypatch.setattr(accounts, "_right", counted)
    for email in (BOB, "mallory@example.com"):
        with pytest.raises(SignInRefused):
            accounts.sign_in(email, "a wrong password")
    known, unknown = verified
    assert known == unknown  # the same parameters, hence the same work


@pytest.mark.usefixtures("bob")
def test_each_sign_in_has_a_new_id_and_ends_the_one_it_replaces(accounts: Accounts) -> None:
    first = accounts.sign_in(BOB, PASSWORD)
    second = accounts.sign_in(BOB, PASSWORD, replacing=first.cookie)
    assert first.cookie != second.cookie
    assert first.form_token != second.form_token
    assert accounts.who(first.cookie) is None
    assert accounts.who(second.cookie) is not None


@pytest.mark.usefixtures("bob")
def test_signing_out_ends_this_sign_in_and_no_other(accounts: Accounts) -> None:
    desk, telephone = accounts.sign_in(BOB, PASSWORD), accounts.sign_in(BOB, PASSWORD)
    accounts.sign_out(desk.cookie)
    assert accounts.who(desk.cookie) is None
    assert accounts.who(telephone.cookie) is not None


@pytest.mark.usefixtures("bob")
def test_a_sign_in_ends_after_its_hours(accounts: Accounts, clock: SetClock) -> None:
    cookie = accounts.sign_in(BOB, PASSWORD).cookie
    clock.pass_time(hours=SESSION_HOURS, seconds=-1)
    assert accounts.who(cookie) is not None
    clock.pass_time(seconds=1)
    assert accounts.who(cookie) is None


@pytest.mark.usefixtures("bob")
def test_expired_sign_ins_are_swept_out_by_the_next_one(
    accounts: Accounts, clock: SetClock, database: Database
) -> None:
    accounts.sign_in(BOB, PASSWORD)
    clock.pass_time(hours=SESSION_HOURS)
    accounts.sign_in(BOB, PASSWORD)
    with database.read() as session:
        assert len(session.scalars(select(SignIn)).all()) == 1


def test_an_invented_cookie_is_nobody(accounts: Accounts) -> None:
    assert accounts.who("") is None
    assert accounts.who("mallory\udcff") is None


@pytest.mark.usefixtures("bob")
def test_being_seen_is_noted_at_most_every_30_seconds(
    accounts: Accounts, clock: SetClock, database: Database
) -> None:
    cookie = accounts.sign_in(BOB, PASSWORD).cookie
    signed_in_at = clock.now

    def seen_at() -> object:
        with database.read() as session:
            return session.scalars(select(SignIn.seen_at)).one()

    clock.pass_time(seconds=29)
    accounts.who(cookie)
    assert seen_at() == signed_in_at
    clock.pass_time(seconds=1)
    accounts.who(cookie)
    assert seen_at() == clock.now


@pytest.mark.usefixtures("bob")
def test_an_address_has_one_account_however_it_is_written(accounts: Accounts) -> None:
    with pytest.raises(AccountExists) as refused:
        accounts.add("BOB@example.com", "Another Bob", Role.OWNER, PASSWORD)
    assert refused.value.sentence == "There is already an account for bob@example.com."


def test_a_password_of_11_characters_is_refused_and_one_of_12_is_not(accounts: Accounts) -> None:
    with pytest.raises(WeakPassword) as refused:
        accounts.add(BOB, "Bob", Role.AGENT, "12345678901")
    assert "12 characters" in refused.value.sentence
    accounts.add(BOB, "Bob", Role.AGENT, "123456789012")


@pytest.mark.parametrize("email", ["", "bob", "bob@", "b ob@example.com", "b" * 250 + "@x.io"])
def test_an_account_needs_an_email_address(accounts: Accounts, email: str) -> None:
    with pytest.raises(NotAnEmail):
        accounts.add(email, "Bob", Role.AGENT, PASSWORD)


def test_a_role_that_does_not_exist_is_refused(accounts: Accounts) -> None:
    with pytest.raises(ValueError, match="admin"):
        accounts.add(BOB, "Bob", "admin", PASSWORD)


def test_a_password_may_be_typed_with_composed_or_combining_accents(accounts: Accounts) -> None:
    accounts.add(BOB, "Bob", Role.AGENT, "cafe\u0301 au lait noir")
    assert accounts.sign_in(BOB, "caf\u00e9 au lait noir").name == "Bob"
