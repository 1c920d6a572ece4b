"""The figures that understanding is to reach, each with its target and whether it is reached."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

ACCURACY = 0.93
ERRORS_OF_DEFAULT = 0.5
FAR_TURNED_AWAY = 0.93
NEAR_TURNED_AWAY = 0.65
CALIBRATION_ERROR = 0.05
WRONG_ACTIONS = 0.01
P50_OF_DEFAULT = 0.6
P95_OF_DEFAULT = 0.7
TRAINING_OF_DEFAULT = 0.2
MEGABYTES = 750.0
MEMORY_OF_DEFAULT = 0.65

# Units: a share is between 0 and 1.
SHARE, NUMBER, COUNT, MILLISECONDS, SECONDS, MEGABYTES_HELD = (
    "share",
    "number",
    "count",
    "ms",
    "s",
    "MB",
)

Reading = Callable[[Any], "float | None"]


@dataclass(frozen=True)
class Figure:
    """One row: a value of each model, and the target of ours; nothing where it is not known."""

    name: str
    unit: str
    ours: float | None
    default: float | None
    target: float | None = None
    at_least: bool = False
    of_default: bool = False
    """Whether the target is for ours divided by the default's."""

    @property
    def ratio(self) -> float | None:
        """Ours divided by the default's."""
        if self.ours is None or not self.default:
            return None
        return round(self.ours / self.default, 4)

    @property
    def reached(self) -> bool | None:
        """Nothing where there is no target, or nothing to hold against it."""
        value = self.ratio if self.of_default else self.ours
        if self.target is None or value is None:
            return None
        return value >= self.target if self.at_least else value <= self.target

    def as_data(self) -> dict[str, Any]:
        """The row as the report keeps it."""
        return {**asdict(self), "ratio": self.ratio, "reached": self.reached}


def figures_to_reach(models: dict[str, dict[str, Any]]) -> list[Figure]:
    """The rows, from what was measured of `ours` and `default`."""
    both = (models["ours"], models["default"])

    def row(name: str, unit: str, read: Reading, target: float | None = None) -> Figure:
        return Figure(name, unit, read(both[0]), read(both[1]), target)

    def at_least(name: str, read: Reading, target: float) -> Figure:
        return Figure(name, SHARE, read(both[0]), read(both[1]), target, at_least=True)

    def of_default(name: str, unit: str, read: Reading, target: float) -> Figure:
        return Figure(name, unit, read(both[0]), read(both[1]), target, of_default=True)

    return [
        at_least("top-1 accuracy", _at("accuracy", "accuracy"), ACCURACY),
        of_default("errors", COUNT, _errors, ERRORS_OF_DEFAULT),
        row("macro F1", NUMBER, _at("accuracy", "macro_f1")),
        at_least("far turned away, at 5 % in scope", _away("far"), FAR_TURNED_AWAY),
        at_least("near turned away, at 5 % in scope", _away("near"), NEAR_TURNED_AWAY),
        row("calibration error", NUMBER, _at("calibration", "error"), CALIBRATION_ERROR),
        row("wrong actions begun", SHARE, _at("wrong_actions", "share"), WRONG_ACTIONS),
        of_default("parse, p50", MILLISECONDS, _at("latency", "p50"), P50_OF_DEFAULT),
        of_default("parse, p95", MILLISECONDS, _at("latency", "p95"), P95_OF_DEFAULT),
        of_default("training, CPU", SECONDS, _training, TRAINING_OF_DEFAULT),
        row("Rasa process, resident", MEGABYTES_HELD, _at("megabytes"), MEGABYTES),
        of_default(
            "Rasa process, beside the default", MEGABYTES_HELD, _at("megabytes"), MEMORY_OF_DEFAULT
        ),
    ]


def _at(*names: str) -> Reading:
    def read(model: Any) -> float | None:
        for name in names:
            model = model[name]
        return None if model is None else float(model)

    return read


def _training(model: Any) -> float | None:
    return _at("training", "whole_cpu_seconds")(model)


def _errors(model: Any) -> float:
    return float(model["accuracy"]["messages"] - model["accuracy"]["right"])


def _away(kind: str) -> Reading:
    def read(model: Any) -> float | None:
        point = model["off_topic"]["at_5_percent"]
        return None if point is None else float(point[kind])

    return read
