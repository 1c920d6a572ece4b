"""What the policy does not cover is counted, without a word of who asked."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.app import Services
from bot.conversations.intake import Started
from bot.demand import Count
from bot.storage.tables import Conversation, DemandRecord
from tests.conftest import TUESDAY_MORNING, SetClock
from tests.conversations.cast import answer, lease, send

GIFT = "not_covered/gift"
PROMOTIONS = "not_covered/promotions"


@pytest.fixture
def alice(services: Services) -> Started:
    return services.intake.start(time_zone="America/New_York")


def ask(services: Services, visitor: Started, label: str) -> None:
    send(services, visitor, f"about {label}")
    services.answering.store(lease(services, visitor), answer(f"utter_{label}", label=label))


def test_what_is_asked_most_comes_first(
    services: Services, alice: Started, clock: SetClock
) -> None:
    for label in (GIFT, PROMOTIONS, PROMOTIONS):
        clock.pass_time(minutes=1)
        ask(services, alice, label)
    assert services.demand.counts(TUESDAY_MORNING) == [
        Count(PROMOTIONS, 2, TUESDAY_MORNING + timedelta(minutes=3)),
        Count(GIFT, 1, TUESDAY_MORNING + timedelta(minutes=1)),
    ]


def test_what_was_asked_before_the_given_time_is_left_out(
    services: Services, alice: Started, clock: SetClock
) -> None:
    ask(services, alice, GIFT)
    assert [count.asked for count in services.demand.counts(clock.now)] == [1]
    assert services.demand.counts(clock.now + timedelta(seconds=1)) == []


def test_what_the_policy_answers_is_not_counted(services: Services, alice: Started) -> None:
    ask(services, alice, "faq/reply_times")
    assert services.demand.counts(TUESDAY_MORNING) == []


def test_a_guess_that_was_not_accepted_is_not_counted(services: Services, alice: Started) -> None:
    send(services, alice, "gifty thing")
    unsure = answer("utter_not_understood", label=GIFT)
    unsure.understood[0]["accepted"] = False
    services.answering.store(lease(services, alice), unsure)
    assert services.demand.counts(TUESDAY_MORNING) == []


def test_a_turn_that_was_lost_to_another_process_counts_once(
    services: Services, alice: Started, clock: SetClock
) -> None:
    send(services, alice, "do you wrap presents")
    first = lease(services, alice)
    clock.pass_time(seconds=16)
    second = lease(services, alice)
    for turn in (second, first):
        services.answering.store(turn, answer(f"utter_{GIFT}", label=GIFT))
    assert [count.asked for count in services.demand.counts(TUESDAY_MORNING)] == [1]


def test_the_count_outlives_the_conversation_and_names_nobody(
    services: Services, alice: Started
) -> None:
    ask(services, alice, GIFT)
    with services.database.write() as session:
        session.delete(session.get_one(Conversation, alice.id))
    with services.database.read() as session:
        assert session.scalars(select(DemandRecord)).one().conversation_id is None
    assert [count.asked for count in services.demand.counts(TUESDAY_MORNING)] == [1]
    assert set(DemandRecord.__table__.columns.keys()) == {
        "id",
        "label",
        "asked_at",
        "conversation_id",
    }


def test_how_often_an_answer_was_given_is_counted_from_the_conversations(
    services: Services, alice: Started, clock: SetClock
) -> None:
    answers = {"utter_faq/shipping", "utter_faq/returns"}
    for label in ("faq/shipping", "faq/returns", "faq/scope"):
        clock.pass_time(minutes=1)
        ask(services, alice, label)
    assert services.demand.times_told(answers, TUESDAY_MORNING) == 2
    assert services.demand.times_told(answers, TUESDAY_MORNING + timedelta(minutes=2)) == 1
    assert services.demand.times_told(set(), TUESDAY_MORNING) == 0
