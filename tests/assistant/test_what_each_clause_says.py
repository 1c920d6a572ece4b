"""Clause by clause: what the shop states is told by an answer that cites it."""

from pathlib import Path

import pytest

from bot.assistant import Words
from bot.policy import load_policy
from bot.settings import Settings

TOLD = {
    "1.scope": ("faq/scope", "We help with most things"),
    "1.pre_purchase": ("faq/scope", "materials, sizes, care, availability, price"),
    "1.order_assistance": ("faq/order_changes", "can be changed until the order ships"),
    "1.post_purchase": ("faq/returns", "guide you through a return, refund or exchange"),
    "1.account": ("faq/account", "open an account, get back into it, update what it says"),
    "1.feedback": ("faq/scope", "Ideas, praise and complaints are welcome"),
    "1.excluded": ("faq/scope", "a fault at PayPal or your card's issuer"),
    "2.primary_channel": ("faq/contact", "Our main channel is e-mail"),
    "2.1.email": ("faq/contact_with_email", "Write to help@example.com"),
    "2.1.include": ("faq/what_to_include", "Four things"),
    "2.1.full_name": ("faq/what_to_include", "your full name, as on your order or account"),
    "2.1.order_number": ("faq/find_order_number", "in the confirmation e-mail of your order"),
    "2.1.description": ("faq/what_to_include", "clearly and in detail"),
    "2.1.attachments": ("faq/what_to_include", "photos of the damage or a screenshot"),
    "2.2.channels": ("faq/contact", "the policy and our home page will say so"),
    "2.2.same_standards": ("faq/contact", "The same times hold for both"),
    "3.general_reply": ("faq/reply_times", "isn't urgent, about a piece or your account for"),
    "3.business_days": ("faq/reply_times", "weekends and public holidays don't count"),
    "3.urgent_reply": ("faq/reply_times", "come first: within 24 business hours"),
    "3.peak": ("faq/peak_delays", "may take 1 additional business day"),
    "3.peak_notice": ("faq/peak_delays", "a notice on our home page says so"),
    "3.resolution": ("faq/resolution_times", "depends on what has to be looked into"),
    "3.updates": ("faq/resolution_times", "keep you posted at each step"),
    "4.1.acknowledgement": ("faq/reference_number", "within 1 hour, counted in business hours"),
    "4.1.reference": ("faq/reference_number", "give it whenever you write about the same"),
    "4.2.review": ("report_damaged_sent", "They look at what you told me"),
    "4.2.return_guidance": ("faq/returns", "checks whether the order qualifies"),
    "4.2.refund": ("faq/refund_timing", "within 5–10 business days of its approval"),
    "4.2.trace": ("faq/lost_package", "3–5 business days, depending on how fast the carrier"),
    "4.3.follow_up": ("faq/follow_up", "a short e-mail to ask whether you are happy"),
    "5.1.language": ("faq/language", "Our customer service is in English"),
    "5.1.other_languages": ("faq/language", "a reply may then take slightly longer"),
    "5.2.accessibility": ("faq/accessibility", "information in another format"),
    "5.3.privacy": ("faq/privacy", "is handled as our Privacy Policy says"),
    "5.3.sharing": ("faq/privacy", "go to nobody else without your consent"),
    "6.updates": ("faq/policy_updates", "may change when our channels, reply times or services"),
    "6.revision_date": ("faq/policy_updates", "the date at its top changes"),
    "6.review": ("faq/policy_updates", "A look at it now and then"),
    "7.contact": ("faq/contact_with_email", "our main channel"),
}
VALUES = {"support_email": "help@example.com", "reply_by": "…", "reference": "…", "due": "…"}


@pytest.fixture(scope="module")
def words() -> Words:
    return Words(Settings().responses_dir, load_policy(Settings().policy_file))


@pytest.mark.clause("1.scope", "1.pre_purchase", "1.order_assistance", "1.post_purchase")
@pytest.mark.clause("1.account", "1.feedback", "1.excluded")
@pytest.mark.clause("2.primary_channel", "2.1.email", "2.1.include", "2.1.full_name")
@pytest.mark.clause("2.1.order_number", "2.1.description", "2.1.attachments")
@pytest.mark.clause("2.2.channels", "2.2.same_standards")
@pytest.mark.clause("3.general_reply", "3.business_days", "3.urgent_reply", "3.peak")
@pytest.mark.clause("3.peak_notice", "3.resolution", "3.updates")
@pytest.mark.clause("4.1.acknowledgement", "4.1.reference", "4.2.review", "4.2.return_guidance")
@pytest.mark.clause("4.2.refund", "4.2.trace", "4.3.follow_up")
@pytest.mark.clause("5.1.language", "5.1.other_languages", "5.2.accessibility")
@pytest.mark.clause("5.3.privacy", "5.3.sharing")
@pytest.mark.clause("6.updates", "6.revision_date", "6.review", "7.contact")
@pytest.mark.parametrize("clause", TOLD)
def test_what_a_clause_states_is_told_by_an_answer_that_cites_it(words: Words, clause: str) -> None:
    name, told = TOLD[clause]
    said = words.say(f"utter_{name}", VALUES | {"reply_within": "…"})
    assert told in said.text
    assert clause in words.responses()[f"utter_{name}"].clauses


def test_the_marks_above_are_the_clauses_that_the_table_shows() -> None:
    test = test_what_a_clause_states_is_told_by_an_answer_that_cites_it
    marks = [mark for mark in getattr(test, "pytestmark", []) if mark.name == "clause"]
    assert {clause for mark in marks for clause in mark.args} == TOLD.keys()


def test_who_needs_another_format_is_told_where_the_case_page_has_it(words: Words) -> None:
    heading = "How our mails look"
    page = Path("bot/web/templates/cases/case.html").read_text(encoding="utf-8")
    assert heading in page
    assert heading in words.say("utter_faq/accessibility", VALUES).text
