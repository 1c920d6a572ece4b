"""What `bot policy diff` says that a new version of the policy touches."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.app import Services
from bot.assistant import Effect
from bot.audit import Diff, compare, diff_lines
from bot.audit.diff import Touched
from bot.policy import load_policy
from bot.settings import Settings
from bot.storage import Database
from bot.storage.tables import Ticket
from tests.audit.conftest import Checkout
from tests.conftest import agent_at_work
from tests.conversations.cast import answer, lease, send

Compare = Callable[[str, str], Diff]


@pytest.fixture
def changed(checkout: Checkout, services: Services, tmp_path: Path) -> Compare:
    """The difference that one edit of the shop's policy makes."""

    def edited(old: str, new: str) -> Diff:
        before = Settings().policy_file
        after = tmp_path / "new.yml"
        text = before.read_text(encoding="utf-8")
        assert text.count(old) == 1
        after.write_text(text.replace(old, new), encoding="utf-8")
        audit = checkout.audit()
        return compare(load_policy(before), load_policy(after), audit, services.database)

    return edited


def only(found: Diff) -> Touched:
    (touched,) = found.touched
    return touched


def a_ticket(services: Services, category: str) -> str:
    """A visitor's ticket with its promise; gives the reference."""
    visitor = services.intake.start(time_zone="America/New_York")
    send(services, visitor, "help")
    effect = Effect(kind="open_ticket", category=category, description="it is about this")
    services.answering.store(lease(services, visitor), answer(effects=[effect]))
    return services.ticket_lookup.of_conversation(visitor.id)[0].reference


def answered_by(services: Services, account_id: int, reference: str) -> None:
    with services.database.read() as session:
        ticket = session.scalars(select(Ticket).where(Ticket.reference == reference)).one()
    assert ticket.conversation_id
    services.desk.reply(ticket.conversation_id, account_id, "Hello Alice", "b1")


def test_the_same_policy_twice_touches_nothing(changed: Compare) -> None:
    found = changed("document: Customer Service Policy", "document: Customer Service Policy")
    assert found.touched == ()
    assert not found.date_is_due
    assert "Nothing is changed" in "\n".join(diff_lines(found))


def test_a_number_touches_answers_mails_clocks_readings_and_tests(
    checkout: Checkout, changed: Compare
) -> None:
    checkout.write("data/mail/refund.md", "clause: 3.updates", "Within {refund}.")
    touched = only(changed("from: 5, to: 10", "from: 5, to: 12"))
    assert (touched.change.kind, touched.change.name) == ("clause", "4.2.refund")
    assert any(a.startswith("utter_faq/refund_timing (data/resp") for a in touched.answers)
    assert touched.mails == ("refund (data/mail/refund.md:1)",)
    assert touched.clocks == ("refund",)
    assert touched.tests == ("test_all (tests/test_all.py)",)
    assert touched.readings == ("later_bound", "opening_hours", "clock_start")


def test_other_words_move_no_clock(changed: Compare) -> None:
    touched = only(changed("summary: A refund is paid in this", "summary: We pay a refund in this"))
    assert touched.change.name == "4.2.refund"
    assert touched.clocks == ()


def test_open_promises_of_a_changed_clause_are_named_and_kept_ones_are_not(
    services: Services, changed: Compare
) -> None:
    answered_by(services, agent_at_work(services), a_ticket(services, "delay"))
    urgent, _general = a_ticket(services, "damaged"), a_ticket(services, "other")
    touched = only(changed("amount: 24, unit: hours", "amount: 48, unit: hours"))
    (promise,) = touched.open_promises
    assert (promise.reference, promise.clause) == (urgent, "3.urgent_reply")
    assert promise.told_as.startswith("Wednesday 18 November")
    lines = "\n".join(diff_lines(changed("amount: 24, unit: hours", "amount: 48, unit: hours")))
    assert f"{urgent}: 3.urgent_reply, by Wednesday 18 November" in lines
    assert "stay as told" in lines


def test_a_class_of_a_category_touches_its_tickets(services: Services, changed: Compare) -> None:
    mine, _ = a_ticket(services, "feedback"), a_ticket(services, "other")
    touched = only(changed("feedback: general", "feedback: urgent"))
    assert touched.change.fields == {"class": ("general", "urgent")}
    assert touched.clocks == ("first_reply",)
    assert [promise.reference for promise in touched.open_promises] == [mine]


def test_a_reading_touches_the_clocks_of_its_clauses_and_the_promises_that_rest_on_it(
    services: Services, changed: Compare
) -> None:
    urgent, _general = a_ticket(services, "damaged"), a_ticket(services, "other")
    touched = only(changed("read_as: One business day, that", "read_as: A business day, that"))
    assert (touched.change.kind, touched.change.name) == ("reading", "business_hours")
    assert touched.clocks == ("first_reply",)
    assert [promise.reference for promise in touched.open_promises] == [urgent]


def test_a_document_that_is_given_touches_the_answers_that_name_it(changed: Compare) -> None:
    touched = only(
        changed(
            "title: Privacy Policy\n    link: null", "title: Privacy Policy\n    link: https://a"
        )
    )
    assert any(answer.startswith("utter_faq/privacy") for answer in touched.answers)
    assert touched.clocks == ()


def test_a_change_without_a_new_date_is_told_to_need_one(changed: Compare) -> None:
    found = changed("from: 5, to: 10", "from: 5, to: 12")
    assert found.date_is_due
    assert "move `last_updated`" in "\n".join(diff_lines(found))
    assert not changed("last_updated: 2025-08-25", "last_updated: 2026-11-17").date_is_due


def test_a_clause_can_be_added_and_removed(changed: Compare) -> None:
    renamed = changed("  6.review:", "  6.look_again:").touched
    assert [(t.change.name, t.change.how) for t in renamed] == [
        ("6.review", "removed"),
        ("6.look_again", "added"),
    ]


def test_a_database_that_is_not_there_is_said_beside_the_rest(
    checkout: Checkout, tmp_path: Path
) -> None:
    policy = load_policy(checkout.policy_file)
    empty = Database(f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    found = compare(policy, policy, checkout.audit(), empty)
    empty.close()
    assert found.promises_unreadable
    assert "could not be looked at" in "\n".join(diff_lines(found))


def test_a_program_gets_the_same(services: Services, changed: Compare) -> None:
    reference = a_ticket(services, "damaged")
    data = changed("amount: 24, unit: hours", "amount: 48, unit: hours").as_data()
    (promise,) = data["touched"][0]["open_promises"]
    assert promise["reference"] == reference
    assert promise["due_at"] == "2026-11-18T15:00:00+00:00"
