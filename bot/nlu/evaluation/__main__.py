"""Measures our understanding beside Rasa's own, on messages that nobody trained on.

    python -m bot.nlu.evaluation --out var/evaluation --key-file var/secrets/model_key

Writes `<time>/report.html` and `<time>/report.json`, and prints the figures to reach.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path
from types import FrameType
from typing import Any

from bot.nlu.card import ModelRefused, default_key_file
from bot.nlu.encoder import Encoder, EncoderMissing, encoder_folder
from bot.nlu.evaluation import contenders
from bot.nlu.evaluation.child import ChildFailed
from bot.nlu.evaluation.default_pipeline import EPOCHS
from bot.nlu.evaluation.figures_to_reach import figures_to_reach
from bot.nlu.evaluation.fold_examples import confused_in_folds, with_examples
from bot.nlu.evaluation.held_out import (
    FAR,
    NEAR,
    HeldOutMessage,
    HeldOutUnreadable,
    labels_in_order,
    read_held_out,
)
from bot.nlu.evaluation.measuring import DEFAULT, OURS, ask_both, measured
from bot.nlu.evaluation.page import page
from bot.nlu.evaluation.summary import summary
from bot.nlu.fingerprint import Sources
from bot.nlu.train import Stopwatch
from bot.nlu.training_messages import read_folder

KEPT = "default"
# Of CPU time, so that all of it takes at most 40 of the clock; every epoch would take hours.
MINUTES = 30.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; 0 after a report was written, whatever its figures, 1 after a failure."""
    chosen = _options().parse_args(arguments)
    # A training of an hour must not go on after the command that wanted it.
    signal.signal(signal.SIGTERM, _terminated)
    created = datetime.now(timezone.utc)
    try:
        report = evaluate(chosen, created)
    except (HeldOutUnreadable, ChildFailed, ModelRefused, EncoderMissing, OSError) as problem:
        print(f"The evaluation failed: {problem}", file=sys.stderr)
        return 1
    folder = chosen.out / created.strftime("%Y%m%d-%H%M%S")
    folder.mkdir(parents=True, exist_ok=True)
    as_json = json.dumps(report, indent=1, ensure_ascii=False)
    (folder / "report.json").write_text(as_json + "\n", encoding="utf-8")
    (folder / "report.html").write_text(page(report), encoding="utf-8")
    print(f"\n{summary(report)}\n\n{folder / 'report.html'}\n{folder / 'report.json'}")
    return 0


def evaluate(chosen: argparse.Namespace, created: datetime) -> dict[str, Any]:
    """Train, ask, count: the report as plain values.

    Raises HeldOutUnreadable, ChildFailed, ModelRefused, EncoderMissing or OSError.
    """
    sources, watch, began = Sources.chosen(chosen), Stopwatch(), time.perf_counter()
    messages = read_held_out(chosen.held_out)
    training = read_folder(sources.data / "nlu").messages
    chosen.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".evaluation-", dir=chosen.out) as name:
        workshop = Path(name)
        with watch.stage("Training ours" if chosen.our_model is None else "Reading ours"):
            ours, card = contenders.ours(sources, chosen.key_file, workshop, chosen.our_model)
        with watch.stage("Training the default pipeline, or taking the one that is kept"):
            kept = chosen.out / KEPT
            default = contenders.default(
                sources,
                kept,
                epochs=chosen.epochs,
                minutes=chosen.default_minutes,
                fresh=chosen.fresh,
            )
        models = {OURS: ours, DEFAULT: default}
        with watch.stage("Asking both for every held-out message"):
            answered = ask_both(models, messages, workshop)
    with watch.stage("Asking five folds for what they confuse"):
        encoder = Encoder(encoder_folder())
        in_folds = confused_in_folds(training, encoder)
    found: dict[str, dict[str, Any]] = {
        each: {
            "model": model.as_data(),
            "training": {
                "cpu_seconds": model.cpu_seconds,
                "whole_cpu_seconds": model.whole_cpu_seconds,
                "seconds": model.seconds,
            },
            "megabytes": answered.megabytes[each],
            **measured(messages, answered.answers[each]),
        }
        for each, model in models.items()
    }
    return {
        "created_at": created.isoformat(timespec="seconds"),
        "held_out": _counts(messages),
        "trained_on": {"messages": len(training), "labels": len({m.label for m in training})},
        "figures": [figure.as_data() for figure in figures_to_reach(found)],
        "models": found,
        "confused": with_examples(found[OURS]["confused"], in_folds),
        "folds": card["figures"],
        "seconds": {**watch.seconds, "in all": round(time.perf_counter() - began, 1)},
    }


def _terminated(_number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + signal.SIGTERM)


def _counts(messages: Sequence[HeldOutMessage]) -> dict[str, int]:
    return {
        "in_scope": sum(message.label is not None for message in messages),
        "labels": len(labels_in_order(list(messages))),
        **{kind: sum(message.kind == kind for message in messages) for kind in (NEAR, FAR)},
    }


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bot.nlu.evaluation", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("var/evaluation"))
    parser.add_argument("--held-out", type=Path, default=Path("tests/understanding"))
    parser.add_argument("--our-model", type=Path, help="measure this one, and train none")
    parser.add_argument("--fresh", action="store_true", help="train the default pipeline anew")
    parser.add_argument(
        "--default-minutes",
        type=float,
        default=MINUTES,
        help="of CPU time; 0: every epoch it proposes",
    )
    parser.add_argument("--epochs", type=int, default=EPOCHS, help="of the default, for tests")
    parser.add_argument("--key-file", type=Path, default=default_key_file())
    Sources.add_options(parser)
    return parser


if __name__ == "__main__":
    sys.exit(main())
