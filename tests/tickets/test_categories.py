"""A ticket's category follows from what was asked last."""

import pytest

from bot.policy import load_policy
from bot.settings import Settings
from bot.tickets.categories import CATEGORY_OF_REQUEST, category_of
from tests.assistant.test_coverage import FAMILIES


@pytest.mark.parametrize("leaf", FAMILIES["not_covered"])
def test_what_the_policy_does_not_cover_has_a_general_category_of_its_own(leaf: str) -> None:
    assert category_of(f"not_covered/{leaf}") == "not_covered"


@pytest.mark.parametrize("leaf", ["language", "accessibility", "privacy", "account"])
def test_a_question_with_special_needs_keeps_them_on_its_ticket(leaf: str) -> None:
    assert category_of(f"faq/{leaf}") == leaf


def test_every_category_of_the_policy_comes_about() -> None:
    categories = load_policy(Settings().policy_file).categories
    assert set(CATEGORY_OF_REQUEST.values()) | {"other"} == set(categories)


def test_a_question_never_makes_a_ticket_urgent() -> None:
    policy = load_policy(Settings().policy_file)
    for label, category in CATEGORY_OF_REQUEST.items():
        if "/" in label:
            assert policy.ticket_class(category) == "general", label


@pytest.mark.parametrize("label", [None, "faq/reply_times", "talk_to_human"])
def test_without_a_request_it_is_other(label: str | None) -> None:
    assert category_of(label) == "other"
