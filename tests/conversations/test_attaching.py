"""What pictures do in a conversation: they answer, they are counted, they wait for their case."""

import pytest
from sqlalchemy import select

from bot.app import Services
from bot.assistant import Effect
from bot.attachments.errors import AttachmentNotThere
from bot.conversations.errors import ClientIdReused
from bot.conversations.intake import Started
from bot.conversations.turns import claim_turn
from bot.storage.tables import Conversation, Job
from bot.tickets.missing import ATTACHMENTS
from tests.conftest import agent_at_work
from tests.conversations.cast import DAMAGED, answer, hand_off, lease, send, ticket, transcript
from tests.pictures import picture


@pytest.fixture
def alice(services: Services) -> Started:
    return services.intake.start(time_zone="America/New_York")


def uploaded(services: Services, visitor: Started, client_id: str = "1") -> str:
    return services.uploads.receive(
        visitor.id, client_id=client_id, name="ring.jpg", content=picture("JPEG")
    ).id


def send_pictures(
    services: Services, visitor: Started, *ids: str, text: str | None = None, client_id: str = "p"
) -> int:
    return services.intake.receive(
        visitor.id, visitor.token, client_id=client_id, text=text, attachments=ids
    )


def owed(services: Services) -> int:
    with services.database.read() as session:
        return len(
            session.scalars(select(Job).where(Job.done_at.is_(None), Job.kind == "turn")).all()
        )


def test_a_case_that_needs_pictures_asks_for_them_and_they_answer_it(
    services: Services, alice: Started
) -> None:
    send(services, alice, "yes")
    told = answer("utter_report_damaged_sent")
    told.replies[0].effects.append(DAMAGED)
    services.answering.store(lease(services, alice), told)
    assert transcript(services, alice)[-1].asks == "attachments"
    detail = services.inbox.conversation(alice.id).tickets[0]
    assert ATTACHMENTS in detail.missing
    two = [uploaded(services, alice, name) for name in "ab"]
    sequence = send_pictures(services, alice, *two, text="there is the crack")
    sent, thanks = transcript(services, alice, sequence - 1)
    assert [file.id for file in sent.attachments] == two
    assert thanks.sender == "system"
    assert ticket(services).reference in thanks.text
    assert ticket(services).attachment_count == 2
    assert "there is the crack" in (ticket(services).description or "")
    assert ATTACHMENTS not in services.inbox.conversation(alice.id).tickets[0].missing
    assert owed(services) == 0, "the assistant is not asked what a picture means"


def test_pictures_that_come_before_there_is_a_case_belong_to_it(
    services: Services, alice: Started
) -> None:
    send_pictures(services, alice, uploaded(services, alice), text="my ring arrived broken")
    assert owed(services) == 1, "the words are for the assistant"
    services.answering.store(
        lease(services, alice), answer("utter_report_damaged_opening", effects=[DAMAGED])
    )
    assert ticket(services).attachment_count == 1
    services.uploads.receive(alice.id, client_id="unsent", name="b.png", content=picture())
    send_pictures(services, alice, uploaded(services, alice, "2"), client_id="q")
    assert ticket(services).attachment_count == 2, "what was not sent is not counted"


def test_a_picture_alone_is_asked_what_it_is_about(services: Services, alice: Started) -> None:
    send_pictures(services, alice, uploaded(services, alice))
    assert owed(services) == 0
    assert transcript(services, alice)[-1].asks == "description"
    assert transcript(services, alice)[-1].sender == "bot"


def test_a_picture_in_the_middle_of_a_form_leaves_its_question_open(
    services: Services, alice: Started
) -> None:
    send(services, alice, "my ring is broken")
    services.answering.store(lease(services, alice), answer("utter_ask_report_delay_description"))
    sequence = send_pictures(services, alice, uploaded(services, alice))
    assert transcript(services, alice, sequence)[0].sender == "system"
    # The button of the question is still there to be pressed.
    send(services, alice, "No, nothing")
    assert lease(services, alice).button is not None


def test_with_people_a_picture_goes_to_them_and_is_counted(
    services: Services, alice: Started
) -> None:
    agent_at_work(services)
    hand_off(services, alice)
    sequence = send_pictures(services, alice, uploaded(services, alice))
    assert len(transcript(services, alice, sequence)) == 0
    assert ticket(services).attachment_count == 1
    shown = services.inbox.conversation(alice.id).messages[-1]
    assert [file.name for file in shown.files] == ["ring.jpg"]


def test_a_closed_conversation_opens_again_with_a_picture(
    services: Services, alice: Started
) -> None:
    with services.database.write() as session:
        session.get_one(Conversation, alice.id).state = "closed"
    send_pictures(services, alice, uploaded(services, alice))
    assert services.intake.page(alice.id, alice.token, 0).state == "bot"


def test_the_same_message_again_is_one_message_and_other_pictures_are_refused(
    services: Services, alice: Started
) -> None:
    one, two = (uploaded(services, alice, name) for name in "ab")
    first = send_pictures(services, alice, one)
    assert send_pictures(services, alice, one) == first
    with pytest.raises(ClientIdReused):
        send_pictures(services, alice, two)


def test_a_message_whose_picture_is_not_there_is_not_stored(
    services: Services, alice: Started
) -> None:
    with pytest.raises(AttachmentNotThere):
        send_pictures(services, alice, uploaded(services, alice), "0" * 32)
    assert claim_turn(services.database, alice.id, "test", services.clock()) is None
    assert [m.sender for m in transcript(services, alice)] == ["bot"]


def test_an_effect_of_a_person_wanted_counts_too(services: Services, alice: Started) -> None:
    send_pictures(services, alice, uploaded(services, alice), text="a person please")
    asked = Effect(kind="hand_off", reason="asked")
    services.answering.store(lease(services, alice), answer(effects=[asked]))
    assert ticket(services).attachment_count == 1
