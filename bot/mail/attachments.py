"""Files that come with a mail: told by their content, counted, and kept under random names."""

import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.mail.bodies import Attached

MOST = 5
LARGEST = 10 * 1024 * 1024  # bytes each
LONGEST_NAME = 120
_HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif")
# Drawings with scripts, archives and documents with macros are none of these.
_BEGINNINGS = (
    (b"\xff\xd8\xff", "image/jpeg", ".jpg"),
    (b"\x89PNG\r\n\x1a\n", "image/png", ".png"),
    (b"GIF87a", "image/gif", ".gif"),
    (b"GIF89a", "image/gif", ".gif"),
    (b"%PDF-", "application/pdf", ".pdf"),
)
_NOT_IN_NAMES = frozenset('/\\:*?"<>|\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069')


@dataclass(frozen=True)
class KeptFile:
    """A file on the disk that belongs to a message which is about to be stored."""

    name: str
    stored_as: str
    content_type: str
    size: int


class AttachmentFolder:
    """Where the files are; readable by the owner only."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, attached: Sequence[Attached]) -> tuple[list[KeptFile], list[str]]:
        """Write what may stay; also gives a note for each file that was kept out.

        Files that were attached on purpose come before pictures within the text.
        """
        kept: list[KeptFile] = []
        notes: list[str] = []
        for number, each in enumerate(sorted(attached, key=lambda a: a.inline), start=1):
            kind = type_of(each.content)
            name = safe_name(each.name, number, kind[1] if kind else "")
            why = _kept_out(each.content, kind is not None, len(kept))
            if why or kind is None:
                notes.append(f"The attachment “{name}” was kept out: {why}.")
            else:
                kept.append(KeptFile(name, self._write(each.content), kind[0], len(each.content)))
        return kept, notes

    def path_of(self, stored_as: str) -> Path:
        """The file of a stored attachment."""
        return self._folder / stored_as

    def remove(self, files: Sequence[KeptFile]) -> None:
        """Take back what was written for a message that was not stored after all."""
        for file in files:
            self.path_of(file.stored_as).unlink(missing_ok=True)

    def _write(self, content: bytes) -> str:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = secrets.token_hex(16)
        descriptor = os.open(self.path_of(name), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())  # the mail is acknowledged with it, so it must outlive a crash
        return name


def _kept_out(content: bytes, is_known: bool, kept: int) -> str | None:
    if content[:4] == b"\x78\x9f\x3e\x22":
        return "it is a winmail.dat; ask for the file itself"
    if not is_known:
        return "it is neither a picture nor a PDF"
    if len(content) > LARGEST:
        return f"it is larger than {LARGEST // 1024 // 1024} MB"
    return f"there are more than {MOST}" if kept >= MOST else None


def type_of(content: bytes) -> tuple[str, str] | None:
    """The type and the usual ending of a picture or PDF, by its first bytes; None of all else."""
    for beginning, content_type, ending in _BEGINNINGS:
        if content.startswith(beginning):
            return content_type, ending
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp", ".webp"
    if content[4:8] == b"ftyp" and content[8:12] in _HEIF_BRANDS:
        return "image/heic", ".heic"
    return None


def safe_name(given: str, number: int, ending: str) -> str:
    """The file's own name without folders and characters that deceive; never empty."""
    last = given.replace("\\", "/").rpartition("/")[2]
    plain = "".join(c for c in last if c.isprintable() and c not in _NOT_IN_NAMES)
    plain = plain.encode("utf-8", "replace").decode().strip(" .")[-LONGEST_NAME:]
    return plain or f"attachment-{number}{ending}"
