"""What the policy file says, held against the published document."""

import re
from datetime import date
from pathlib import Path

import pytest

from bot.policy import Policy, Source
from bot.settings import Settings


def test_the_numbers_are_said_in_the_policys_own_units(policy: Policy) -> None:
    assert policy.placeholders() == {
        "general_reply": "1–2 business days",
        "urgent_reply": "24 business hours",
        "peak_extension": "1 additional business day",
        "acknowledgement": "1 hour",
        "refund": "5–10 business days",
        "carrier_trace": "3–5 business days",
        "shop": "Kendrascntt",
        "site": "www.kendrascntt.com",
        "last_updated": "25 August 2025",
    }


@pytest.mark.parametrize(
    ("name", "clause", "lower", "upper", "unit"),
    [
        ("general_reply", "3.general_reply", 1, 2, "days"),
        ("urgent_reply", "3.urgent_reply", 24, 24, "hours"),
        ("peak_extension", "3.peak", 1, 1, "days"),
        ("acknowledgement", "4.1.acknowledgement", 1, 1, "hours"),
        ("refund", "4.2.refund", 5, 10, "days"),
        ("carrier_trace", "4.2.trace", 3, 5, "days"),
    ],
)
def test_each_number_is_typed_and_knows_its_clause(
    policy: Policy, name: str, clause: str, lower: int, upper: int, unit: str
) -> None:
    fact = policy.facts[name]
    assert (fact.clause, fact.quantity.lower, fact.quantity.upper) == (clause, lower, upper)
    assert (fact.quantity.unit, fact.quantity.business) == (unit, True)


def test_every_section_that_states_something_has_a_clause(policy: Policy) -> None:
    stated = {clause.section for clause in policy.clauses.values()}
    assert set(policy.sections) - stated == {"5"}  # section 5 is a heading only
    printed = [number for number in policy.sections if number != "introduction"]
    assert printed == [
        *("1", "2", "2.1", "2.2", "3", "4", "4.1", "4.2", "4.3"),
        *("5", "5.1", "5.2", "5.3", "6", "7"),
    ]


def test_a_clause_is_cited_by_the_number_and_title_of_its_section(policy: Policy) -> None:
    assert policy.source("4.2.refund") == Source(
        "Customer Service Policy", "4.2", "Investigation and Resolution"
    )
    with pytest.raises(KeyError):
        policy.source("8.warranty")


def test_the_document_is_dated_and_its_version_begins_with_that_date(policy: Policy) -> None:
    assert policy.last_updated == date(2025, 8, 25)
    assert re.fullmatch(r"2025-08-25-[0-9a-f]{8}", policy.version)


def test_categories_have_the_class_that_section_three_gives_them(policy: Policy) -> None:
    urgent = [name for name in policy.categories if policy.ticket_class(name) == "urgent"]
    general = [name for name in policy.categories if policy.ticket_class(name) == "general"]
    assert urgent == [
        *("order_change", "address_change", "cancellation", "return", "refund", "exchange"),
        *("damaged", "wrong_item", "missing_package", "delay"),
    ]
    assert general == [
        *("product_question", "account", "feedback", "language", "accessibility", "privacy"),
        *("not_covered", "other"),
    ]
    with pytest.raises(KeyError):
        policy.ticket_class("warranty")


def test_all_eight_open_places_are_read_and_wait_for_the_owner(policy: Policy) -> None:
    readings = policy.readings.values()
    assert [reading.number for reading in readings] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert all(reading.assumed and reading.clauses for reading in readings)


def test_a_setting_that_carries_a_reading_exists(policy: Policy) -> None:
    named = {setting for reading in policy.readings.values() for setting in reading.settings}
    assert named <= {f"BOT_{name.upper()}" for name in Settings.model_fields}


def test_documents_that_are_named_but_not_given_have_no_link(policy: Policy) -> None:
    assert [document.title for document in policy.documents.values()] == [
        "Shipping Policy",
        "Refund Policy",
        "Privacy Policy",
        "Terms of Purchase",
    ]
    assert all(document.link is None for document in policy.documents.values())


def test_no_line_below_the_policy_folder_makes_a_file_training_data(policy_file: Path) -> None:
    for path in policy_file.parent.rglob("*"):
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            found = re.findall(
                r"^\s*-?\s*[\"']?(?:nlu|rules|stories|responses)[\"']?\s*:", text, re.M
            )
            assert not found, f"Rasa would train on {path.name}: {found}"
