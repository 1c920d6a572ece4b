"""Mails reach a mail server once it takes them, wait while it does not, and say why they failed."""

from itertools import count

import pytest
from sqlalchemy import select

from bot.app import Services
from bot.mail import Delivery
from bot.mail.delivery import FIRST_WAIT, GIVE_UP_AFTER, LONGEST_WAIT, ROUND_SECONDS
from bot.storage import Database, DatabaseUnavailable
from bot.storage.tables import Job, Ticket
from bot.storage.tables_outgoing import OutgoingMail
from tests.conftest import SetClock
from tests.mail.cast import ALICE, KeptPromises, acknowledge, delivery_of, mails, open_jobs
from tests.mail.server import TAKEN, MailServer


def test_what_was_committed_is_sent_and_the_promise_is_kept_when_the_server_took_it(
    services: Services,
    delivery: Delivery,
    server: MailServer,
    ticket: Ticket,
    clock: SetClock,
    promises: KeptPromises,
) -> None:
    acknowledge(services, ticket, clock())
    clock.pass_time(minutes=3)
    assert delivery.work() == 1
    assert server.received.recipients == [ALICE]
    sent = mails(services)[0]
    assert (sent.sent_at, sent.attempts, sent.cause) == (clock(), 1, None)
    assert promises.kept == [(ticket.id, "acknowledgement", clock())]
    assert delivery.work() == 0
    assert open_jobs(services) == 0


def test_a_one_time_code_is_forgotten_once_it_has_left(
    services: Services, delivery: Delivery, server: MailServer, clock: SetClock
) -> None:
    with services.database.write() as session:
        values = {"code": "126 637", "reference": "KC-9AUKJ2ST"}
        services.outbox.write(
            session, to=ALICE, template="one_time_code", values=values, now=clock()
        )
    assert "126 637" in mails(services)[0].text
    assert delivery.work() == 1
    assert server.received.recipients == [ALICE]
    sent = mails(services)[0]
    assert (sent.text, sent.html) == ("", None)


def test_a_transaction_that_fails_leaves_no_mail_and_no_job(
    services: Services, ticket: Ticket, clock: SetClock
) -> None:
    def fail_half_way() -> None:
        with services.database.write() as session:
            services.notices.opened(session, session.get_one(Ticket, ticket.id), clock())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()
    assert mails(services) == []
    assert open_jobs(services) == 0


def test_a_mail_that_the_server_refuses_for_good_reaches_the_agent_as_a_cause(
    services: Services, delivery: Delivery, server: MailServer, ticket: Ticket, clock: SetClock
) -> None:
    server.received.to_rcpt = "550 5.1.1 no such mailbox"
    acknowledge(services, ticket, clock())
    assert delivery.work() == 0
    refused = mails(services)[0]
    assert refused.cause == "550 5.1.1 no such mailbox"
    assert refused.refused_at == clock()
    with services.database.read() as session:
        cause = session.get_one(Ticket, ticket.id).cause
    assert cause is not None
    assert "550 5.1.1 no such mailbox" in cause
    clock.pass_time(days=1)
    delivery.work()
    assert server.received.commands["RCPT"] == 1


@pytest.mark.parametrize("answer", ["451 4.3.0 later", "452 4.2.2 full"])
def test_a_mail_that_is_put_off_waits_longer_each_time_and_holds_up_no_other(
    services: Services,
    delivery: Delivery,
    server: MailServer,
    ticket: Ticket,
    clock: SetClock,
    answer: str,
) -> None:
    acknowledge(services, ticket, clock())
    server.received.to_data = answer
    waits = []
    for _ in range(6):
        delivery.work()
        due = mails(services)[0].next_attempt_at
        assert due is not None
        waits.append((due - clock()).total_seconds())
        clock.now = due
    assert waits == [15, 30, 60, 120, 240, 240]
    assert mails(services)[0].cause == answer
    server.received.to_data = TAKEN
    assert delivery.work() == 1


def test_a_mail_that_is_put_off_for_days_is_given_up_with_its_cause(
    services: Services, delivery: Delivery, server: MailServer, ticket: Ticket, clock: SetClock
) -> None:
    acknowledge(services, ticket, clock())
    server.received.to_data = "451 later"
    delivery.work()
    clock.now += GIVE_UP_AFTER
    clock.pass_time(seconds=1)
    delivery.work()
    assert mails(services)[0].cause == "451 later"
    assert mails(services)[0].refused_at == clock()


