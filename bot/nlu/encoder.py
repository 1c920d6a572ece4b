"""The sentence encoder: a text in, a vector of length 1 out, one text and one thread at a time."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits
from tokenizers import Tokenizer

MODEL_FILE = "model.int8.onnx"
TOKENIZER_FILE = "tokenizer.json"
ABOUT_FILE = "about.json"
# Twice what a visitor's longest message needs for its meaning; more only costs time.
MOST_TOKENS = 128

# One sentence's: what its last layer makes of it first, then what three layers before that do.
Vector = NDArray[np.float32]
SENTENCE_WIDTH = 384
LAYERS_TOLD = 4
VECTOR_WIDTH = SENTENCE_WIDTH * LAYERS_TOLD


class EncoderMissing(Exception):
    """The sentence encoder is not prepared: run `make setup`, which builds it."""


def encoder_folder() -> Path:
    """The folder of the prepared encoder: `encoder/` below `BOT_DATA_DIR` (default `var/`)."""
    return Path(os.environ.get("BOT_DATA_DIR") or "var") / "encoder"


class Encoder:
    """A prepared encoder, loaded. The same text always gives the same vector."""

    def __init__(self, folder: Path) -> None:
        """Load the encoder from a folder; raises EncoderMissing when a file is not there."""
        for name in (MODEL_FILE, TOKENIZER_FILE):
            if not (folder / name).is_file():
                raise EncoderMissing(
                    f"{folder / name} is missing: run `make setup`, or "
                    f"`python -m bot.nlu.prepare_encoder --into {folder}`."
                )
        # A second thread for a small product of matrices only waits, and doubles the time taken.
        threadpool_limits(1, user_api="blas")
        self._tokenizer = load_tokenizer(folder / TOKENIZER_FILE)
        self._session = session(folder / MODEL_FILE)

    def encode(self, text: str) -> Vector:
        """The vector of one text: VECTOR_WIDTH numbers, each layer's of length 1."""
        return run(self._session, self._tokenizer, text)

    def encode_together(self, texts: Sequence[str]) -> Vector:
        """The vectors of the parts of one message, row by row, in much less time than one by one.

        The 8-bit arithmetic depends on what else is encoded: the same parts together always give
        the same vectors, but not quite those that each gives alone.
        """
        return run_together(self._session, self._tokenizer, texts)

    def encode_each(self, texts: Iterable[str]) -> Vector:
        """The vectors of many texts, row by row.

        Each is encoded alone: the 8-bit arithmetic depends on what else is in a batch, and
        training must see exactly what answering will see.
        """
        rows = [self.encode(text) for text in texts]
        return np.stack(rows) if rows else np.zeros((0, VECTOR_WIDTH), dtype=np.float32)


def sentence_of(vectors: Vector) -> Vector:
    """The last layer's part of vectors, whose products are the likeness of the sentences."""
    return vectors[..., :SENTENCE_WIDTH]


def load_tokenizer(path: Path) -> Tokenizer:
    """The tokenizer without its fixed padding, cut at MOST_TOKENS."""
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MOST_TOKENS)
    return tokenizer


def session(model: Path) -> onnxruntime.InferenceSession:
    """An ONNX session on one thread, which is faster here than two and leaves room for others."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(
        str(model), sess_options=options, providers=["CPUExecutionProvider"]
    )


def run(model: onnxruntime.InferenceSession, tokenizer: Tokenizer, text: str) -> Vector:
    """Encode one text with the given model; a text without a single word has a vector too."""
    vector: Vector = run_together(model, tokenizer, [text])[0]
    return vector


def run_together(
    model: onnxruntime.InferenceSession, tokenizer: Tokenizer, texts: Sequence[str]
) -> Vector:
    """Encode some texts at once, a row each."""
    tokens = [tokenizer.encode(text).ids for text in texts]
    shape = (len(texts), max(map(len, tokens)))
    ids, mask = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    for row, found in enumerate(tokens):
        ids[row, : len(found)] = found
        mask[row, : len(found)] = 1
    vectors: Vector = model.run(None, {"input_ids": ids, "attention_mask": mask})[0]
    return vectors
