"""A mail becomes a case once, joins the one it belongs to, and no stranger joins silently."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.app import Services, compose
from bot.mail.attachments import MOST
from bot.mail.incoming import read_mail
from bot.mail.receiving import MOST_NEW_CASES_A_DAY
from bot.settings import Settings
from bot.storage.tables import Conversation, Job, Ticket, TicketMove
from bot.storage.tables_incoming import Attachment, Draft
from bot.tickets import Tickets
from tests.conftest import SetClock
from tests.mail.incoming_cast import SUPPORT, Shop, raw, shop_of, written

MALLORY = "Mallory <mallory@example.org>"


@pytest.fixture
def shop(
    tmp_path: Path, clock: SetClock, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Shop]:
    monkeypatch.setitem(Settings.model_config, "env_file", None)
    settings = Settings(data_dir=tmp_path / "var", database_url=database_url, support_email=SUPPORT)
    services = compose(settings, clock)
    yield shop_of(services, Tickets(services.policy, services.calendar))
    services.database.close()


def test_a_mail_becomes_a_conversation_a_ticket_with_its_clock_and_a_draft(
    shop: Shop, clock: SetClock
) -> None:
    received_at = clock()
    shop.takes(raw("plain"))
    clock.pass_time(minutes=3)
    shop.drafting.work_off()
    ticket = shop.ticket
    assert (ticket.category, ticket.ticket_class, ticket.reason) == ("damaged", "urgent", "mail")
    assert (ticket.name, ticket.email) == ("Alice Example", "alice@example.com")
    assert ticket.order_number == "1001"
    assert not ticket.order_verified
    assert ticket.description
    assert "broken clasp" in ticket.description
    assert ticket.created_at == received_at
    assert ticket.promise is not None
    with shop.services.database.read() as session:
        conversation = session.get_one(Conversation, ticket.conversation_id)
        draft = session.scalars(select(Draft)).one()
        jobs = session.scalars(select(Job.kind)).all()
    assert (conversation.channel, conversation.state) == ("e-mail", "bot")
    assert "turn" not in jobs
    assert ticket.reference in draft.text


def test_a_question_is_drafted_in_the_words_of_the_chat_and_nothing_is_sent(shop: Shop) -> None:
    shop.takes_and_works(written("Can I send a ring back?"))
    with shop.services.database.read() as session:
        draft = session.scalars(select(Draft)).one()
    assert draft.text == shop.services.words.say("utter_faq/returns", {}).text
    assert [m.text for m in shop.messages] == ["A question\n\nCan I send a ring back?"]


def test_greetings_and_regards_are_not_asked_about(shop: Shop) -> None:
    shop.takes_and_works(raw("plain"))
    assert shop.understanding.asked == ["my order #1001 arrived with a broken clasp."]


def test_the_subject_decides_where_the_text_says_nothing_clear(shop: Shop) -> None:
    shop.takes_and_works(written("See above.", subject="Fwd: Where is my refund"))
    assert shop.ticket.category == "refund"


def test_without_the_assistant_the_case_is_opened_all_the_same(shop: Shop, clock: SetClock) -> None:
    shop.understanding.fails = True
    shop.takes(raw("plain"))
    for _ in range(5):
        shop.drafting.work_off()
        clock.pass_time(seconds=30)
    assert shop.ticket.category == "other"
    assert shop.ticket.cause == "Rasa could not be reached"
    with shop.services.database.read() as session:
        assert session.scalars(select(Draft)).all() == []


def test_another_language_is_marked_as_in_the_chat_and_rasa_is_not_asked(shop: Shop) -> None:
    shop.takes_and_works(raw("spanish"))
    assert (shop.ticket.category, shop.ticket.language) == ("language", "es")
    assert shop.understanding.asked == []


def test_the_same_mail_twice_is_one_case(shop: Shop) -> None:
    first = shop.takes_and_works(raw("plain"))
    again = shop.takes_and_works(b"Received: by another way\n" + raw("plain"))
    assert (again.conversation_id, again.again) == (first.conversation_id, True)
    assert len(shop.tickets) == len(shop.messages) == len(shop.mails) == 1


def test_the_same_mail_at_the_same_moment_is_one_case(shop: Shop) -> None:
    start = threading.Barrier(4)
    failures: list[Exception] = []

    def take() -> None:
        start.wait()
        try:
            shop.takes(raw("nested"))
        except Exception as failure:
            failures.append(failure)

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert len(shop.mails) == len(shop.messages) == 1
    with shop.services.database.read() as session:
        stored = {a.stored_as for a in session.scalars(select(Attachment))}
    folder = shop.services.settings.data_dir / "attachments"
    assert {path.name for path in folder.iterdir()} == stored


def test_two_mails_with_the_same_id_are_two(shop: Shop) -> None:
    shop.takes(written("The clasp broke.", Message_ID="<same@example.com>"))
    shop.takes(written("Quite another matter.", Message_ID="<same@example.com>"))
    assert len(shop.mails) == 2


def test_pictures_and_pdfs_are_kept_by_their_content_and_others_are_named(shop: Shop) -> None:
    shop.takes(raw("deceiving_names"))
    with shop.services.database.read() as session:
        kept = session.scalars(select(Attachment)).one()
    assert (kept.name, kept.content_type) == ("passwd", "image/jpeg")
    path = shop.services.attachments.path_of(kept.stored_as)
    assert path.read_bytes().startswith(b"\xff\xd8\xff")
    assert path.stat().st_mode & 0o077 == 0
    notes = " ".join(shop.mails[0].notes)
    assert "“invoice.pdf” was kept out" in notes
    assert "“ring.svg” was kept out" in notes


def test_more_files_than_may_be_and_a_winmail_are_kept_out_with_a_note(shop: Shop) -> None:
    shop.takes(raw("winmail"))
    mail = read_mail(raw("nested"))
    shop.takes(replace(mail, attached=mail.attached * 4))
    winmail, many = shop.mails
    assert "winmail.dat" in " ".join(winmail.notes)
    assert f"more than {MOST}" in " ".join(many.notes)
    with shop.services.database.read() as session:
        assert len(session.scalars(select(Attachment)).all()) == MOST


def test_an_answer_joins_by_the_mail_that_it_answers(shop: Shop, clock: SetClock) -> None:
    shop.takes_and_works(raw("plain"))
    shop.sent("ack-1@shop.example", shop.ticket, clock())
    receipt = shop.takes_and_works(raw("quoted_reply"))
    assert receipt.conversation_id == shop.ticket.conversation_id
    assert shop.messages[-1].text == "Here is the photo you asked for."
    assert shop.mails[-1].notes == []


def test_who_answers_from_another_address_joins_and_the_agent_is_told(
    shop: Shop, clock: SetClock
) -> None:
    shop.takes_and_works(raw("plain"))
    shop.sent("ack-1@shop.example", shop.ticket, clock())
    shop.takes(written("My partner here.", sender=MALLORY, In_Reply_To="<ack-1@shop.example>"))
    assert shop.messages[-1].conversation_id == shop.ticket.conversation_id
    assert "mallory@example.org" in shop.mails[-1].notes[0]


def test_a_second_mail_of_the_same_thread_joins_before_the_ticket_is_there(shop: Shop) -> None:
    shop.takes(raw("plain"))
    shop.takes(written("One thing more.", References="<plain@example.com>"))
    shop.drafting.work_off()
    assert len(shop.tickets) == 1
    assert {m.conversation_id for m in shop.messages} == {shop.ticket.conversation_id}


def test_a_stranger_with_the_id_of_a_customers_mail_does_not_join(shop: Shop) -> None:
    shop.takes_and_works(raw("plain"))
    shop.takes_and_works(
        written("And me?", sender=MALLORY, References="<plain@example.com>", subject="Re: My order")
    )
    assert len(shop.tickets) == 2


def test_the_signed_address_joins_in_any_case_and_a_forged_one_does_not(shop: Shop) -> None:
    shop.takes_and_works(raw("plain"))
    own = shop.services.signed_addresses
    assert own is not None
    signed = own.of(shop.ticket.reference)
    shop.takes_and_works(written("Here it is.", to=signed.upper()))
    assert len(shop.tickets) == 1
    forged = signed.replace("@", "x@")
    shop.takes_and_works(written("Let me in.", to=forged, sender=MALLORY))
    assert len(shop.tickets) == 2


@pytest.mark.parametrize("where", ["subject", "text"])
def test_a_reference_joins_with_the_address_of_the_ticket_only(shop: Shop, where: str) -> None:
    shop.takes_and_works(raw("plain"))
    reference = shop.ticket.reference
    subject, text = (reference, "hello") if where == "subject" else ("hello", f"it is {reference}")
    shop.takes_and_works(written(text, subject=subject, sender="ALICE@example.com"))
    assert len(shop.tickets) == 1
    shop.takes_and_works(written(text, subject=subject, sender=MALLORY))
    assert len(shop.tickets) == 2
    assert shop.messages[-1].conversation_id != shop.tickets[0].conversation_id
    assert reference in " ".join(shop.mails[-1].notes)
    assert "was not joined" in " ".join(shop.mails[-1].notes)


def test_a_mail_to_a_case_that_was_done_takes_it_up_again(shop: Shop, clock: SetClock) -> None:
    shop.takes_and_works(raw("plain"))
    tickets = Tickets(shop.services.policy, shop.services.calendar)
    with shop.services.database.write() as session:
        ticket = tickets.find(session, shop.ticket.reference)
        ticket.state, ticket.resolved_at = "resolved", clock()
    shop.takes_and_works(written(f"It broke again. {shop.ticket.reference}"))
    assert shop.ticket.state == "open"
    with shop.services.database.read() as session:
        moves = session.scalars(select(TicketMove).order_by(TicketMove.id)).all()
    assert (moves[-1].from_state, moves[-1].to_state) == ("resolved", "open")


def test_a_delivery_report_marks_the_ticket_and_opens_none(shop: Shop, clock: SetClock) -> None:
    shop.takes_and_works(raw("plain"))
    shop.sent("ack-1@shop.example", shop.ticket, clock())
    assert shop.takes_and_works(raw("bounce")).kind == "bounce"
    assert shop.ticket.cause is not None
    assert "alice@example.com could not be delivered" in shop.ticket.cause
    assert "5.1.1" in shop.ticket.cause
    assert len(shop.messages) == 1


def test_a_delivery_report_leaves_what_the_ticket_said_before(shop: Shop, clock: SetClock) -> None:
    shop.takes_and_works(raw("plain"))
    shop.sent("ack-1@shop.example", shop.ticket, clock())
    with shop.services.database.write() as session:
        session.get_one(Ticket, shop.ticket.id).cause = "Rasa could not be reached"
    shop.takes_and_works(raw("bounce"))
    shop.takes_and_works(raw("bounce") + b"\n")
    first, second = (shop.ticket.cause or "").split("\n")
    assert first == "Rasa could not be reached"
    assert "alice@example.com could not be delivered" in second


def test_a_report_of_a_mail_that_we_never_sent_marks_nothing(shop: Shop) -> None:
    shop.takes_and_works(raw("plain"))
    shop.takes_and_works(raw("bounce"))
    assert shop.ticket.cause is None
    assert len(shop.mails) == 2


def test_nothing_of_a_machine_becomes_a_case(shop: Shop) -> None:
    for path in sorted(Path(__file__).parent.glob("corpus/automatic_*.eml")):
        assert shop.takes_and_works(path.read_bytes()).kind == "automatic"
    assert shop.tickets == []
    assert shop.messages == []
    assert all("Nobody was answered" in mail.notes[0] for mail in shop.mails)


def test_an_answering_machine_is_noted_at_its_case_and_says_nothing_in_it(
    shop: Shop, clock: SetClock
) -> None:
    shop.takes_and_works(raw("plain"))
    shop.sent("ack-1@shop.example", shop.ticket, clock())
    away = b"In-Reply-To: <ack-1@shop.example>\n" + raw("automatic_out_of_office")
    assert shop.takes_and_works(away).conversation_id == shop.ticket.conversation_id
    assert len(shop.messages) == 1


def test_our_own_mail_that_comes_back_is_put_aside(shop: Shop, clock: SetClock) -> None:
    shop.takes_and_works(raw("plain"))
    shop.sent("ack-1@shop.example", shop.ticket, clock())
    assert shop.takes(written("x", sender=f"Shop <{SUPPORT.upper()}>")).kind == "own"
    returned = written("x", Message_ID="<ack-1@shop.example>")
    assert shop.takes(returned).kind == "own"
    assert len(shop.tickets) == 1


def test_a_machine_that_hides_fills_no_queue(shop: Shop, clock: SetClock) -> None:
    for number in range(MOST_NEW_CASES_A_DAY + 3):
        shop.takes(written(f"machine {number}"))
    assert [m.kind for m in shop.mails[-3:]] == ["too_many"] * 3
    clock.pass_time(days=1, seconds=1)
    assert shop.takes(written("a day later")).kind == "visitor"


def test_a_mail_without_words_or_sender_is_a_case_for_a_person(shop: Shop) -> None:
    shop.takes_and_works(raw("empty"))
    shop.takes_and_works(raw("no_sender"))
    assert len(shop.tickets) == 2
    assert shop.tickets[1].email is None
    assert shop.messages[0].text


def test_what_could_not_be_stored_leaves_no_file(
    services: Services, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("bot.mail.receiving._attach", broken)
    with pytest.raises(RuntimeError):
        shop.takes(raw("nested"))
    assert list((shop.services.settings.data_dir / "attachments").iterdir()) == []
    assert shop.mails == []
