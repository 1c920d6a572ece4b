"""Transactions commit whole or not at all; a database that is away is named, and comes back."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from functools import partial

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import ProgrammingError, StatementError

from bot.storage import Database, DatabaseUnavailable, ValueRefused
from bot.storage.tables import Account, Conversation, Message
from tests.at_once import at_once
from tests.conftest import TUESDAY_MORNING
from tests.postgresql import PostgresServer
from tests.storage.conftest import conversation

SHORT_WAIT_MS = 50
only_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
only_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@pytest.fixture
def hurried(
    opened: Callable[[], Database], monkeypatch: pytest.MonkeyPatch
) -> Callable[[], Database]:
    """Opens the database again, with little patience for locks."""
    monkeypatch.setattr("bot.storage.engine.LOCK_WAIT_MS", SHORT_WAIT_MS)
    return opened


def test_a_write_that_fails_leaves_nothing(database: Database) -> None:
    def fail_half_way() -> None:
        with database.write() as session:
            session.add(conversation("a"))
            session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_half_way()
    with database.read() as session:
        assert session.scalars(select(Conversation)).all() == []


def test_a_reader_sees_one_state_while_others_write(
    database: Database, opened: Callable[[], Database]
) -> None:
    count = select(func.count()).select_from(Conversation)
    with database.read() as session:
        before = session.scalar(count)
        with opened().write() as other:
            other.add(conversation("a"))
        assert (before, session.scalar(count)) == (0, 0)
    with database.read() as session:
        assert session.scalar(count) == 1


def test_a_lock_not_had_in_time_is_named_unavailable_and_readers_go_on(
    database: Database, hurried: Callable[[], Database]
) -> None:
    second = hurried()
    with database.write() as session:
        session.add(conversation("a"))
    change = update(Conversation).values(page="/ring")
    with database.write() as session:
        session.execute(change)
        with pytest.raises(DatabaseUnavailable), second.write() as other:
            other.execute(change)
        assert second.answers()
    with second.write() as other:
        other.execute(change)


def test_an_instant_comes_back_in_utc_from_whatever_zone(database: Database) -> None:
    told = conversation("a")
    told.created_at = TUESDAY_MORNING.astimezone(timezone(timedelta(hours=-5)))
    with database.write() as session:
        session.add(told)
    with database.read() as session:
        found = session.get_one(Conversation, "a").created_at
        later = select(Conversation.id).where(
            Conversation.created_at > TUESDAY_MORNING - timedelta(microseconds=1),
            Conversation.created_at <= TUESDAY_MORNING.astimezone(timezone(timedelta(hours=9))),
        )
        assert session.scalars(later).all() == ["a"]
    assert (found, found.tzinfo) == (TUESDAY_MORNING, UTC)


def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    naive = conversation("a")
    naive.created_at = datetime(2026, 11, 22)  # noqa: DTZ001
    with pytest.raises(StatementError, match="without a zone"), database.write() as session:
        session.add(naive)


def test_columns_that_nobody_filled_have_their_defaults(database: Database) -> None:
    with database.write() as session:
        session.add(conversation("a"))
        session.flush()
        session.add(
            Message(
                conversation_id="a", sequence=1, sender="bot", text="", created_at=TUESDAY_MORNING
            )
        )
    with database.read() as session:
        kept = session.get_one(Conversation, "a")
        assert (kept.state, kept.dialogue, kept.facts) == ("bot", 1, {})
        message = session.scalars(select(Message)).one()
        assert (message.buttons, message.understood, message.lang) == ([], [], "en")


def test_what_is_kept_as_json_comes_back_as_it_was(database: Database) -> None:
    facts = {"name": "Zoë “O’Neil” \U0001f48d", "order_verified": True, "deep": [{"n": None}, 1.5]}
    with database.write() as session:
        told = conversation("a")
        told.facts = facts
        session.add(told)
    with database.read() as session:
        assert session.get_one(Conversation, "a").facts == facts


def test_a_yes_or_no_column_can_be_asked_for_as_it_is(database: Database) -> None:
    with database.write() as session:
        for number in range(4):
            session.add(
                Account(
                    email=f"{number}@example.com",
                    name="Bob",
                    role="agent",
                    password_hash="x",
                    demonstration=number % 2 == 0,
                    created_at=TUESDAY_MORNING,
                )
            )
    with database.read() as session:
        assert session.scalar(select(func.count()).where(Account.demonstration)) == 2
        assert session.scalar(select(func.count()).where(~Account.demonstration)) == 2


def test_what_belongs_to_a_conversation_goes_with_it(database: Database) -> None:
    with database.write() as session:
        session.add(conversation("a"))
        session.flush()
        session.add(
            Message(
                conversation_id="a", sequence=1, sender="bot", text="", created_at=TUESDAY_MORNING
            )
        )
    with database.write() as session:
        session.execute(text("DELETE FROM conversations"))
    with database.read() as session:
        assert session.scalars(select(Message)).all() == []


def test_a_fault_in_a_statement_is_not_taken_for_a_database_that_is_away(
    database: Database,
) -> None:
    with pytest.raises((ProgrammingError, DatabaseUnavailable)) as raised, database.read() as s:
        s.execute(text("SELECT nonsense FROM nowhere"))
    if database.engine.dialect.name == "postgresql":
        assert raised.type is ProgrammingError  # SQLite has one name for both


@only_sqlite
def test_only_one_writes_at_a_time(database: Database, hurried: Callable[[], Database]) -> None:
    with database.write(), pytest.raises(DatabaseUnavailable), hurried().write():
        pass


@only_postgresql
@pytest.mark.parametrize("value", ["a\x00b", "x" * 33])
def test_a_value_that_the_database_cannot_hold_is_refused_by_name(
    database: Database, value: str
) -> None:
    with pytest.raises(ValueRefused), database.write() as session:
        session.add(conversation(value))


@only_postgresql
def test_two_writers_of_different_conversations_do_not_wait_for_each_other(
    database: Database, hurried: Callable[[], Database]
) -> None:
    with database.write() as session:
        session.add_all([conversation("a"), conversation("b")])
    with database.write() as session, hurried().write() as other:
        session.get_one(Conversation, "a", with_for_update=True).page = "/ring"
        session.flush()
        other.get_one(Conversation, "b", with_for_update=True).page = "/ring"


@only_postgresql
def test_of_two_who_wait_for_each_other_one_may_try_again(
    database: Database, opened: Callable[[], Database]
) -> None:
    with database.write() as session:
        session.add_all([conversation("a"), conversation("b")])
    both_have_one = threading.Barrier(2)

    def lock(database: Database, first: str, second: str) -> None:
        with database.write() as session:
            session.get_one(Conversation, first, with_for_update=True)
            both_have_one.wait(10)
            session.get_one(Conversation, second, with_for_update=True)

    done = at_once(partial(lock, database, "a", "b"), partial(lock, opened(), "b", "a"))
    assert sorted(str(type(d)) for d in done) == sorted(
        str(t) for t in (type(None), DatabaseUnavailable)
    )


@only_postgresql
def test_who_is_thrown_out_in_a_transaction_may_try_again_and_the_next_one_notices_nothing(
    database: Database, opened: Callable[[], Database]
) -> None:
    def throw_out_the_others() -> None:
        with opened().write() as session:
            session.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )

    def be_thrown_out() -> None:
        with database.write() as session:
            session.add(conversation("a"))
            session.flush()
            throw_out_the_others()
            session.add(conversation("b"))

    with pytest.raises(DatabaseUnavailable):
        be_thrown_out()
    with database.read() as session:
        assert session.scalars(select(Conversation)).all() == []
    throw_out_the_others()
    assert database.answers()


@only_postgresql
def test_a_transaction_that_was_forgotten_gives_its_locks_back(
    database: Database, opened: Callable[[], Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.storage.engine.FORGOTTEN_TRANSACTION_MS", 100)
    frozen = opened()
    with database.write() as session:
        session.add(conversation("a"))

    def freeze() -> None:
        change = update(Conversation).values(page="/ring")
        with frozen.write() as forgotten:
            forgotten.execute(change)
            with database.write() as session:  # waits until the other was thrown out
                session.execute(change)
            forgotten.execute(change)

    with pytest.raises(DatabaseUnavailable):
        freeze()


@only_postgresql
def test_more_at_once_than_there_are_connections_is_named_unavailable(
    database: Database, hurried: Callable[[], Database]
) -> None:
    crowded = hurried()
    sessions = [crowded.read() for _ in range(15)]
    for session in sessions:
        session.__enter__()
    with pytest.raises(DatabaseUnavailable, match="in use"), crowded.read():
        pass
    for session in sessions:
        session.__exit__(None, None, None)
    assert crowded.answers()


@only_postgresql
def test_a_server_says_whose_connections_these_are(database: Database) -> None:
    with database.read() as session:
        named = text("SELECT current_setting('application_name'), current_setting('lock_timeout')")
        assert tuple(session.execute(named).one()) == ("bot", "3s")


def test_a_server_that_is_not_there_is_named_unavailable(postgresql: PostgresServer) -> None:
    nowhere = Database(postgresql.url("no_such_database"))
    assert not nowhere.answers()
    nowhere.close()


def test_a_connection_that_is_held_while_all_are_given_back_is_closed_afterwards(
    hurried: Callable[[], Database],
) -> None:
    other = hurried()
    connection = other.engine.connect()
    held = connection.connection.dbapi_connection
    assert held is not None
    other.close()
    connection.close()
    with pytest.raises(Exception, match=r"closed"):
        held.cursor().execute("SELECT 1")
