"""Ends a training of Rasa's after the epoch in which its CPU time is up; says how far it came."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

# Of two networks the first reads every message and marks entities besides: it needs the most.
OF_THE_FIRST = 0.8


@dataclass
class Fit:
    """One network's training: the epochs it was given, those it had, and what they took."""

    proposed: int
    epochs: int = 0
    cpu_seconds: float = 0.0
    learned: float = 0.0
    """The share of its own training messages that it had right in its last epoch."""

    @property
    def missing_cpu_seconds(self) -> float:
        """What the epochs it did not get would have taken, at the pace of those it had."""
        return self.cpu_seconds * (self.proposed - self.epochs) / max(self.epochs, 1)


@contextmanager
def fits_within(cpu_minutes: float) -> Iterator[list[Fit]]:
    """Share minutes of CPU time out between two networks; 0 minutes are no limit.

    Not of the clock, so that a busy machine makes no worse a model. The second has what the first
    has left. At least one epoch is always trained.
    """
    import tensorflow as tf
    from rasa.utils import train_utils

    class Limit(tf.keras.callbacks.Callback):
        """Rasa's own training, with a look at the clock after each epoch."""

        def __init__(self, fit: Fit, until: float) -> None:
            super().__init__()
            self._fit, self._until = fit, until

        def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
            self._began = time.process_time()

        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            self._fit.epochs += 1
            self._fit.cpu_seconds += time.process_time() - self._began
            self._fit.learned = _learned(logs or {})
            if time.process_time() >= self._until:
                self.model.stop_training = True

    fits: list[Fit] = []
    end = time.process_time() + cpu_minutes * 60 if cpu_minutes else math.inf
    rasas_own = train_utils.create_common_callbacks

    def with_a_limit(epochs: int, *others: Any) -> list[Any]:
        now = time.process_time()
        until = now + (end - now) * (1.0 if fits else OF_THE_FIRST)
        fits.append(Fit(epochs))
        return [*rasas_own(epochs, *others), Limit(fits[-1], until)]

    train_utils.create_common_callbacks = with_a_limit
    try:
        yield fits
    finally:
        train_utils.create_common_callbacks = rasas_own


def _learned(logs: dict[str, float]) -> float:
    """Of the intents or the responses, whichever this network learns."""
    return float(logs.get("i_acc", logs.get("r_acc", 0.0)))
