"""Everything that is measured of both models on the held-out messages, as plain values."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bot.nlu.evaluation import child
from bot.nlu.evaluation.answers import Answer
from bot.nlu.evaluation.child import ONE_THREAD
from bot.nlu.evaluation.contenders import Contender
from bot.nlu.evaluation.counting import (
    accuracy_of,
    cells_of,
    confused_pairs,
    rounded,
    table_of,
)
from bot.nlu.evaluation.doubt import asked_back, calibration, off_topic, wrong_actions
from bot.nlu.evaluation.held_out import HeldOutMessage, labels_in_order

OURS, DEFAULT = "ours", "default"
# Of the times of all parses, the quantiles that a picture of them is drawn from.
QUANTILES = (1, 5, 25, 50, 75, 95, 99)


@dataclass(frozen=True)
class Answered:
    """What both models answered to the held-out messages, and the megabytes each process held."""

    answers: dict[str, list[Answer]]
    megabytes: dict[str, float]


def ask_both(
    models: dict[str, Contender], messages: Sequence[HeldOutMessage], workshop: Path
) -> Answered:
    """Parse every message with both, in processes of their own. Raises ChildFailed."""
    texts, found = workshop / "texts.json", workshop / "found.json"
    texts.write_text(json.dumps([message.text for message in messages]), encoding="utf-8")
    archives = [f"--{name}={model.archive}" for name, model in models.items()]
    read, write = ["--messages", texts], ["--out", found]
    child.run("bot.nlu.evaluation.parsing", [*archives, *read, *write], ONE_THREAD)
    answers = {
        name: [Answer.from_data(each) for each in data] for name, data in _read(found).items()
    }
    megabytes = {}
    for name, model in models.items():
        arguments = ["--model", model.archive, *read, *write]
        child.run("bot.nlu.evaluation.memory", arguments, ONE_THREAD)
        megabytes[name] = float(_read(found)["megabytes"])
    return Answered(answers, megabytes)


def measured(messages: Sequence[HeldOutMessage], answers: Sequence[Answer]) -> dict[str, Any]:
    """Every figure that can be counted from one model's answers; none of the messages' words."""
    labels = labels_in_order(list(messages))
    judged = list(zip(messages, answers, strict=True))
    known = [(str(message.label), answer.label) for message, answer in judged if message.label]
    table = table_of([truth for truth, _ in known], [guess for _, guess in known], labels)
    return {
        "accuracy": accuracy_of(table, labels),
        "confusion": {"labels": labels, "cells": cells_of(table)},
        "confused": confused_pairs(table, labels),
        "calibration": calibration(judged),
        "off_topic": off_topic(judged),
        "asked_back": asked_back(judged),
        "wrong_actions": wrong_actions(judged),
        "latency": _latency(answers),
    }


def _latency(answers: Sequence[Answer]) -> dict[str, float]:
    """Quantiles of the milliseconds of a parse."""
    times = np.percentile([answer.milliseconds for answer in answers], QUANTILES)
    return {f"p{each}": rounded(time) for each, time in zip(QUANTILES, times, strict=True)}


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
