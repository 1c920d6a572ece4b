"""Who writes in another language is told what section 5.1 says, once, and people can read it."""

import asyncio

import pytest
from sqlalchemy import select

from bot.app import Services, assistant_of, turns_of
from bot.assistant import Effect
from bot.conversations.intake import Started
from bot.conversations.transcript import MessageView
from bot.settings import Settings
from bot.storage.tables import Job, Ticket
from tests.conftest import SetClock, agent_at_work
from tests.conversations.cast import answer, hand_off, lease, send, state, ticket, transcript

SPANISH = "el cierre de mi collar se rompió"
MORE_SPANISH = "quiero un reembolso"
POLISH = "Gdzie jest moje zamówienie?"


@pytest.fixture
def alice(services: Services) -> Started:
    return services.intake.start(time_zone="America/New_York")


def write(services: Services, visitor: Started, text: str) -> list[MessageView]:
    """Write in another language and get what is said to it."""
    sequence = send(services, visitor, text)
    turn = lease(services, visitor)
    assert turn.other_language
    services.answering.store_language_notice(turn, turn.other_language)
    return transcript(services, visitor, sequence)


def tickets(services: Services) -> list[Ticket]:
    with services.database.read() as session:
        return list(session.scalars(select(Ticket).order_by(Ticket.id)))


@pytest.mark.clause("5.1.language", "5.1.other_languages")
def test_spanish_gets_the_notice_in_english_and_in_spanish(
    services: Services, alice: Started
) -> None:
    english, spanish = write(services, alice, SPANISH)
    opened = ticket(services)
    assert (opened.category, opened.ticket_class, opened.language) == ("language", "general", "es")
    assert opened.description == SPANISH
    # Reading 7: the same clock as any general question, and that it may take longer.
    for part in ("Spanish", "in English", opened.reference, "Thursday 19 November at 5:00 pm"):
        assert part in english.text
    assert "slightly longer" in english.text
    for part in ("español", "inglés", opened.reference, "2026-11-19, 17:00 (UTC−05:00)"):
        assert part in spanish.text
    assert (english.lang, spanish.lang) == ("en", "es")
    assert {s["section"] for s in english.sources} == {"3", "4.1", "5.1"}
    assert english.sources == spanish.sources
    assert (english.reference, english.due_at) == (opened.reference, english.due_at)
    assert english.due_at is not None
    assert spanish.reference is None  # one card is enough
    assert [b["title"] for b in spanish.buttons] == ["Hablar con una persona"]


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("Où est ma commande ?", "fr"),
        ("Wo ist meine Bestellung?", "de"),
        ("Dov'è il mio ordine?", "it"),
        ("Onde está o meu pedido?", "pt"),
        ("أين طلبي؟", "ar"),
        ("我的订单在哪里？", "zh"),
        ("注文した商品はどこですか？", "ja"),
        ("제 주문 어디에 있나요?", "ko"),
    ],
)
def test_each_of_the_shops_languages_has_its_own_notice(
    services: Services, alice: Started, text: str, tag: str
) -> None:
    english, theirs = write(services, alice, text)
    assert (english.lang, theirs.lang) == ("en", tag)
    reference = ticket(services).reference
    assert reference in theirs.text
    assert "2026-11-19, 17:00" in theirs.text
    assert [m.lang for m in transcript(services, alice) if m.sender == "visitor"] == [tag]
    (short,) = write(services, alice, f"{text} 2")
    assert (short.lang, short.due_at) == (tag, None)
    assert reference in short.text


def test_any_other_language_is_told_in_english_and_marked_all_the_same(
    services: Services, alice: Started
) -> None:
    (english,) = write(services, alice, POLISH)
    assert "Polish" in english.text
    assert ticket(services).language == "pl"
    (short,) = write(services, alice, "zapięcie naszyjnika się zepsuło")
    assert short.lang == "en"
    assert ticket(services).reference in short.text


def test_what_is_written_later_joins_the_ticket_and_gets_one_short_line(
    services: Services, alice: Started
) -> None:
    write(services, alice, SPANISH)
    (short,) = write(services, alice, MORE_SPANISH)
    opened = ticket(services)
    assert opened.reference in short.text
    assert opened.description == f"{SPANISH}\n\n{MORE_SPANISH}"
    assert len(short.text) < 100


def test_a_short_text_counts_once_the_language_is_known(services: Services, alice: Started) -> None:
    send(services, alice, "gracias")
    first = lease(services, alice)
    assert first.other_language is None
    services.answering.store(first, answer("utter_thank", label="thank"))
    write(services, alice, SPANISH)
    (short,) = write(services, alice, "gracias por todo")
    assert short.lang == "es"


def test_a_second_language_is_told_too_without_a_second_ticket(
    services: Services, alice: Started
) -> None:
    write(services, alice, SPANISH)
    english, french = write(services, alice, "je veux annuler ma commande")
    assert "French" in english.text
    assert french.lang == "fr"
    assert ticket(services).reference in french.text


def test_english_goes_on_with_the_assistant_at_any_time(services: Services, alice: Started) -> None:
    write(services, alice, SPANISH)
    send(services, alice, "the clasp of my necklace broke")
    turn = lease(services, alice)
    assert turn.other_language is None
    services.answering.store(turn, answer("utter_greet"))
    assert transcript(services, alice)[-1].lang == "en"


