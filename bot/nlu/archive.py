"""What our classifier left in a model archive, read without starting Rasa."""

from __future__ import annotations

import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from bot.nlu.encoder import Encoder
from bot.nlu.understanding import Understanding

# Rasa names a trained component's folder after its class.
COMPONENT = "LabelClassifier"


class ArchiveUnreadable(Exception):
    """The archive does not hold our classifier; the text names it."""


def understanding_in(archive: Path, encoder: Encoder) -> Understanding:
    """The trained understanding of a model archive. Raises ArchiveUnreadable."""
    try:
        with _unpacked(archive) as folder:
            return Understanding.load(folder, encoder)
    except (OSError, ValueError, KeyError, tarfile.TarError) as problem:
        raise ArchiveUnreadable(f"{archive} cannot be read ({problem}); train again.") from problem


@contextmanager
def _unpacked(archive: Path) -> Iterator[Path]:
    """The classifier's files alone, in a folder that goes afterwards."""
    with tempfile.TemporaryDirectory() as name, tarfile.open(archive, "r:gz") as tar:
        for member in tar:
            path = PurePosixPath(member.name)
            if member.isfile() and COMPONENT in path.parent.name:
                stream = tar.extractfile(member)
                if stream is not None:
                    (Path(name) / path.name).write_bytes(stream.read())
        yield Path(name)
