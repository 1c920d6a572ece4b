"""The encoder is built from the published weights, whole or not at all."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.nlu import prepare_encoder
from bot.nlu.encoder import (
    LAYERS_TOLD,
    MODEL_FILE,
    VECTOR_WIDTH,
    Encoder,
    EncoderMissing,
    sentence_of,
    session,
)


def test_a_vector_is_close_to_the_published_one(encoder: Encoder) -> None:
    vector = encoder.encode("This is an example sentence")
    assert vector.shape == (VECTOR_WIDTH,)
    lengths = np.linalg.norm(vector.reshape(LAYERS_TOLD, -1), axis=1)
    assert lengths == pytest.approx([1.0] * LAYERS_TOLD, abs=1e-4)
    assert sentence_of(vector)[:4] == pytest.approx([0.0677, 0.0635, 0.0487, 0.0793], abs=0.03)


def test_like_sentences_are_nearer_than_unlike_ones(encoder: Encoder) -> None:
    order, parcel, bread = encoder.encode_each(
        ["where is my order", "track my package", "how do I bake bread"]
    )
    order, parcel, bread = sentence_of(order), sentence_of(parcel), sentence_of(bread)
    assert order @ parcel > order @ bread + 0.2


def test_a_text_has_the_same_vector_alone_and_among_others(encoder: Encoder) -> None:
    texts = ["hi", "where is my order", "a much longer sentence about huggie earrings"]
    for text, vector in zip(texts, encoder.encode_each(texts), strict=True):
        assert np.array_equal(encoder.encode(text), vector)


def test_texts_without_words_and_very_long_ones_have_vectors(encoder: Encoder) -> None:
    for text in ("", "👍", "ring " * 5000):
        assert np.isfinite(encoder.encode(text)).all()


def test_padding_hardly_changes_a_vector(encoder_files: Path, encoder: Encoder) -> None:
    model = session(encoder_files / MODEL_FILE)
    tokens = [101, 2073, 2003, 2026, 2344, 102]
    ids = np.asarray([tokens + [0] * 6], dtype=np.int64)
    mask = np.asarray([[1] * 6 + [0] * 6], dtype=np.int64)
    padded = model.run(None, {"input_ids": ids, "attention_mask": mask})[0][0]
    alone = sentence_of(encoder.encode("where is my order"))
    assert float(sentence_of(padded) @ alone) > 0.97


def test_a_second_run_does_nothing(encoder_files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (encoder_files / MODEL_FILE).stat()
    assert prepare_encoder.main(["--into", str(encoder_files)]) == 0
    after = (encoder_files / MODEL_FILE).stat()
    assert (before.st_mtime_ns, before.st_ino) == (after.st_mtime_ns, after.st_ino)
    assert "is ready" in capsys.readouterr().out


def test_a_damaged_encoder_is_not_taken_for_prepared(encoder_files: Path, tmp_path: Path) -> None:
    for file in encoder_files.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    assert prepare_encoder.is_prepared(tmp_path)
    with (tmp_path / MODEL_FILE).open("ab") as stream:
        stream.write(b"x")
    assert not prepare_encoder.is_prepared(tmp_path)


def test_other_weights_are_refused_and_leave_nothing_behind(tmp_path: Path) -> None:
    source = tmp_path / "package"
    source.mkdir()
    (source / "model.safetensors").write_bytes(b"not the published weights")
    with pytest.raises(prepare_encoder.CannotPrepare, match="not the published file"):
        prepare_encoder.prepare(tmp_path / "encoder", source)
    assert [path.name for path in tmp_path.iterdir()] == ["package"]


def test_a_folder_that_cannot_be_written_ends_in_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("in the way")
    assert prepare_encoder.main(["--into", str(tmp_path / "file" / "encoder")]) == 1
    said = capsys.readouterr().err.strip()
    assert said.startswith("The sentence encoder could not be prepared")
    assert "\n" not in said


def test_a_missing_encoder_says_how_to_make_it(tmp_path: Path) -> None:
    with pytest.raises(EncoderMissing, match="prepare_encoder --into"):
        Encoder(tmp_path)
