"""What time does to conversations: nobody came, or nobody has written for a month."""

import pytest

from bot.app import Services
from bot.assistant import Wording, WordingError
from bot.conversations.intake import RETURN_BUTTON, Started
from bot.storage.tables import Conversation
from tests.conftest import SetClock, agent_at_work
from tests.conversations.cast import hand_off, lease, send, state, ticket, transcript


@pytest.fixture
def alice(services: Services) -> Started:
    return services.intake.start(time_zone="America/New_York")


def test_a_visitor_nobody_claims_is_told_the_date_after_two_minutes(
    services: Services, alice: Started, clock: SetClock
) -> None:
    agent_at_work(services)
    hand_off(services, alice)
    clock.pass_time(seconds=119)
    assert services.upkeep.release_unclaimed() == []
    clock.pass_time(seconds=1)
    assert services.upkeep.release_unclaimed() == [alice.id]
    assert services.upkeep.release_unclaimed() == []
    last = transcript(services, alice)[-1]
    assert state(services, alice) == "bot"
    assert ticket(services).reference in last.text
    assert lease(services, alice).button == {"label": "leave_details", "entities": {}}


def test_one_visitor_who_cannot_be_told_holds_up_no_other(
    services: Services, alice: Started, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent_at_work(services)
    hand_off(services, alice)
    clock.pass_time(minutes=3)
    monkeypatch.setattr(services.words, "say", refuse_to_speak)
    assert services.upkeep.release_unclaimed() == []
    monkeypatch.undo()
    assert services.upkeep.release_unclaimed() == [alice.id]


def refuse_to_speak(name: str, args: object, buttons: object, **__: object) -> Wording:
    raise WordingError(name)


def test_thirty_quiet_days_close_a_conversation_and_a_message_opens_it_again(
    services: Services, alice: Started, clock: SetClock
) -> None:
    clock.pass_time(days=29)
    assert services.upkeep.close_quiet() == 0
    clock.pass_time(days=1, seconds=1)
    assert services.upkeep.close_quiet() == 1
    assert state(services, alice) == "closed"
    send(services, alice, "hello again")
    assert state(services, alice) == "bot"
    with services.database.read() as session:
        assert session.get_one(Conversation, alice.id).dialogue == 2


def test_the_way_back_also_opens_a_closed_conversation(
    services: Services, alice: Started, clock: SetClock
) -> None:
    clock.pass_time(days=31)
    services.upkeep.close_quiet()
    services.intake.receive(alice.id, alice.token, client_id="r", button=RETURN_BUTTON)
    assert state(services, alice) == "bot"
