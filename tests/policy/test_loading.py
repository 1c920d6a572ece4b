"""A broken policy file names its file, line and field."""

from pathlib import Path

import pytest

from bot.policy import PolicyError, load_policy

URGENT = "within: {amount: 24, unit: hours, business: true}"
GENERAL = "within: {from: 1, to: 2, unit: days, business: true}"
PEAK = "adds: {amount: 1, unit: days, business: true}"
URGENT_SECTION = '3.urgent_reply:\n    section: "3"'


def _faults(path: Path) -> list[str]:
    with pytest.raises(PolicyError) as error:
        load_policy(path)
    return [line.removeprefix(f"{path.parent}/") for line in str(error.value).splitlines()]


def _changed(policy_file: Path, folder: Path, written: str, instead: str) -> tuple[Path, int]:
    """A copy with the first `written` replaced, and the first line that differs."""
    text = policy_file.read_text(encoding="utf-8")
    assert written in text
    changed = text.replace(written, instead, 1)
    (folder / "policy.yml").write_text(changed, encoding="utf-8")
    pairs = zip(text.splitlines(), changed.splitlines(), strict=False)
    return folder / "policy.yml", next(n for n, (a, b) in enumerate(pairs, 1) if a != b)


@pytest.mark.parametrize(
    ("written", "instead", "fault"),
    [
        (
            URGENT,
            "within: {amount: soon, unit: hours, business: true}",
            "clauses.3.urgent_reply.within.amount: should be a whole number (found 'soon')",
        ),
        (
            URGENT,
            "within: {amount: 0, unit: hours, business: true}",
            "clauses.3.urgent_reply.within.amount: should be greater than 0 (found 0)",
        ),
        (
            URGENT,
            "within: {amount: 24, unit: hours, business: 1}",
            "clauses.3.urgent_reply.within.business: should be true or false (found 1)",
        ),
        (
            URGENT,
            "within: {amount: 24, unit: weeks, business: true}",
            "clauses.3.urgent_reply.within.unit: should be 'hours' or 'days' (found 'weeks')",
        ),
        (
            URGENT,
            "within: {amount: 24, unit: hours, business: true, till: 5}",
            "clauses.3.urgent_reply.within.till: is not a known field (found 5)",
        ),
        (
            URGENT,
            "within: {amount: 24, unit: hours}",
            "clauses.3.urgent_reply.within.business: is missing",
        ),
        (
            URGENT,
            "within: 24",
            "clauses.3.urgent_reply.within: should have fields of its own (found 24)",
        ),
        (
            URGENT,
            "within: {unit: hours, business: true}",
            "clauses.3.urgent_reply.within: needs either `amount`, or both `from` and `to`",
        ),
        (
            GENERAL,
            "within: {from: 2, to: 1, unit: days, business: true}",
            "clauses.3.general_reply.within: `from` should be smaller than `to`",
        ),
        (
            GENERAL,
            "within: {amount: 1, from: 1, to: 2, unit: days, business: true}",
            "clauses.3.general_reply.within: has `amount` and a span: one of them is too many",
        ),
        (
            'printed_as: "1 hour"',
            'printed_as: "2 hours"',
            "clauses.4.1.acknowledgement.within: `printed_as` says another number",
        ),
        (
            "fact: urgent_reply",
            "fact: general_reply",
            "clauses.3.urgent_reply.fact: 'general_reply' is used already by 3.general_reply",
        ),
        (
            URGENT_SECTION,
            URGENT_SECTION.replace("3", "2").replace("2.", "3."),
            "clauses.3.urgent_reply.section: should begin the id '3.urgent_reply' (found '2')",
        ),
        (
            URGENT_SECTION,
            '3.urgent_reply:\n    section: "9"',
            "clauses.3.urgent_reply.section: no section has the number '9'",
        ),
        (
            URGENT_SECTION,
            "3.urgent_reply:\n    section: 3",
            "clauses.3.urgent_reply.section: should be text (a number needs quotes) (found 3)",
        ),
        (
            '"4.2": Inv',
            "4.2: Inv",
            "sections.4.2: should be text (a number needs quotes) (found 4.2)",
        ),
        (
            "damaged: urgent",
            "damaged: critical",
            "categories.damaged: should be 'urgent' or 'general' (found 'critical')",
        ),
        ("shop: Kendrascntt", 'shop: ""', "shop: should not be empty (found '')"),
        (
            "last_updated: 2025-08-25",
            "last_updated: 2025-13-25",
            "last_updated: is not a date: month must be in 1..12 (found '2025-13-25')",
        ),
        (
            "last_updated: 2025-08-25",
            "last_updated: 2025",
            "last_updated: should be a date such as 2025-08-25 (found 2025)",
        ),
        (
            "clauses: [3.urgent_reply]",
            "clauses: [3.urgent]",
            "readings.business_hours.clauses.0: no clause has the id '3.urgent'",
        ),
        (
            "settings: [BOT_SUPPORT_EMAIL]",
            "settings: &address [BOT_SUPPORT_EMAIL]",
            "readings.support_address.settings: should be written out, without anchors",
        ),
        (
            "link: null",
            "link: soon",
            "documents.shipping_policy.link: is not written as this field needs it (found 'soon')",
        ),
    ],
)
def test_a_fault_is_told_with_its_line_and_its_field(
    tmp_path: Path, policy_file: Path, written: str, instead: str, fault: str
) -> None:
    path, line = _changed(policy_file, tmp_path, written, instead)
    assert _faults(path)[0].startswith(f"policy.yml:{line}: {fault}")