def test_a_button_of_the_notice_means_what_it_means_in_english(
    services: Services, alice: Started
) -> None:
    button = write(services, alice, SPANISH)[-1].buttons[0]
    services.intake.receive(alice.id, alice.token, client_id="b", button=button["id"])
    turn = lease(services, alice)
    assert turn.button == {"label": "talk_to_human", "entities": {}}
    assert turn.other_language is None
    services.answering.store(turn, answer(effects=[Effect(kind="hand_off", reason="asked")]))
    send(services, alice, button["title"])
    assert ticket(services).language == "es"  # joined, not opened beside it


def test_two_misunderstandings_after_the_notice_join_its_ticket(
    services: Services, alice: Started
) -> None:
    write(services, alice, SPANISH)
    hand_off(services, alice)
    assert ticket(services).reason == "language"


@pytest.mark.parametrize("how", ["passed", "kept"])
def test_after_a_date_that_has_passed_or_was_kept_a_new_one_is_told(
    services: Services, alice: Started, clock: SetClock, how: str
) -> None:
    write(services, alice, SPANISH)
    if how == "kept":
        bob = agent_at_work(services)
        services.desk.reply(alice.id, bob, "Hello Alice", "b1")
        services.desk.hand_back(alice.id, bob)
        clock.pass_time(minutes=5)
    else:
        clock.pass_time(days=7)
    english, spanish = write(services, alice, MORE_SPANISH)
    first, second = tickets(services)
    assert english.reference == second.reference != first.reference
    assert second.reference in spanish.text


def test_the_assistant_says_nothing_once_a_person_has_the_conversation(
    services: Services, alice: Started
) -> None:
    bob = agent_at_work(services)
    send(services, alice, SPANISH)
    turn = lease(services, alice)
    services.desk.claim(alice.id, bob)
    before = transcript(services, alice)
    services.answering.store_language_notice(turn, "es")
    assert transcript(services, alice) == before
    assert tickets(services) == []
    send(services, alice, MORE_SPANISH)
    assert transcript(services, alice)[-1].lang == "es"
    assert state(services, alice) == "agent"


def test_a_turn_that_is_taken_twice_opens_one_ticket(
    services: Services, alice: Started, clock: SetClock
) -> None:
    send(services, alice, SPANISH)
    lost = lease(services, alice)
    clock.pass_time(seconds=30)
    again = lease(services, alice)
    services.answering.store_language_notice(lost, "es")
    services.answering.store_language_notice(again, "es")
    services.answering.store_language_notice(again, "es")
    assert len([m for m in transcript(services, alice) if m.sender == "bot"]) == 3  # a welcome
    assert ticket(services).description == SPANISH


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("utter_ask_name", "maría del carmen de la fuente y garcía"),
        ("utter_ask_order_number", "no lo tengo aquí, lo siento mucho"),
        ("utter_ask_email", "no tengo correo electrónico"),
        ("utter_ask_reference", "no sé dónde está la referencia"),
    ],
)
def test_what_answers_a_forms_question_goes_to_the_form(
    services: Services, alice: Started, question: str, text: str
) -> None:
    send(services, alice, "my ring arrived broken")
    services.answering.store(lease(services, alice), answer(question))
    send(services, alice, text)
    assert lease(services, alice).other_language is None
    assert transcript(services, alice)[-1].lang == "en"


def test_a_description_in_another_language_is_taken_and_marks_the_ticket(
    services: Services, alice: Started
) -> None:
    send(services, alice, "my necklace arrived broken")
    services.answering.store(lease(services, alice), answer("utter_ask_description"))
    send(services, alice, SPANISH)
    assert transcript(services, alice)[-1].lang == "es"
    turn = lease(services, alice)
    assert turn.other_language is None
    told = Effect(kind="open_ticket", category="damaged", description=SPANISH)
    services.answering.store(turn, answer(effects=[told]))
    opened = ticket(services)
    assert (opened.category, opened.language) == ("damaged", "es")


def test_a_ticket_opened_when_handed_over_is_marked_too(services: Services, alice: Started) -> None:
    send(services, alice, "hello there")
    services.answering.store(lease(services, alice), answer("utter_ask_description"))
    send(services, alice, SPANISH)
    asked = Effect(kind="hand_off", reason="asked")
    services.answering.store(lease(services, alice), answer(effects=[asked]))
    assert ticket(services).language == "es"


def test_an_english_ticket_is_not_marked(services: Services, alice: Started) -> None:
    hand_off(services, alice)
    assert ticket(services).language is None


def test_rasa_is_not_asked_so_its_absence_does_not_matter(
    services: Services, alice: Started
) -> None:
    send(services, alice, SPANISH)

    async def play() -> None:
        nobody = Settings(data_dir=services.settings.data_dir, rasa_url="http://127.0.0.1:9")
        assistant = assistant_of(nobody)
        turns = turns_of(services, assistant)
        turns.wake(alice.id)
        await turns.finish()
        await assistant.close()

    asyncio.run(play())
    assert ticket(services).reason == "language"
    with services.database.read() as session:
        (outcome,) = session.scalars(select(Job.outcome))
    assert outcome == "not in English: es"
