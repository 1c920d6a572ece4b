"""The two models that are compared, each with what its training cost."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bot.nlu.card import ARCHIVE_SUFFIX, card_path, read_card
from bot.nlu.evaluation import child
from bot.nlu.evaluation.default_pipeline import FITS_FILE, configuration
from bot.nlu.fingerprint import Sources, parts_of
from bot.nlu.models import archives_of, verify

# Its training reads nothing else of ours.
DEFAULT_IS_MADE_OF = ("training messages", "rules", "stories", "names of the answers", "domain")


@dataclass(frozen=True)
class Contender:
    """A trained model, and what its training took; nothing where that was not measured."""

    archive: Path
    cpu_seconds: float | None = None
    seconds: float | None = None
    trained_in_this_run: bool = False
    fits: tuple[dict[str, float], ...] = ()
    """How many of the proposed epochs each network had, and the CPU seconds that are missing."""

    @property
    def whole_cpu_seconds(self) -> float | None:
        """What training took, or would have taken with every epoch that is proposed."""
        if self.cpu_seconds is None:
            return None
        return self.cpu_seconds + sum(fit["missing_cpu_seconds"] for fit in self.fits)

    def as_data(self) -> dict[str, Any]:
        """For the report; the archive by its name alone."""
        return {**asdict(self), "archive": self.archive.name, "fits": list(self.fits)}


def ours(
    sources: Sources, key_file: Path, workshop: Path, given: Path | None = None
) -> tuple[Contender, dict[str, Any]]:
    """Our model with its card: trained anew, or one that is given (its training not measured).

    Raises ChildFailed, or ModelRefused where our own training did not make the given one.
    """
    if given is not None:
        verify(given, key_file)
        return Contender(given), read_card(given)
    options = ["--data", sources.data, "--domain", sources.domain, "--config", sources.config]
    arguments = ["--out", workshop, "--key-file", key_file, *options]
    cost = child.run("bot.nlu.train", arguments, child.ONE_THREAD)
    archive = archives_of(workshop)[0]
    return Contender(archive, cost.cpu_seconds, cost.seconds, True), read_card(archive)


def default(sources: Sources, kept: Path, *, epochs: int, minutes: float, fresh: bool) -> Contender:
    """What the default pipeline makes of the same data; kept for the next time it is asked for.

    Its networks have as many epochs as fit into the minutes of CPU time (0: all).
    Raises ChildFailed.
    """
    archive = kept / (_fingerprint(sources, epochs)[:32] + ARCHIVE_SUFFIX)
    if not fresh and archive.is_file() and card_path(archive).is_file():
        known = read_card(archive)
        return Contender(archive, known["cpu_seconds"], known["seconds"], False, known["fits"])
    kept.mkdir(parents=True, exist_ok=True)
    with _workshop(kept) as workshop:
        options = ["--epochs", epochs, "--minutes", minutes, "--data", sources.data]
        options += ["--domain", sources.domain, "--into", workshop, "--name", archive.name]
        cost = child.run("bot.nlu.evaluation.default_pipeline", options)
        fits = json.loads((workshop / FITS_FILE).read_text(encoding="utf-8"))
        written = card_path(workshop / archive.name)
        written.write_text(json.dumps({**asdict(cost), "fits": fits}, indent=2), encoding="utf-8")
        (workshop / archive.name).replace(archive)
        written.replace(card_path(archive))
    return Contender(archive, cost.cpu_seconds, cost.seconds, True, fits)


def _fingerprint(sources: Sources, epochs: int) -> str:
    parts = parts_of(sources)
    made_of = {name: parts[name] for name in DEFAULT_IS_MADE_OF}
    made_of["pipeline"] = json.dumps(configuration(epochs), sort_keys=True)
    return hashlib.sha256(json.dumps(made_of, sort_keys=True).encode()).hexdigest()


@contextmanager
def _workshop(folder: Path) -> Iterator[Path]:
    workshop = Path(tempfile.mkdtemp(prefix=".training-", dir=folder))
    try:
        yield workshop
    finally:
        shutil.rmtree(workshop, ignore_errors=True)
