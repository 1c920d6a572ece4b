"""A seed is evaluated by the command, beside the default pipeline with one epoch."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from bot.nlu.card import ModelRefused, card_path, existing_key, signature
from bot.nlu.evaluation import contenders
from bot.nlu.evaluation.contenders import Contender
from bot.nlu.evaluation.held_out import read_held_out
from bot.nlu.evaluation.summary import notes
from bot.nlu.fingerprint import Sources, sha256_of

ROOT = Path(__file__).resolve().parents[2]
SEED = Path(__file__).parent / "seed"
HELD_OUT = {
    "greet": ("salutations, team", "lovely evening to everyone there"),
    "faq/returns": ("may unwanted studs come home to you", "sending back, what applies"),
    "faq/reply_times": ("roughly how quick is your inbox", "days till my mail hears something"),
    "track_order": ("parcel whereabouts 1001 please", "is my bracelet moving yet"),
    "talk_to_human": ("put a living colleague on", "no robots, staff only"),
    "out_of_scope/unrelated": ("recommend me a thriller", "how tall is the eiffel tower"),
}
HEADINGS = ["ours", "default", "ratio", "target", "reached"]
OFF_TOPIC = {"near": ("my sofa from another shop is late",), "far": ("solve x squared for me",)}


class Evaluated:
    """What the command left behind and said."""

    def __init__(self, folder: Path, data_dir: Path) -> None:
        self.held_out, self.out = folder / "held_out", folder / "evaluation"
        self.key_file, self.data_dir = folder / "model_key", data_dir
        self.sources = Sources(SEED / "data", SEED / "domain.yml", ROOT / "config.yml")
        self.held_out.mkdir()
        messages = [{"text": t, "label": label} for label, ts in HELD_OUT.items() for t in ts]
        others = [{"text": text, "kind": kind} for kind, ts in OFF_TOPIC.items() for text in ts]
        (self.held_out / "messages.yml").write_text(json.dumps({"messages": messages}))
        (self.held_out / "off_topic.yml").write_text(json.dumps({"off_topic": others}))
        self.texts = [message.text for message in read_held_out(self.held_out)]
        self.said = self.run()
        (self.folder,) = (path for path in self.out.iterdir() if path.name != "default")
        self.report: dict[str, Any] = json.loads((self.folder / "report.json").read_text())
        self.page = (self.folder / "report.html").read_text()

    def run(self) -> str:
        """Run the command to its end and give what it said."""
        sources = ["--data", self.sources.data, "--domain", self.sources.domain]
        places = ["--out", self.out, "--held-out", self.held_out, "--key-file", self.key_file]
        found = subprocess.run(
            [sys.executable, "-m", "bot.nlu.evaluation", "--epochs=1", *map(str, sources + places)],
            cwd=ROOT,
            env={**os.environ, "BOT_DATA_DIR": str(self.data_dir), "PYTHONWARNINGS": "ignore"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert found.returncode == 0, found.stderr
        return found.stdout


@pytest.fixture(scope="module")
def evaluated(encoder_files: Path, tmp_path_factory: pytest.TempPathFactory) -> Evaluated:
    return Evaluated(tmp_path_factory.mktemp("evaluated"), encoder_files.parent)


class Elements(HTMLParser):
    """Every tag with its attributes, and whether each that opens is closed in its turn."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.attributes: list[tuple[str, str]] = []
        self.tags: list[str] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_report_has_every_figure_with_its_target(evaluated: Evaluated) -> None:
    report = evaluated.report
    assert set(report) == {
        *("created_at", "held_out", "trained_on", "figures", "models", "confused", "folds"),
        "seconds",
    }
    assert report["held_out"] == {"in_scope": 12, "labels": 6, "near": 1, "far": 1}
    assert report["trained_on"] == {"messages": 49, "labels": 6}
    figures = report["figures"]
    assert sum(figure["target"] is not None for figure in figures) == 11
    for figure in figures:
        assert set(figure) == {
            *("name", "unit", "ours", "default", "ratio", "target", "at_least", "of_default"),
            "reached",
        }


