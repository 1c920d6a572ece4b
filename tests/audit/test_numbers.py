"""A number of the policy stands in the policy's file and nowhere else."""

from pathlib import Path

import pytest

from bot.audit.numbers import faults_of_numbers, policy_times
from bot.policy import Policy, load_policy
from bot.settings import ROOT, Settings


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load_policy(Settings().policy_file)


def test_no_number_of_the_policy_is_written_anywhere_but_in_its_file(policy: Policy) -> None:
    assert [str(fault) for fault in faults_of_numbers(policy, ROOT)] == []


@pytest.mark.parametrize(
    "written",
    [
        "within 24 business hours",
        "in 24 hours",
        "twenty-four hours",
        "24h",
        "1-2 business days",
        "one to two business days",
        "5–10 days",
        "five to ten business days",
        "3 or 5 days",
        "1 additional business day",
        "one more day",
        "7 working days",
        "within 1 hour",
        "an answer in\n    2 days",
        "timedelta(days=5)",
        "hours = 24",
    ],
)
def test_a_number_of_the_policy_is_seen_however_it_is_written(policy: Policy, written: str) -> None:
    assert list(policy_times(written, policy))


@pytest.mark.parametrize(
    "written", ["thirty days", "30 days", "7 days", "12 hours", "1001 is shipped", "none today"]
)
def test_other_times_are_nobodys_promise(policy: Policy, written: str) -> None:
    assert not list(policy_times(written, policy))


def a_file(root: Path, name: str, text: str) -> None:
    file = root / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def told(policy: Policy, root: Path) -> list[str]:
    return [str(fault).removeprefix(f"{root}/") for fault in faults_of_numbers(policy, root)]


@pytest.mark.parametrize(
    "said",
    [
        "returns within 30 days",
        "thirty-day returns",
        "a code valid for 10 minutes",
        "14 calendar days",
        "shipping costs $5",
        "USD 20 or more",
        "20 dollars",
        "15% off",
        "two weeks",
        "within 48h",
        "12 hrs at most",
        "3 mins",
        "in a week",
        "within the hour",
        "overnight",
        "in a day or two",
        "24 Stunden",
    ],
)
@pytest.mark.parametrize(
    "place", ["data/responses/a.yml", "data/mail/a.md", "data/notices/peak.yml"]
)
def test_to_visitors_no_time_and_no_sum_is_said_that_the_policy_has_not_given(
    policy: Policy, tmp_path: Path, said: str, place: str
) -> None:
    a_file(tmp_path, place, f"first\nWe say: {said}.\n")
    (fault,) = told(policy, tmp_path)
    assert fault.startswith(f"{place}:2: ")
    assert "use the policy's placeholder" in fault


@pytest.mark.parametrize(
    "said", ["within {general_reply}", "order 1001", "Four things let us start", "since day one"]
)
def test_what_is_no_time_and_no_sum_may_be_said(policy: Policy, tmp_path: Path, said: str) -> None:
    a_file(tmp_path, "data/responses/a.yml", said)
    assert told(policy, tmp_path) == []


def test_a_number_that_is_none_of_the_policys_says_why_on_its_line(
    policy: Policy, tmp_path: Path
) -> None:
    a_file(tmp_path, "bot/a.py", "DAY = days=1  # not the policy's: a calendar day\n")
    assert told(policy, tmp_path) == []
    a_file(tmp_path, "bot/a.py", "DAY = days=7  # not the policy's: a week\n")
    (fault,) = told(policy, tmp_path)
    assert "excuses no number here" in fault
