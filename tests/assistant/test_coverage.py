"""Every clause has its answer, every answer its clause, and no answer says more than it may."""

import re

import pytest
from ruamel.yaml import YAML

from bot.assistant import Words
from bot.assistant.wording import placeholders
from bot.policy import Policy, load_policy
from bot.settings import ROOT, Settings
from tests.conftest import TUESDAY_MORNING

FAMILIES = {
    "faq": (
        *("scope", "contact", "what_to_include", "find_order_number", "reply_times"),
        *("resolution_times", "peak_delays", "business_hours", "reference_number", "follow_up"),
        *("language", "accessibility", "privacy", "policy_updates", "how_to_order", "currency"),
        *("order_changes", "account", "shipping", "returns", "refund_timing", "lost_package"),
    ),
    "not_covered": (
        *("promotions", "payment_methods", "pricing_dispute", "membership", "gift"),
        *("billing", "site_problem", "other"),
    ),
    "out_of_scope": ("payment_processor", "improper_use", "unrelated"),
}
LEAVES = [f"{family}/{leaf}" for family, leaves in FAMILIES.items() for leaf in leaves]
# A talk with a person is a general ticket; these are urgent (section 3) and may say so.
URGENT_REQUESTS = {
    *("track_order", "cancel_order", "change_order", "change_address"),
    *("request_return", "request_refund", "request_exchange", "refund_status"),
    *("report_damaged", "report_wrong_item", "report_missing_package", "report_delay"),
}
NAMED_BUT_NOT_GIVEN = ("Shipping Policy", "Refund Policy", "Privacy Policy", "Terms of Purchase")


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load_policy(Settings().policy_file)


@pytest.fixture(scope="module")
def words(policy: Policy) -> Words:
    return Words(Settings().responses_dir, policy)


def answers_of(words: Words, label: str) -> dict[str, str]:
    """The texts that may answer a label, by name."""
    texts = {name: response.text for name, response in words.responses().items()}
    return {n: t for n, t in texts.items() if n.split("_with_")[0] == f"utter_{label}"}


def buttons_of(words: Words, name: str) -> set[str]:
    return {payload.split("{")[0] for _, payload in words.responses()[name].buttons}


@pytest.mark.parametrize("label", LEAVES)
def test_every_leaf_has_its_answer(words: Words, label: str) -> None:
    assert answers_of(words, label)


def test_no_answer_of_a_family_is_left_without_its_leaf(words: Words) -> None:
    answered = {
        name.split("_with_")[0].removeprefix("utter_")
        for name in words.responses()
        if name.split("/")[0].removeprefix("utter_") in FAMILIES
    }
    assert answered == set(LEAVES)


def test_every_clause_that_states_something_is_cited_and_no_other(
    words: Words, policy: Policy
) -> None:
    cited = {c for r in words.responses().values() for c in r.clauses}
    stating = {c for c, clause in policy.clauses.items() if not clause.informational}
    assert stating - cited == set(), "no answer rests on it"
    assert cited - stating == set(), "an answer rests on it: it is not informational"


@pytest.mark.parametrize("label", LEAVES)
def test_the_answers_of_a_family_cite_clauses_of_the_policy(words: Words, label: str) -> None:
    for name in answers_of(words, label):
        assert words.responses()[name].clauses
        assert words.say(name, {"reply_by": "…", "support_email": "…"}).sources


@pytest.mark.parametrize("label", LEAVES)
def test_a_time_is_told_with_the_section_it_comes_from(
    words: Words, policy: Policy, label: str
) -> None:
    facts = policy.facts
    for name, text in answers_of(words, label).items():
        told = placeholders(text) & facts.keys()
        told |= {"general_reply"} if "reply_by" in placeholders(text) else set()
        missing = {facts[fact].clause for fact in told} - {*words.responses()[name].clauses}
        assert not missing, name


@pytest.mark.parametrize("label", LEAVES)
def test_no_answer_names_a_person_sooner_than_its_buttons_get_one(words: Words, label: str) -> None:
    for name, text in answers_of(words, label).items():
        told = placeholders(text)
        if "urgent_reply" in told and not told & {"general_reply", "reply_by"}:
            leads_to = buttons_of(words, name)
            assert leads_to & URGENT_REQUESTS, f"{name} tells of urgent replies to no request"
            assert "talk_to_human" not in leads_to, f"{name}: that ticket is general"


@pytest.mark.parametrize("label", [label for label in LEAVES if label.startswith("not_covered/")])
def test_where_the_policy_is_silent_it_is_said_and_a_person_is_offered(
    words: Words, label: str
) -> None:
    for name, text in answers_of(words, label).items():
        assert re.search(r"published policy (doesn't say|says nothing)", text), name
        assert "general_reply" in placeholders(text)
        assert "talk_to_human" in buttons_of(words, name)


def test_a_document_that_is_not_here_is_named_and_never_told(words: Words) -> None:
    only_decides = {"utter_faq/refund_timing"}  # says that it decides, and nothing of what
    for name, response in words.responses().items():
        names_one = any(document in response.text for document in NAMED_BUT_NOT_GIVEN)
        if "/" in name and names_one and name not in only_decides:
            assert "here" in response.text, name
            assert "won't guess" in response.text, name


def test_opening_hours_are_never_told(words: Words) -> None:
    hours = r"\b(am|pm|o'clock|noon|midnight)\b|\d:\d\d|(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
    for name, response in words.responses().items():
        assert not re.search(hours, response.text.replace("Black Friday", "")), name


@pytest.mark.parametrize("label", LEAVES)
def test_the_date_of_a_reply_is_told_only_where_the_gateway_computes_it(
    words: Words, label: str
) -> None:
    for name, text in answers_of(words, label).items():
        assert ("reply_by" in placeholders(text)) == bool(words.dates(name, TUESDAY_MORNING))


def test_each_family_has_one_rule() -> None:
    yaml = YAML(typ="safe")
    for family in FAMILIES:
        rules = [
            rule["steps"]
            for file in sorted((ROOT / "data" / "rules").glob("*.yml"))
            for rule in yaml.load(file.read_text(encoding="utf-8"))["rules"]
            if {"intent": family} in rule["steps"]
        ]
        assert rules == [[{"intent": family}, {"action": f"utter_{family}"}]]


def test_every_label_that_may_be_offered_has_a_name_in_plain_words(words: Words) -> None:
    blocks = [
        block
        for path in (ROOT / "data" / "nlu").glob("*.yml")
        for block in YAML(typ="safe").load(path.read_text(encoding="utf-8"))["nlu"]
    ]
    small_talk = {"greet", "goodbye", "thank", "affirm", "deny", "stop", "bot_challenge"}
    offered = {block["intent"] for block in blocks} - small_talk - {"out_of_scope/unrelated"}
    titles = [title for title, _ in words.responses()["utter_topics"].buttons]
    assert buttons_of(words, "utter_topics") == offered
    assert len(set(titles)) == len(titles)
