"""Check the training data, train, measure, sign, and say how good the model is.

    python -m bot.nlu.train --out models/

Faults in the data are told by file and line, and nothing is trained while there are any.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from bot.nlu import card as cards
from bot.nlu import rasa_training
from bot.nlu.archive import understanding_in
from bot.nlu.check_data import faults_of
from bot.nlu.encoder import Encoder, EncoderMissing, encoder_folder
from bot.nlu.fingerprint import Sources, fingerprint_of, parts_of, sha256_of
from bot.nlu.rasa_training import TrainingFailed
from bot.nlu.understanding import Understanding


class Stopwatch:
    """Says what is being done and how long it took; keeps the seconds of each stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time one stage."""
        print(f"{name} ... ", end="", flush=True)
        began = time.perf_counter()
        try:
            yield
        except BaseException:
            print("failed", flush=True)
            raise
        self.seconds[name] = round(time.perf_counter() - began, 1)
        print(f"{self.seconds[name]} s", flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; 0 after a model was written, 1 after faults or a failure were told."""
    parser = argparse.ArgumentParser(prog="bot.nlu.train", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("models"), help="where models go")
    Sources.add_options(parser)
    parser.add_argument("--key-file", type=Path, default=cards.default_key_file())
    chosen = parser.parse_args(arguments)
    sources = Sources.chosen(chosen)
    watch = Stopwatch()
    try:
        with watch.stage("Checking the training data"):
            faults = faults_of(sources)
        if faults:
            print(*faults, sep="\n")
            many = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
            print(f"Nothing was trained: {many} in the training data.")
            return 1
        archive, card = train(sources, chosen.out, chosen.key_file, watch)
    except (TrainingFailed, EncoderMissing, cards.ModelRefused, OSError) as problem:
        print(f"Training failed: {problem}", file=sys.stderr)
        return 1
    except Exception as problem:
        # Rasa's own words for what it stumbled over, without its trace.
        what = " ".join(str(problem).split()) or type(problem).__name__
        print(f"Training failed in config, domain or rules: {what[:600]}", file=sys.stderr)
        return 1
    print(summary(archive, card))
    return 0


def train(
    sources: Sources, out: Path, key_file: Path, watch: Stopwatch
) -> tuple[Path, dict[str, Any]]:
    """Train from sources without faults, and put archive and card into a folder together.

    Raises TrainingFailed, EncoderMissing, ModelRefused (no usable key) or OSError.
    """
    created = datetime.now(timezone.utc)
    name = created.strftime("%Y%m%d-%H%M%S") + cards.ARCHIVE_SUFFIX
    encoder = Encoder(encoder_folder())
    key = cards.key_made_if_absent(key_file)
    # Before training, so that an edit meanwhile makes the model outdated, not wrong.
    parts = parts_of(sources)
    out.mkdir(parents=True, exist_ok=True)
    workshop = Path(tempfile.mkdtemp(prefix=".training-", dir=out))
    try:
        with watch.stage("Starting Rasa"):
            rasa_training.load_rasa()
        with watch.stage("Training, with five folds for the figures"):
            draft = rasa_training.train(sources, workshop, name)
        with watch.stage("Signing"):
            understanding = understanding_in(draft, encoder)
            card = _card(created, parts, sha256_of(draft), key, understanding, watch)
            written = cards.card_path(draft)
            written.write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
            # The card first: an archive without one is refused, a card alone is not looked at.
            written.replace(out / written.name)
            draft.replace(out / name)
    finally:
        shutil.rmtree(workshop, ignore_errors=True)
    return out / name, card


def _card(
    created: datetime,
    parts: dict[str, str],
    archive_sha256: str,
    key: bytes,
    understanding: Understanding,
    watch: Stopwatch,
) -> dict[str, Any]:
    fingerprint = fingerprint_of(parts)
    return {
        "created_at": created.isoformat(timespec="seconds"),
        "fingerprint": fingerprint,
        "made_of": parts,
        "archive_sha256": archive_sha256,
        "signature": cards.signature(key, archive_sha256, fingerprint),
        "threshold": understanding.threshold,
        "most_off_topic": understanding.most_off_topic,
        "doubt": understanding.choices["doubt"],
        "figures": understanding.figures,
        "labels": understanding.choices["labels"],
        "seconds": dict(watch.seconds),
        "cpu_seconds": round(time.process_time(), 1),
    }


def summary(archive: Path, card: dict[str, Any]) -> str:
    """The card's figures as a trainer reads them."""
    found = card["figures"]
    low, high = found["accuracy_interval"]
    worst = ", ".join(f"{each['label']} {each['f1']:.2f}" for each in found["worst_labels"])
    confused = ", ".join(
        f"{pair['label']} for {pair['taken_for']} ({pair['times']})"
        for pair in found["most_confused"]
    )
    return "\n".join(
        (
            f"{archive}: {len(card['labels'])} labels, {found['examples']} messages",
            f"  right          {found['accuracy']:.1%} ({low:.1%} to {high:.1%}) of messages "
            f"held out, macro F1 {found['macro_f1']:.3f}",
            f"  threshold      {card['threshold']:.2f}: {found['turned_away']:.1%} of known "
            f"messages are asked back, {found['accepted_and_wrong']:.1%} taken for another,",
            f"                 {found['unknown_turned_away']:.1%} of unknown ones turned away; off "
            f"topic is what scores more than {card['most_off_topic']:.2f}",
            f"  doubt          a request is begun from {card['doubt']['least_to_begin']:.2f}; two "
            f"labels are asked about within {card['doubt']['close']:.2f} of each other",
            f"  weakest (F1)   {worst}",
            f"  most confused  {confused or 'none'}",
        )
    )


if __name__ == "__main__":
    sys.exit(main())
