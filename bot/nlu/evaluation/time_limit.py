"""Ends a training of Rasa's after the epoch in which its time is up, and says how far it came."""

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

    @property
    def missing_cpu_seconds(self) -> float:
        """What the epochs it did not get would have taken, at the pace of those it had."""
        return self.cpu_seconds * (self.proposed - self.epochs) / max(self.epochs, 1)


@contextmanager
def fits_within(minutes: float) -> Iterator[list[Fit]]:
    """Share the minutes out between two networks; 0 minutes are no limit.

    The second has what the first has left. At least one epoch is always trained.
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
            if time.monotonic() >= self._until:
                self.model.stop_training = True

    fits: list[Fit] = []
    end = time.monotonic() + minutes * 60 if minutes else math.inf
    rasas_own = train_utils.create_common_callbacks

    def with_a_limit(epochs: int, *others: Any) -> list[Any]:
        now = time.monotonic()
        until = now + (end - now) * (1.0 if fits else OF_THE_FIRST)
        fits.append(Fit(epochs))
        return [*rasas_own(epochs, *others), Limit(fits[-1], until)]

    train_utils.create_common_callbacks = with_a_limit
    try:
        yield fits
    finally:
        train_utils.create_common_callbacks = rasas_own