@pytest.mark.parametrize("name", ["ours", "default"])
def test_the_same_is_measured_of_both_models(evaluated: Evaluated, name: str) -> None:
    found = evaluated.report["models"][name]
    assert set(found) == {
        *("model", "training", "megabytes", "accuracy", "confusion", "confused", "calibration"),
        *("off_topic", "asked_back", "wrong_actions", "latency"),
    }
    assert [each["label"] for each in found["accuracy"]["by_label"]] == list(HELD_OUT)
    assert sum(times for _, _, times in found["confusion"]["cells"]) == 12
    assert found["training"]["cpu_seconds"] > 1.0
    assert found["megabytes"] > 100.0
    assert 0.0 < found["latency"]["p50"] <= found["latency"]["p95"]
    assert found["model"]["trained_in_this_run"]


def test_the_default_with_one_epoch_of_a_hundred_says_so(evaluated: Evaluated) -> None:
    default = evaluated.report["models"]["default"]
    assert [(fit["epochs"], fit["proposed"]) for fit in default["model"]["fits"]] == [(1, 100)] * 2
    assert "had as many epochs as their time allowed: 1 of 100" in evaluated.said


def test_no_held_out_message_is_written_anywhere(evaluated: Evaluated) -> None:
    written = [path.read_text("utf-8", "ignore") for path in evaluated.folder.iterdir()]
    for text in evaluated.texts:
        for shown in (*written, evaluated.said):
            assert text not in shown


def test_the_page_has_every_label_and_needs_nothing_else(evaluated: Evaluated) -> None:
    for label in HELD_OUT:
        assert label in evaluated.page
    elements = Elements(evaluated.page)
    assert elements.open == []
    assert {"link", "script", "img", "iframe"} & set(elements.tags) == set()
    assert [name for name, _ in elements.attributes if name in ("src", "href", "srcset")] == []
    assert "url(" not in evaluated.page
    assert "@import" not in evaluated.page
    assert elements.tags.count("svg") >= 7


def test_the_command_prints_ours_and_the_default_side_by_side(evaluated: Evaluated) -> None:
    lines = evaluated.said.splitlines()
    heading = next(line for line in lines if line.split() == HEADINGS)
    accuracy = next(line for line in lines if line.startswith("top-1 accuracy"))
    shares = [
        f"{evaluated.report['models'][name]['accuracy']['accuracy']:.1%}"
        for name in ("ours", "default")
    ]
    assert accuracy.split()[2:4] == shares
    assert accuracy.index(shares[0]) + len(shares[0]) == heading.index("ours") + len("ours")
    assert lines[-2:] == [str(evaluated.folder / f"report.{kind}") for kind in ("html", "json")]
    assert any("targets are reached" in line for line in lines)


def test_a_default_that_is_kept_is_taken_again_and_the_summary_says_so(
    evaluated: Evaluated,
) -> None:
    kept = contenders.default(
        evaluated.sources, evaluated.out / "default", epochs=1, minutes=0.0, fresh=False
    )
    before = evaluated.report["models"]["default"]["training"]
    assert not kept.trained_in_this_run
    assert kept.archive.is_file()
    assert (kept.cpu_seconds, kept.seconds) == (before["cpu_seconds"], before["seconds"])
    assert "kept from an earlier run" in " ".join(notes(with_models(evaluated, default=kept)))


def test_a_model_that_is_given_is_measured_without_its_training(
    evaluated: Evaluated, tmp_path: Path
) -> None:
    archive = tmp_path / "given.tar.gz"
    archive.write_bytes(b"a model")
    with pytest.raises(ModelRefused):
        contenders.ours(evaluated.sources, evaluated.key_file, tmp_path, archive)
    signed = signature(existing_key(evaluated.key_file), sha256_of(archive), "")
    card_path(archive).write_text(json.dumps({"signature": signed, "fingerprint": ""}))
    ours, _ = contenders.ours(evaluated.sources, evaluated.key_file, tmp_path, archive)
    assert ours == Contender(archive)
    assert "was not measured" in " ".join(notes(with_models(evaluated, ours=ours)))


def with_models(evaluated: Evaluated, **models: Contender) -> dict[str, Any]:
    """The report as it would be with other models."""
    found = dict(evaluated.report["models"])
    for name, model in models.items():
        found[name] = {**found[name], "model": model.as_data()}
    return {**evaluated.report, "models": found}
