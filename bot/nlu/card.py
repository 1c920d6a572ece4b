"""A model's card: what it was made of, its figures, and our signature over both and the archive.

Only the standard library, and quick: it is read at every start, by any Python.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from pathlib import Path
from typing import Any

from bot.nlu.fingerprint import sha256_of

ARCHIVE_SUFFIX = ".tar.gz"
KEY_BYTES = 32


class ModelRefused(Exception):
    """A model was not made by our own training, or was changed afterwards; the text says which."""


def default_key_file() -> Path:
    """`secrets/model_key` below `BOT_DATA_DIR` (default `var/`)."""
    return Path(os.environ.get("BOT_DATA_DIR") or "var") / "secrets" / "model_key"


def card_path(archive: Path) -> Path:
    """The card of an archive: the same name, ending in .json."""
    return archive.with_name(archive.name[: -len(ARCHIVE_SUFFIX)] + ".json")


def existing_key(key_file: Path) -> bytes:
    """The signing key; raises ModelRefused when there is none."""
    try:
        key = key_file.read_bytes().strip()
    except OSError as problem:
        raise ModelRefused(
            f"The key {key_file} cannot be read, so no model can be trusted; run `make train`."
        ) from problem
    if not key:
        raise ModelRefused(f"The key {key_file} is empty; delete it and run `make train`.")
    return key


def key_made_if_absent(key_file: Path) -> bytes:
    """The signing key, made (for the owner alone to read) when there is none yet."""
    key_file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(key_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return existing_key(key_file)
    with os.fdopen(handle, "w", encoding="ascii") as stream:
        stream.write(os.urandom(KEY_BYTES).hex() + "\n")
    return existing_key(key_file)


def signature(key: bytes, archive_sha256: str, fingerprint: str) -> str:
    """HMAC-SHA256 over the archive's hash and the fingerprint, in hexadecimal."""
    return hmac.new(key, f"{archive_sha256}{fingerprint}".encode(), hashlib.sha256).hexdigest()


def read_card(archive: Path) -> dict[str, Any]:
    """The card of an archive; raises ModelRefused when it is missing or cannot be read."""
    try:
        card = json.loads(card_path(archive).read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise ModelRefused(f"{archive} has no readable card beside it.") from problem
    if not isinstance(card, dict):
        raise ModelRefused(f"{card_path(archive)} is not a card.")
    return card


def check_signature(archive: Path, card: dict[str, Any], key: bytes) -> None:
    """Raise ModelRefused unless card and archive are those that were signed with this key."""
    try:
        actual = sha256_of(archive)
    except OSError as problem:
        raise ModelRefused(f"{archive} cannot be read: {problem.strerror}.") from problem
    expected = signature(key, actual, str(card.get("fingerprint", "")))
    if not hmac.compare_digest(expected.encode(), str(card.get("signature", "")).encode()):
        raise ModelRefused(f"{archive} is not as our own training left it; run `make train`.")