@pytest.mark.parametrize(
    ("written", "instead", "named_line", "fault"),
    [
        ("site: www.kendrascntt.com\n", "", None, "site: is missing"),
        ("  clock_start:", "  clock_begins:", "readings:", "readings.clock_start: is missing"),
        (
            "    fact: refund\n",
            "",
            "  4.2.refund:",
            "clauses.4.2.refund: needs `fact` and a time (`within` or `adds`) together, or neither",
        ),
        (
            "fact: refund\n",
            "fact: repayment\n",
            "clauses:",
            "clauses: no clause states the fact 'refund', which answers rely on",
        ),
        (
            URGENT,
            "within: {amount: 20, unit: hours, business: true}",
            "  3.urgent_reply:",
            "clauses.3.urgent_reply: a first reply is promised in business days, or in",
        ),
        (
            "within: {from: 5, to: 10, unit: days, business: true}",
            "within: {from: 5, to: 10, unit: days, business: false}",
            "  4.2.refund:",
            "clauses.4.2.refund: is promised in business hours or business days",
        ),
        (
            PEAK,
            "adds: {amount: 5, unit: hours, business: true}",
            "  3.peak:",
            "clauses.3.peak: a peak period adds business days",
        ),
    ],
)
def test_what_is_missing_is_told_where_it_belongs(
    tmp_path: Path,
    policy_file: Path,
    written: str,
    instead: str,
    named_line: str | None,
    fault: str,
) -> None:
    path, _ = _changed(policy_file, tmp_path, written, instead)
    lines = path.read_text(encoding="utf-8").splitlines()
    line = lines.index(named_line) + 1 if named_line else 1
    assert _faults(path)[0].startswith(f"policy.yml:{line}: {fault}")


def test_a_clause_written_twice_names_both_lines(tmp_path: Path, policy_file: Path) -> None:
    path, again = _changed(policy_file, tmp_path, "  3.updates:", "  3.resolution:")
    first = path.read_text(encoding="utf-8").splitlines().index("  3.resolution:") + 1
    assert _faults(path) == [
        f"policy.yml:{first}: clauses.3.resolution: stands twice, again in line {again}"
    ]


def test_a_reading_number_used_twice_is_told_at_both(tmp_path: Path, policy_file: Path) -> None:
    path, _ = _changed(policy_file, tmp_path, "number: 2\n", "number: 1\n")
    assert [fault.split(": ", 1)[1] for fault in _faults(path)] == [
        "readings.business_hours.number: is used twice (found 1)",
        "readings.peak.number: is used twice (found 1)",
    ]


def test_every_fault_is_told_at_once(tmp_path: Path, policy_file: Path) -> None:
    path, _ = _changed(policy_file, tmp_path, "damaged: urgent", "damaged: critical")
    path.write_text(path.read_text().replace("shop: Kendrascntt", "shop: 1"), encoding="utf-8")
    assert [fault.split(": ")[1] for fault in _faults(path)] == ["shop", "categories.damaged"]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "policy.yml:1: should have the fields of a policy, such as `document`"),
        ("- a list\n", "policy.yml:1: should have the fields of a policy, such as `document`"),
        ("shop: [Kendra\nsite: x\n", "policy.yml:2: not readable as YAML: "),
        ("shop: a\n\tsite: b\n", "policy.yml:2: not readable as YAML: "),
        ("shop: a\n---\nshop: b\n", "policy.yml:2: not readable as YAML: "),
        ("shop: \x00\n", "policy.yml: not readable as YAML: "),
        ("shop: !!python/name:os.system x\n", "policy.yml:1: document: is missing"),
    ],
)
def test_what_is_not_a_policy_at_all_is_told_in_one_line(
    tmp_path: Path, text: str, fault: str
) -> None:
    path = tmp_path / "policy.yml"
    path.write_text(text, encoding="utf-8")
    assert _faults(path)[0].startswith(fault)


def test_a_file_in_another_encoding_is_told(tmp_path: Path) -> None:
    (tmp_path / "policy.yml").write_bytes(b"shop: caf\xe9\n")
    assert _faults(tmp_path / "policy.yml")[0].startswith("policy.yml: not readable as YAML: ")


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert _faults(tmp_path / "policy.yml") == [
        "policy.yml: cannot be read: No such file or directory"
    ]


def test_a_comment_leaves_the_version_and_a_number_moves_it(
    tmp_path: Path, policy_file: Path
) -> None:
    published = load_policy(policy_file).version
    commented, _ = _changed(policy_file, tmp_path, "# The shop's published", "# Our published")
    assert load_policy(commented).version == published
    slower, _ = _changed(policy_file, tmp_path, URGENT, URGENT.replace("24", "48"))
    assert load_policy(slower).version != published


def test_a_changed_number_is_said_and_promised_at_once(tmp_path: Path, policy_file: Path) -> None:
    path, _ = _changed(policy_file, tmp_path, GENERAL, GENERAL.replace("to: 2", "to: 3"))
    policy = load_policy(path)
    assert policy.placeholders()["general_reply"] == "1–3 business days"
    assert policy.facts["general_reply"].quantity.business_days == 3
