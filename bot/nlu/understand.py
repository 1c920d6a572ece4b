"""What each text is taken for: a text a line in, a JSON object a line out, in the same order.

python -m bot.nlu.understand < texts.txt
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, TextIO

from bot.nlu.archive import ArchiveUnreadable, understanding_in
from bot.nlu.card import default_key_file
from bot.nlu.catalogue_entities import catalogue_file
from bot.nlu.encoder import Encoder, EncoderMissing, encoder_folder
from bot.nlu.entities import EntityFinder
from bot.nlu.fingerprint import Sources
from bot.nlu.found import described as entity
from bot.nlu.models import NoCurrentModel, current
from bot.nlu.understanding import Understanding

DIGITS = 4


def described(text: str, understanding: Understanding, finder: EntityFinder) -> dict[str, Any]:
    """Everything understood of one text; `label` is one full leaf, also where not accepted.

    It is the label of the request that decides, whose nearest examples are told; further requests
    of the text are in `parts`.
    """
    meaning = understanding.read(text)
    judgement = meaning.judgement
    deciding = next((part.text for part in meaning.parts if part.judgement is judgement), text)
    return {
        "text": text,
        "label": judgement.label,
        "confidence": round(judgement.confidence, DIGITS),
        "accepted": judgement.accepted and not understanding.needs_asking(text, meaning),
        "parts": [
            {
                "text": part.text,
                "label": part.judgement.label,
                "confidence": round(part.judgement.confidence, DIGITS),
                "accepted": True,
            }
            for part in meaning.parts
            if part.judgement is not judgement
        ],
        "entities": [entity(each) for each in finder.find(text)],
        "language": "en",
        "nearest": [
            {"text": near.text, "label": near.label, "cosine": round(near.cosine, DIGITS)}
            for near in understanding.nearest(deciding)
        ],
    }


def answer_lines(lines: Iterable[str], out: TextIO, understanding: Understanding) -> None:
    """Write a line for every line read, at once, so that a person may type."""
    finder = EntityFinder(catalogue_file())
    for line in lines:
        text = line.rstrip("\n").rstrip("\r")
        # In ASCII, so that no reader takes a character of the text for the end of a line.
        out.write(json.dumps(described(text, understanding, finder)) + "\n")
        out.flush()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; 1 and a sentence on standard error when there is no current model."""
    parser = argparse.ArgumentParser(prog="bot.nlu.understand", description=__doc__)
    parser.add_argument("--models", type=Path, default=Path("models"))
    parser.add_argument("--key-file", type=Path, default=default_key_file())
    Sources.add_options(parser)
    chosen = parser.parse_args(arguments)
    try:
        archive = current(chosen.models, chosen.key_file, Sources.chosen(chosen))
        understanding = understanding_in(archive, Encoder(encoder_folder()))
    except NoCurrentModel as problem:
        print(f"{problem} Run `make train`.", file=sys.stderr)
        return 1
    except (ArchiveUnreadable, EncoderMissing, OSError) as problem:
        print(problem, file=sys.stderr)
        return 1
    # A lone carriage return is part of a text; only a line feed ends it.
    with open(0, encoding="utf-8", errors="replace", newline="\n", closefd=False) as lines:
        sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
        answer_lines(lines, sys.stdout, understanding)
    return 0


if __name__ == "__main__":
    sys.exit(main())
