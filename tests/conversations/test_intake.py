"""What visitors send is stored once, in order, and refused with a sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from bot.app import Services
from bot.conversations.errors import (
    ClientIdReused,
    ConversationNotFound,
    MessageRefused,
    MessageTooLong,
    TooManyMessages,
)
from bot.conversations.intake import Started
from bot.conversations.text import clean_text
from bot.storage.tables import Job
from tests.conftest import SetClock


@pytest.fixture
def alice(services: Services) -> Started:
    return services.intake.start(time_zone="Europe/Paris")


def open_turns(services: Services) -> list[str]:
    with services.database.read() as session:
        jobs = session.scalars(select(Job).where(Job.done_at.is_(None)).order_by(Job.id))
        return [job.payload["text"] for job in jobs]


def test_a_conversation_opens_with_a_welcome_and_buttons(alice: Started) -> None:
    assert alice.state == "bot"
    assert [m.sequence for m in alice.messages] == [1]
    assert alice.messages[0].buttons


def test_a_message_is_stored_with_the_next_sequence_and_owes_an_answer(
    services: Services, alice: Started
) -> None:
    assert services.intake.receive(alice.id, alice.token, client_id="1", text=" hi ") == 2
    assert services.intake.page(alice.id, alice.token, 1).messages[0].text == "hi"
    assert open_turns(services) == ["hi"]


def test_the_same_client_id_gets_the_same_answer_and_is_stored_once(
    services: Services, alice: Started
) -> None:
    first = services.intake.receive(alice.id, alice.token, client_id="1", text="hi")
    assert services.intake.receive(alice.id, alice.token, client_id="1", text="hi") == first
    assert open_turns(services) == ["hi"]


def test_the_same_client_id_with_other_words_is_refused(services: Services, alice: Started) -> None:
    services.intake.receive(alice.id, alice.token, client_id="1", text="hi")
    with pytest.raises(ClientIdReused):
        services.intake.receive(alice.id, alice.token, client_id="1", text="ho")
    with pytest.raises(ClientIdReused):
        services.intake.receive(alice.id, alice.token, client_id="1", button="hi")


def test_another_visitors_conversation_cannot_be_told_from_none(
    services: Services, alice: Started
) -> None:
    mallory = services.intake.start()
    for identifier in (alice.id, "0" * 32):
        with pytest.raises(ConversationNotFound) as refusal:
            services.intake.page(identifier, mallory.token, 0)
        assert refusal.value.sentence == "This conversation could not be found."


def test_a_button_says_its_title_and_means_its_label(services: Services, alice: Started) -> None:
    button = alice.messages[0].buttons[0]
    services.intake.receive(alice.id, alice.token, client_id="1", button=button["id"])
    with services.database.read() as session:
        job = session.scalars(select(Job)).one()
    assert job.payload["text"] == button["title"]
    assert job.payload["button"] == {"label": "track_order", "entities": {}}


def test_a_button_may_be_typed(services: Services, alice: Started) -> None:
    title = alice.messages[0].buttons[2]["title"]
    services.intake.receive(alice.id, alice.token, client_id="1", text=title.upper())
    with services.database.read() as session:
        job = session.scalars(select(Job)).one()
    assert job.payload["button"]["label"] == "talk_to_human"


def test_a_button_that_is_not_there_is_refused_with_a_sentence(
    services: Services, alice: Started
) -> None:
    with pytest.raises(MessageRefused, match="no longer open"):
        services.intake.receive(alice.id, alice.token, client_id="1", button="1.b9")


def test_a_thousand_characters_pass_and_one_more_does_not(
    services: Services, alice: Started
) -> None:
    services.intake.receive(alice.id, alice.token, client_id="1", text="x" * 1000)
    with pytest.raises(MessageTooLong, match="1,001 characters"):
        services.intake.receive(alice.id, alice.token, client_id="2", text="x" * 1001)


@pytest.mark.parametrize("empty", ["", "  \n ", "\u200b\u200d", "\x00\x01"])
def test_an_empty_message_is_refused(services: Services, alice: Started, empty: str) -> None:
    with pytest.raises(MessageRefused, match="nothing in this message"):
        services.intake.receive(alice.id, alice.token, client_id="1", text=empty)


def test_text_that_looks_like_a_command_is_text(services: Services, alice: Started) -> None:
    services.intake.receive(alice.id, alice.token, client_id="1", text="/restart")
    assert services.intake.page(alice.id, alice.token, 1).messages[0].text == "/restart"


def test_a_flood_is_slowed_down_and_a_minute_later_is_not(
    services: Services, alice: Started, clock: SetClock
) -> None:
    for n in range(services.settings.messages_per_minute):
        services.intake.receive(alice.id, alice.token, client_id=str(n), text="hi")
    with pytest.raises(TooManyMessages):
        services.intake.receive(alice.id, alice.token, client_id="more", text="hi")
    clock.pass_time(minutes=1, seconds=1)
    services.intake.receive(alice.id, alice.token, client_id="more", text="hi")


@given(st.text(max_size=1_200))
def test_whatever_is_typed_is_cleaned_or_refused_and_never_breaks(text: str) -> None:
    try:
        cleaned = clean_text(text)
    except (MessageRefused, MessageTooLong):
        return
    assert cleaned == cleaned.strip()
    assert len(cleaned) <= 1_000
    cleaned.encode("utf-8")
    assert "\x00" not in cleaned


def test_half_a_surrogate_pair_is_replaced_and_direction_marks_are_dropped() -> None:
    assert clean_text("a\ud800b") == "a?b"
    assert clean_text("pay \u202eevil") == "pay evil"
