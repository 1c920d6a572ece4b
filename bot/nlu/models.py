"""Which trained model is current, and whether it is our own.

    python -m bot.nlu.models current --models models/

Only the standard library, and quick: it is asked at every start, by any Python.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bot.nlu.card import (
    ARCHIVE_SUFFIX,
    ModelRefused,
    check_signature,
    default_key_file,
    existing_key,
    read_card,
)
from bot.nlu.fingerprint import Sources, fingerprint_of, parts_of


class NoCurrentModel(Exception):
    """No model fits what is there to train from; the text says why."""


def current(models: Path, key_file: Path, sources: Sources) -> Path:
    """The newest model that was made of exactly today's sources and bears our signature.

    Raises NoCurrentModel when there is none, OSError when a source cannot be read.
    """
    archives = archives_of(models)
    if not archives:
        raise NoCurrentModel(f"There is no model in {models} yet.")
    parts = parts_of(sources)
    reasons = []
    for archive in archives:
        try:
            card = read_card(archive)
            if card.get("fingerprint") == fingerprint_of(parts):
                check_signature(archive, card, existing_key(key_file))
                return archive
            reasons.append(f"Since {archive.name} was trained, {_changes(card, parts)} changed.")
        except ModelRefused as refusal:
            reasons.append(str(refusal))
    raise NoCurrentModel(reasons[0])


def archives_of(models: Path) -> list[Path]:
    """The model archives of a folder, newest first (their names begin with the time)."""
    return sorted(models.glob(f"[!.]*{ARCHIVE_SUFFIX}"), reverse=True)


def verify(model: Path, key_file: Path | None = None) -> None:
    """Raise ModelRefused unless this archive is as our own training left it."""
    if not model.name.endswith(ARCHIVE_SUFFIX):
        raise ModelRefused(f"{model} is not a model: its name does not end in {ARCHIVE_SUFFIX}.")
    check_signature(model, read_card(model), existing_key(key_file or default_key_file()))


def _changes(card: dict[str, object], parts: dict[str, str]) -> str:
    made_of = card.get("made_of")
    before = made_of if isinstance(made_of, dict) else {}
    changed = [name for name, digest in parts.items() if before.get(name) != digest]
    return ", ".join(changed) or "something"


def main(arguments: list[str] | None = None) -> int:
    """Print the current model's path, or one sentence on standard error and give 1."""
    parser = argparse.ArgumentParser(prog="bot.nlu.models", description=__doc__)
    parser.add_argument("command", choices=["current"])
    parser.add_argument("--models", type=Path, default=Path("models"))
    parser.add_argument("--key-file", type=Path, default=default_key_file())
    Sources.add_options(parser)
    chosen = parser.parse_args(arguments)
    try:
        print(current(chosen.models, chosen.key_file, Sources.chosen(chosen)))
    except (NoCurrentModel, OSError) as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
