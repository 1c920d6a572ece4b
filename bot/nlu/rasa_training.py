"""One run of Rasa's own training, in this process, with its talk kept aside."""

from __future__ import annotations

import contextlib
import io
import logging
import os
import warnings
from collections.abc import Iterator
from pathlib import Path

from bot.nlu.check_data import FOLDERS
from bot.nlu.fingerprint import Sources


class TrainingFailed(Exception):
    """Rasa could not train; the text is what it said."""


def load_rasa() -> None:
    """Import Rasa, which takes seconds, set to send nothing, say little and keep no cache."""
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    # Its cache does not notice a change in our components' modules.
    os.environ["RASA_MAX_CACHE_SIZE"] = "0"
    os.environ["LOG_LEVEL"] = "ERROR"
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    with _without_warnings():
        import rasa.model_training  # noqa: F401  # slow, so it is timed here
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.ERROR)
    logging.getLogger("rasa").setLevel(logging.ERROR)


def train(sources: Sources, into: Path, name: str) -> Path:
    """Train a model from the sources into a folder under a name. Raises TrainingFailed.

    Only the folders of training data are shown to Rasa: it would read the others too.
    """
    from rasa.model_training import train as rasa_train
    from rasa.shared.exceptions import RasaException

    said = io.StringIO()
    folders = [str(sources.data / name) for name in FOLDERS if (sources.data / name).is_dir()]
    try:
        with _without_warnings(), contextlib.redirect_stdout(said):
            trained = rasa_train(
                domain=str(sources.domain),
                config=str(sources.config),
                training_files=folders,
                output=str(into),
                fixed_model_name=name,
                force_training=True,
            )
    except (RasaException, ValueError, SystemExit) as problem:
        raise TrainingFailed(f"{said.getvalue().strip()} {problem}".strip()) from problem
    if trained.model is None:
        raise TrainingFailed(said.getvalue().strip() or "Rasa trained no model.")
    return Path(trained.model)


@contextlib.contextmanager
def _without_warnings() -> Iterator[None]:
    """Its pinned dependencies warn of each other; some set the filters anew to be heard."""
    with warnings.catch_warnings(), contextlib.redirect_stderr(io.StringIO()):
        warnings.simplefilter("ignore")
        yield