def test_a_server_that_hangs_up_after_the_mail_gets_it_again_under_the_same_id(
    services: Services, delivery: Delivery, server: MailServer, ticket: Ticket, clock: SetClock
) -> None:
    acknowledge(services, ticket, clock())
    server.received.drops = 1
    assert delivery.work() == 0
    assert mails(services)[0].sent_at is None
    clock.now += LONGEST_WAIT
    assert delivery.work() == 1
    sent = mails(services)[0]
    assert server.received.by_id == {sent.message_id: 2}
    assert sent.attempts == 2
    assert len(set(server.received.contents)) == 1


def test_a_server_that_hangs_after_a_mail_is_away_for_a_while_and_the_others_go_first_then(
    services: Services, server: MailServer, clock: SetClock, promises: KeptPromises
) -> None:
    delivery = delivery_of(services, server, clock, promises, answer_seconds=0.2)
    for _ in range(3):
        acknowledge_another(services, clock)
    server.received.hangs = 1
    for _ in range(3):
        assert delivery.work() == 0
    assert [mail.attempts for mail in mails(services)] == [1, 0, 0]
    assert "stopped answering" in (mails(services)[0].cause or "")
    clock.now += FIRST_WAIT
    assert delivery.work() == 2
    assert [mail.sent_at is None for mail in mails(services)] == [True, False, False]
    clock.now += FIRST_WAIT
    assert delivery.work() == 1
    first = mails(services)[0]
    assert server.received.by_id[first.message_id] == first.attempts == 2


def test_a_mail_that_the_server_never_answers_is_given_up_with_its_cause(
    services: Services, server: MailServer, clock: SetClock, promises: KeptPromises
) -> None:
    delivery = delivery_of(services, server, clock, promises, answer_seconds=0.2)
    acknowledge_another(services, clock)
    server.received.hangs = 1
    clock.now += GIVE_UP_AFTER
    clock.pass_time(seconds=1)
    delivery.work()
    assert mails(services)[0].refused_at == clock()


def test_a_round_ends_in_time_for_a_worker_that_is_to_stop(
    services: Services, server: MailServer, clock: SetClock, promises: KeptPromises
) -> None:
    seconds = count(step=ROUND_SECONDS / 2.5)
    delivery = delivery_of(services, server, clock, promises, stopwatch=lambda: next(seconds))
    for _ in range(5):
        acknowledge_another(services, clock)
    assert [delivery.work() for _ in range(3)] == [2, 2, 1]


def test_while_the_server_is_away_one_mail_is_tried_and_the_others_wait_untouched(
    services: Services, delivery: Delivery, server: MailServer, ticket: Ticket, clock: SetClock
) -> None:
    server.stop()
    for number in range(3):
        with services.database.write() as session:
            services.outbox.write(
                session,
                to=f"alice{number}@example.com",
                template="one_time_code",
                values={"code": "123456"},
                now=clock(),
            )
    assert delivery.work() == 0
    assert [mail.attempts for mail in mails(services)] == [1, 0, 0]
    assert "cannot be reached" in (mails(services)[0].cause or "")
    server.start()
    assert delivery.work() == 0  # it rests
    clock.now += LONGEST_WAIT
    assert delivery.work() == 3


def test_a_mail_that_was_taken_while_the_database_was_away_is_not_sent_again(
    services: Services,
    delivery: Delivery,
    server: MailServer,
    ticket: Ticket,
    clock: SetClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    acknowledge(services, ticket, clock())
    write, written = Database.write, iter((True, False))

    def away_at_the_second(database: Database) -> object:
        if next(written, True):
            return write(database)
        raise DatabaseUnavailable("restarting")

    monkeypatch.setattr(Database, "write", away_at_the_second)
    with pytest.raises(DatabaseUnavailable):
        delivery.work()
    taken_at = clock()
    clock.pass_time(hours=1)
    delivery.work()
    assert server.received.commands["DATA"] == 1
    assert mails(services)[0].sent_at == taken_at


def test_a_mail_that_nothing_can_be_made_of_holds_up_no_other(
    services: Services, delivery: Delivery, server: MailServer, ticket: Ticket, clock: SetClock
) -> None:
    acknowledge(services, ticket, clock())
    with services.database.write() as session:
        session.scalars(select(OutgoingMail)).one().to_address = "nonsense"
    acknowledge_another(services, clock)
    assert delivery.work() == 1
    assert [mail.refused_at is None for mail in mails(services)] == [False, True]
    with services.database.read() as session:
        outcomes = session.scalars(select(Job.outcome).order_by(Job.id)).all()
    assert outcomes[1] == "sent"


def acknowledge_another(services: Services, clock: SetClock) -> None:
    with services.database.write() as session:
        services.outbox.write(
            session,
            to="carla@example.com",
            template="one_time_code",
            values={"code": "123456"},
            now=clock(),
        )
