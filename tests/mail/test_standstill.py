"""Mail that stands still is tried again and again, and after some minutes people are told."""

from collections.abc import Callable

import pytest

from bot.app import Services
from bot.mail.delivery import FIRST_WAIT, LONGEST_WAIT
from bot.mail.outgoing import TOLD_AFTER
from tests.conftest import SetClock
from tests.mail.cast import KeptPromises, acknowledge, delivery_of, mails, new_ticket
from tests.mail.server import MailServer


def acknowledge_one(services: Services, clock: SetClock) -> None:
    acknowledge(services, new_ticket(services, clock()), clock())


def refuse_the_sender(server: MailServer) -> None:
    server.received.to_mail = "550 5.7.1 not your address"


def refuse_to_sign_in(server: MailServer) -> None:
    server.received.signs_in = False


def stop(server: MailServer) -> None:
    server.stop()


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (refuse_the_sender, "550 5.7.1 not your address"),
        (refuse_to_sign_in, "535 5.7.8"),
        (stop, "cannot be reached"),
    ],
)
def test_a_server_that_takes_no_mail_is_tried_again_and_told_of_after_some_minutes(
    services: Services,
    server: MailServer,
    clock: SetClock,
    promises: KeptPromises,
    fault: Callable[[MailServer], None],
    said: str,
) -> None:
    fault(server)
    server.user = "shop:secret@"
    delivery = delivery_of(services, server, clock, promises)
    acknowledge_one(services, clock)
    began = clock()
    delivery.work()
    assert services.outgoing_mails.standstill(clock()) is None
    while clock() < began + TOLD_AFTER:
        clock.now = mails(services)[0].next_attempt_at or clock()
        # As a worker that has been started anew, which has forgotten what was.
        delivery = delivery_of(services, server, clock, promises)
        delivery.work()
    standstill = services.outgoing_mails.standstill(clock())
    assert standstill is not None
    assert standstill.since == began
    assert said in standstill.said
    assert "secret" not in standstill.said

    server.received.to_mail, server.received.signs_in = "250 OK", True
    if fault is stop:
        server.start()
    clock.now += LONGEST_WAIT
    assert delivery.work() == 1
    assert services.outgoing_mails.standstill(clock()) is None


def test_a_mail_that_the_server_never_answers_is_no_standstill_while_others_leave(
    services: Services, server: MailServer, clock: SetClock, promises: KeptPromises
) -> None:
    delivery = delivery_of(services, server, clock, promises, answer_seconds=0.2)
    acknowledge_one(services, clock)
    server.received.hangs = 1
    delivery.work()
    clock.now += TOLD_AFTER
    assert services.outgoing_mails.standstill(clock()) is not None
    acknowledge_one(services, clock)
    server.received.hangs = 1
    delivery.work()
    clock.now += 2 * FIRST_WAIT
    assert delivery.work() == 1
    assert mails(services)[0].sent_at is None
    assert services.outgoing_mails.standstill(clock()) is None


def test_a_mail_that_is_put_off_for_its_own_sake_is_no_standstill(
    services: Services, server: MailServer, clock: SetClock, promises: KeptPromises
) -> None:
    delivery = delivery_of(services, server, clock, promises)
    acknowledge_one(services, clock)
    server.received.to_mail = "550 5.7.1 not your address"
    delivery.work()
    server.received.to_mail, server.received.to_data = "250 OK", "451 4.3.0 later"
    clock.now += TOLD_AFTER
    delivery.work()
    assert services.outgoing_mails.standstill(clock()) is None
