"""What `bot policy check` finds, by file and line, with what to do."""

import pytest

from tests.audit.conftest import Checkout

POLICY = "data/policy/customer_service.yml"
ACCESSIBILITY = 'clause: ["5.2.accessibility", "3.general_reply"]'


def test_what_agrees_has_no_fault(checkout: Checkout) -> None:
    assert checkout.faults() == []


def test_a_clause_that_no_answer_tells_is_found(checkout: Checkout) -> None:
    checkout.edit("data/responses/faq_policy.yml", ACCESSIBILITY, 'clause: ["3.general_reply"]')
    line = checkout.edit(POLICY, "  5.2.accessibility:", "  5.2.accessibility:")
    (fault,) = checkout.faults()
    assert fault.startswith(f"{POLICY}:{line}: 5.2.accessibility is said by no answer and no mail")


def test_a_mail_that_tells_a_clause_is_enough(checkout: Checkout) -> None:
    checkout.edit("data/responses/faq_policy.yml", ACCESSIBILITY, 'clause: ["3.general_reply"]')
    checkout.write("data/mail/large_print.md", "clause: 5.2.accessibility", "", "In large print.")
    assert checkout.faults() == []


@pytest.mark.parametrize(
    "head",
    [
        ("metadata:", '  clause: ["4.1.reference", "4.1.acknowledgement"]'),
        ("clauses:", "- 4.1.reference", "- 4.1.acknowledgement"),
        ("---", "clause: 4.1.reference, 4.1.acknowledgement", "---"),
    ],
)
def test_a_mails_head_is_read_however_it_lists_its_clauses(
    checkout: Checkout, head: tuple[str, ...]
) -> None:
    checkout.write("data/mail/acknowledgement.yml", *head, "text: within {acknowledgement}")
    assert checkout.faults() == []
    (mail,) = [s for s in checkout.audit().statements if s.kind == "mail"]
    assert mail.clauses == {"4.1.reference", "4.1.acknowledgement"}


def test_a_clause_that_no_test_shows_is_found(checkout: Checkout) -> None:
    checkout.edit("tests/test_all.py", "@pytest.mark.clause('3.peak')\n", "")
    (fault,) = checkout.faults()
    assert '3.peak is shown by no test; mark the test that shows it with @pytest.mark.clause("' in (
        fault
    )


def test_a_mark_on_a_whole_file_or_on_one_case_counts(checkout: Checkout) -> None:
    checkout.edit("tests/test_all.py", "@pytest.mark.clause('3.peak')\n", "")
    checkout.edit("tests/test_all.py", "@pytest.mark.clause('3.updates')\n", "")
    checkout.write("tests/test_peak.py", 'pytestmark = pytest.mark.clause("3.peak")')
    checkout.write(
        "tests/test_case.py",
        '@pytest.mark.parametrize("n", [pytest.param(1, marks=pytest.mark.clause("3.updates"))])',
        "def test_case(n: int) -> None: ...",
    )
    assert checkout.faults() == []


def test_an_informational_clause_that_an_answer_cites_is_found(checkout: Checkout) -> None:
    line = checkout.edit(
        POLICY, "  6.review:\n", "  6.review:\n    informational: true    # of no use\n"
    )
    (fault,) = checkout.faults()
    assert fault.startswith(f"{POLICY}:{line}: 6.review is cited by an answer or a mail")


def test_an_answer_that_rests_on_nothing_is_found_and_may_say_why(checkout: Checkout) -> None:
    file = "data/responses/small_talk.yml"
    checkout.write(file, "responses:", "  utter_thank:", '  - text: "You are welcome."')
    (fault,) = checkout.faults()
    assert fault == (
        f"{file}:2: utter_thank cites no clause; add `clause`, or say why it needs none with "
        "`no_clause`."
    )
    checkout.write(file, "responses:", "  utter_ask_colour:", '  - text: "Which colour?"')
    assert checkout.faults() == []


def test_a_time_that_is_told_without_its_clause_is_found(checkout: Checkout) -> None:
    file = "data/responses/small_talk.yml"
    checkout.write(
        file,
        *("responses:", "  utter_thank:", '  - text: "A refund takes {refund}."'),
        *("    metadata:", "      clause: 3.updates"),
    )
    (fault,) = checkout.faults()
    assert fault.startswith(f"{file}:2: utter_thank tells the time of 4.2.refund without citing it")


def test_a_clause_and_a_reason_for_none_do_not_go_together(checkout: Checkout) -> None:
    file = "data/responses/small_talk.yml"
    checkout.write(
        file,
        *("responses:", "  utter_thank:", '  - text: "Gladly."'),
        *("    metadata:", "      clause: 3.updates", "      no_clause: small talk"),
    )
    assert "has both" in checkout.faults()[0]


def test_a_clause_that_the_policy_does_not_have_is_found_in_marks_and_mails(
    checkout: Checkout,
) -> None:
    checkout.write("tests/test_a.py", '@pytest.mark.clause("8.warranty")', "def test_a(): ...")
    checkout.write("data/mail/a.md", "clause: 8.warranty")
    mail, test = checkout.faults()
    assert mail == "data/mail/a.md:1: a cites 8.warranty, which is no clause of the policy; " + (
        "correct its id."
    )
    assert test.startswith("tests/test_a.py:1: test_a is marked with 8.warranty")
