"""The directions in which sentence vectors differ, weighed so that the rare ones count as well."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.nlu.encoder import Vector

# More directions add nothing in the folds; fewer lose rare subjects.
MOST = 400
# A direction is divided by its spread, but by no less than this: what hardly varies is noise.
# Both figures were the best of a few in the folds.
LEAST_SPREAD = 0.1
SCALE = 0.2


@dataclass(frozen=True)
class Directions:
    """A change of axes: `middle` is taken off, then the product with `axes` is the new vector."""

    middle: NDArray[np.float32]
    axes: NDArray[np.float32]

    @classmethod
    def of(cls, vectors: Vector) -> Directions:
        """The main directions of some vectors, a row each."""
        middle = vectors.mean(axis=0, dtype=np.float64)
        around = vectors - middle
        variance, axes = np.linalg.eigh(around.T @ around / len(vectors))
        kept = np.argsort(-variance)[:MOST]
        spread = np.sqrt(np.maximum(variance[kept], 0.0) + LEAST_SPREAD**2)
        return cls(middle.astype(np.float32), (SCALE * axes[:, kept] / spread).astype(np.float32))

    def along(self, vectors: Vector) -> NDArray[np.float32]:
        """Vectors on the new axes."""
        turned: NDArray[np.float32] = (vectors - self.middle) @ self.axes
        return turned
