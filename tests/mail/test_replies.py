"""Replies in a chat are mailed to who has not seen them there: once, together, in order."""

import pytest

from bot.app import Services
from bot.conversations.intake import Started
from bot.mail.replies import MOST_QUIETS
from bot.storage.tables_outgoing import OutgoingMail
from bot.tickets import Tickets
from tests.at_once import at_once
from tests.cases.letters import case_of
from tests.conftest import SetClock, agent_at_work
from tests.mail.cast import mails
from tests.mail.incoming_cast import raw, shop_of

QUIET = 120


@pytest.fixture
def alice(services: Services) -> Started:
    return services.intake.start()


@pytest.fixture
def case(services: Services, alice: Started) -> str:
    return case_of(services, alice)


@pytest.fixture
def bob(services: Services) -> int:
    return agent_at_work(services)


def reply(services: Services, alice: Started, bob: int, text: str) -> int:
    return services.desk.reply(alice.id, bob, text, f"{len(text):032x}")


def replies(services: Services) -> list[OutgoingMail]:
    return [mail for mail in mails(services) if mail.template == "agent_reply"]


def test_replies_that_nobody_saw_go_out_after_a_quiet_in_one_mail_and_in_order(
    services: Services, alice: Started, case: str, bob: int, clock: SetClock
) -> None:
    for text in ("A new clasp", "is on its way", "to you, today."):
        reply(services, alice, bob, text)
        clock.pass_time(seconds=QUIET - 1)
        assert services.replies.work() == 0
    clock.pass_time(seconds=1)
    assert services.replies.work() == 1
    (mail,) = replies(services)
    assert "A new clasp\n\nis on its way\n\nto you, today." in mail.text
    assert case in mail.subject
    assert mail.text.count("Bob, Kendrascntt") == 1
    assert services.replies.work() == 0


def test_an_agent_who_goes_on_writing_holds_nothing_back_for_long(
    services: Services, alice: Started, case: str, bob: int, clock: SetClock
) -> None:
    for number in range(MOST_QUIETS):
        reply(services, alice, bob, "x" * (number + 1))
        assert services.replies.work() == 0
        clock.pass_time(seconds=QUIET - 1)
    clock.pass_time(seconds=MOST_QUIETS)
    assert services.replies.work() == 1


def test_what_was_seen_in_the_window_is_not_mailed_and_what_came_later_is(
    services: Services, alice: Started, case: str, bob: int, clock: SetClock
) -> None:
    seen = reply(services, alice, bob, "Are you there?")
    services.replies.seen(alice.id, seen)
    reply(services, alice, bob, "A new clasp is on its way.")
    clock.pass_time(seconds=QUIET)
    assert services.replies.work() == 1
    (mail,) = replies(services)
    assert "A new clasp" in mail.text
    assert "Are you there?" not in mail.text


def test_who_comes_back_before_the_mail_goes_out_gets_none(
    services: Services, alice: Started, case: str, bob: int, clock: SetClock
) -> None:
    reply(services, alice, bob, "A new clasp is on its way.")
    clock.pass_time(seconds=QUIET - 1)
    services.replies.seen(alice.id, 99)
    clock.pass_time(seconds=10)
    assert services.replies.work() == 0
    assert replies(services) == []


def test_an_update_never_overtakes_the_reply_before_it(
    services: Services, alice: Started, case: str, bob: int, clock: SetClock
) -> None:
    reply(services, alice, bob, "A new clasp is on its way.")
    services.desk.resolve(case, bob, "new clasp sent")
    templates = [mail.template for mail in mails(services)]
    assert templates[-2:] == ["agent_reply", "follow_up"]
    clock.pass_time(seconds=QUIET)
    assert services.replies.work() == 0


def test_two_agents_sign_each_their_own(
    services: Services, alice: Started, case: str, bob: int, clock: SetClock
) -> None:
    reply(services, alice, bob, "I look it up.")
    services.desk.hand_back(alice.id, bob)
    carla = agent_at_work(services, "carla@example.com", "Carla")
    reply(services, alice, carla, "It is on its way.")
    clock.pass_time(seconds=QUIET)
    assert services.replies.work() == 2
    first, second = replies(services)
    assert "Bob, Kendrascntt" in first.text
    assert "Carla, Kendrascntt" in second.text


def test_the_first_reply_is_kept_when_it_is_written_not_when_it_is_mailed(
    services: Services, alice: Started, case: str, bob: int, clock: SetClock
) -> None:
    written = clock()
    reply(services, alice, bob, "A new clasp is on its way.")
    clock.pass_time(seconds=QUIET)
    services.replies.work()
    assert services.inbox.conversation(alice.id).tickets[0].first_replied_at == written


def test_a_reply_that_is_not_stored_owes_no_mail(
    services: Services, alice: Started, case: str, bob: int, clock: SetClock
) -> None:
    for _ in range(2):  # the same form sent twice
        reply(services, alice, bob, "A new clasp is on its way.")
    clock.pass_time(seconds=QUIET)
    assert services.replies.work() == 1
    assert replies(services)[0].text.count("A new clasp") == 1


def test_two_workers_at_once_write_one_mail(
    services: Services, alice: Started, case: str, bob: int, clock: SetClock
) -> None:
    reply(services, alice, bob, "A new clasp is on its way.")
    clock.pass_time(seconds=QUIET)
    at_once(services.replies.work, services.replies.work)
    assert len(replies(services)) == 1


def test_who_wrote_by_mail_is_answered_by_mail_at_once(
    services: Services, bob: int, clock: SetClock
) -> None:
    shop = shop_of(services, Tickets(services.policy, services.calendar, services.notices))
    conversation = shop.takes_and_works(raw("plain")).conversation_id
    assert conversation is not None
    services.desk.reply(conversation, bob, "A new clasp is on its way.", "b" * 32)
    first, second = mails(services)
    assert [first.template, second.template] == ["acknowledgement", "agent_reply"]
    assert first.headers["In-Reply-To"] == "<plain@example.com>"
    assert second.headers["References"] == f"<plain@example.com> {first.message_id}"
