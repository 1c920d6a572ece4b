"""Every fault in the training data is told by file and line, before anything is trained."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.nlu import train
from bot.nlu.check_data import faults_of
from bot.nlu.fingerprint import Sources

SEED = Path(__file__).parent / "seed"
ROOT = Path(__file__).resolve().parents[2]


class Tara:
    """The trainer, who edits a copy of the seed."""

    def __init__(self, folder: Path) -> None:
        shutil.copytree(SEED, folder)
        self.folder = folder
        self.sources = Sources(folder / "data", folder / "domain.yml", ROOT / "config.yml")

    def replaces(self, file: str, before: str, after: str) -> None:
        path = self.folder / file
        content = path.read_text(encoding="utf-8")
        assert before in content
        path.write_text(content.replace(before, after, 1), encoding="utf-8")

    def writes(self, file: str, content: str) -> None:
        path = self.folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")

    def reads(self) -> list[str]:
        """The faults, with paths as seen from the folder."""
        return [str(fault).replace(f"{self.folder}/", "") for fault in faults_of(self.sources)]


@pytest.fixture
def tara(tmp_path: Path) -> Tara:
    return Tara(tmp_path / "shop")


NLU = "data/nlu/seed.yml"


def test_data_without_faults_has_none(tara: Tara) -> None:
    assert tara.reads() == []


def test_the_shop_s_own_data_has_no_faults() -> None:
    found = faults_of(Sources(ROOT / "data", ROOT / "domain.yml", ROOT / "config.yml"))
    assert [str(fault) for fault in found] == []


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ("- intent: greet\n", "- intnet: greet\n", "seed.yml:3: 'intnet' is not known here. Did"),
        ("  examples: |\n    - hello\n", "  exmaples: |\n    - hello\n", "seed.yml:4: 'exmaples'"),
        ("    - hello\n", "    hello\n", "seed.yml:5: an example begins with '- '"),
        ("    - hello\n", "    -\n", "seed.yml:5: an example begins with '- '"),
        ("[1001](order_number)", "[1001] (order_number)", "seed.yml:17: the annotation is malf"),
        ("[1001](order_number)", "[1001](order_number", "seed.yml:17: the annotation is malf"),
        (
            "[1001](order_number)",
            "[1001](email)",
            "seed.yml:17: '1001' is marked as email, but found as order_number; mend or remove",
        ),
        (
            "order [1001](order_number)",
            "[order 1001](order_number)",
            "seed.yml:17: 'order 1001' is marked as order_number, but not found as any entity",
        ),
        ("[1001](order_number)", "[1001](order_nmber)", "'order_nmber' is not in domain.yml. Did"),
        ("- intent: greet\n", "- intent: Greet me\n", "seed.yml:3: 'Greet me' is no label"),
        ("- intent: greet\n", "- intent: great\n", "seed.yml:3: great is not in domain.yml; add"),
        ("    - hello\n", "    - where is my order\n", "is the same as data/nlu/seed.yml:5 ("),
        ("    - hello again\n", "    - HELLO!!\n", "seed.yml:12: 'HELLO!!' is nearly the same as"),
        (
            "  examples: |\n    - hello\n",
            "  examples: |\n\t- hello\n",
            "seed.yml:5: this is not va",
        ),
    ],
)
def test_a_slip_in_a_training_message_is_told_by_line(
    tara: Tara, before: str, after: str, fault: str
) -> None:
    tara.replaces(NLU, before, after)
    assert any(fault in each for each in tara.reads()), tara.reads()


def test_a_label_without_enough_examples_is_told(tara: Tara) -> None:
    tara.writes(
        "data/nlu/more.yml", "nlu:\n- intent: faq/shipping\n  examples: |\n    - to Peru?\n"
    )
    tara.replaces("data/responses/seed.yml", "utter_greet:", "utter_faq/shipping:")
    assert tara.reads() == ["data/nlu/more.yml:2: faq/shipping has 1 examples; write 5."]


def test_a_label_with_nothing_below_it_is_told(tara: Tara) -> None:
    tara.replaces(
        NLU, "- intent: greet\n", "- intent: faq/shipping\n  examples: |\n- intent: greet\n"
    )
    tara.replaces("data/responses/seed.yml", "utter_greet:", "utter_faq/shipping:")
    assert tara.reads() == ["data/nlu/seed.yml:3: faq/shipping has 0 examples; write 5."]


def test_a_file_that_only_rasa_would_read_is_told(tara: Tara) -> None:
    tara.writes("data/nlu/more.yaml", "nlu:\n- intent: greet\n  examples: |\n    - cancel it\n")
    assert tara.reads() == [
        "data/nlu/more.yaml:1: rename this file to end in .yml; else it is not checked."
    ]


def test_a_label_of_the_domain_without_examples_is_told(tara: Tara) -> None:
    tara.replaces("domain.yml", "  - greet\n", "  - greet\n  - goodbye\n")
    assert tara.reads() == [
        "domain.yml:4: goodbye has no examples in data/nlu; write some, or remove it here."
    ]


def test_an_example_under_two_labels_is_told_at_the_second(tara: Tara) -> None:
    tara.writes(
        "data/nlu/zz.yml",
        "nlu:\n- intent: greet\n  examples: |\n    - is a Return possible?\n",
    )
    (fault,) = tara.reads()
    assert fault.startswith("data/nlu/zz.yml:4: 'is a Return possible?' is the same as data/nlu/")
    assert fault.endswith("under faq/returns; keep it under one label.")


def test_a_leaf_without_an_answer_and_an_answer_without_a_leaf_are_told(tara: Tara) -> None:
    tara.replaces("data/responses/seed.yml", "utter_faq/returns:", "utter_faq/retruns:")
    assert tara.reads() == [
        "data/nlu/seed.yml:34: faq/returns has no answer; write utter_faq/returns in "
        "data/responses.",
        "data/responses/seed.yml:9: utter_faq/retruns answers a label that has no training "
        "messages; add some. Did you mean 'utter_faq/returns'?",
    ]


def test_a_rule_for_an_unknown_label_is_told(tara: Tara) -> None:
    tara.replaces("data/rules/seed.yml", "intent: greet", "intent: greeet")
    (fault,) = tara.reads()
    assert fault.startswith("data/rules/seed.yml:5: no message is labelled greeet. Did you mean")


def test_a_policy_file_that_rasa_would_take_for_training_data_is_told(tara: Tara) -> None:
    tara.writes("data/policy/shop.yml", "clauses:\n  - id: 3\n    responses: quick\n")
    (fault,) = tara.reads()
    assert fault.startswith("data/policy/shop.yml:3: a line that begins with 'responses:'")


def test_a_broken_domain_is_told_by_line(tara: Tara) -> None:
    tara.replaces("domain.yml", "entities:\n", "entities: [\n")
    assert any(each.startswith("domain.yml:") for each in tara.reads())


def test_faults_are_printed_and_nothing_is_trained(
    tara: Tara, capsys: pytest.CaptureFixture[str]
) -> None:
    tara.replaces(NLU, "    - hello\n", "    hello\n")
    out = tara.folder / "models"
    options = ["--out", str(out), "--key-file", str(tara.folder / "key")]
    places = ["--data", str(tara.sources.data), "--domain", str(tara.sources.domain)]
    assert train.main([*options, *places]) == 1
    assert f"{tara.folder}/{NLU}:5: an example begins" in capsys.readouterr().out
    assert not out.exists()
