"""When what is understood is asked about first: two labels are close, or acting would be rash."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.isotonic import IsotonicRegression

from bot.nlu.acceptance import RIGHT_ENOUGH, Acceptance
from bot.nlu.folds import HeldOut
from bot.nlu.judgement import Judgement
from bot.nlu.parts import COURTESIES, PERSON, begins_something
from bot.nlu.refusals import is_refused

# Of all messages, how many may begin a request that was not asked for.
MOST_BEGUN_WRONGLY = 0.01
# Of a hundred messages this share asks for what nobody prepared an answer for.
UNPREPARED = 0.05
# A share of fewer messages says nothing.
LEAST_COUNTED = 30
NEVER = 1.01
NEVER_CLOSE = 0.0
STEPS = 201
CLOSE_LABELS = 2
LIKELY_LABELS = 3
# A person is always offered; these are no topics.
NOT_OFFERED = COURTESIES | {PERSON, "bot_challenge", "out_of_scope/unrelated"}


@dataclass(frozen=True)
class Doubt:
    """What a message must reach, beyond the threshold, before it is acted on unasked."""

    least_to_begin: float
    """The least confidence at which a request is begun; what only answers needs less."""
    close: float
    """The margin between the first label and the second below which the two are asked about."""

    def needs_asking(self, judgement: Judgement, text: str = "") -> bool:
        """Whether to ask the visitor which of the first labels was meant.

        Who is greeted or thanked by mistake loses nothing, so courtesies are never asked about.
        """
        if not judgement.accepted or judgement.label in COURTESIES:
            return False
        return self.is_rash(judgement, text) or judgement.margin < self.close

    def is_rash(self, judgement: Judgement, text: str) -> bool:
        """Whether something would be begun that is refused, or not sure enough to be begun."""
        unsure = judgement.confidence < self.least_to_begin
        refused = is_refused(judgement.label, text)
        return refused or (unsure and begins_something(judgement.label))

    def state(self) -> dict[str, float]:
        """What was learned, as plain values for JSON."""
        return {"least_to_begin": self.least_to_begin, "close": self.close}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> Doubt:
        """What `state()` gave. Raises KeyError or ValueError."""
        return cls(float(state["least_to_begin"]), float(state["close"]))

    @classmethod
    def learned(cls, known: HeldOut, unknown: HeldOut, acceptance: Acceptance) -> Doubt:
        """From judgements of messages whose label was taught, and of some whose label was not."""
        return cls(_least_to_begin(known, unknown, acceptance), _close(known, acceptance))


def _least_to_begin(known: HeldOut, unknown: HeldOut, acceptance: Acceptance) -> float:
    """The lowest confidence that keeps requests begun wrongly within what is allowed."""
    wrong, strange = (_sure_and_wrong(judged, acceptance) for judged in (known, unknown))
    for least in np.linspace(acceptance.least, 1.0, STEPS):
        of_known = float((wrong >= least).sum()) / len(known.truth)
        of_unknown = float((strange >= least).sum()) / max(len(unknown.truth), 1)
        share = (1 - UNPREPARED) * of_known + UNPREPARED * of_unknown
        if round(share, 6) <= MOST_BEGUN_WRONGLY:
            return round(float(least), 4)
    return NEVER


def _sure_and_wrong(judged: HeldOut, acceptance: Acceptance) -> NDArray[np.float64]:
    """The confidences of accepted requests that were not asked for."""
    begins = np.asarray([begins_something(str(label)) for label in judged.guess])
    wrong = begins & (judged.guess != judged.truth) & acceptance.accepted(judged)
    confidences: NDArray[np.float64] = acceptance.confidence(judged.score)[wrong]
    return confidences


def _close(known: HeldOut, acceptance: Acceptance) -> float:
    """The widest margin at which the first label is right less often than RIGHT_ENOUGH.

    The nearer the second comes the seldomer the first is right, so that is what is fitted.
    """
    accepted = acceptance.accepted(known)
    margins, right = known.margin[accepted], (known.guess == known.truth)[accepted]
    if not accepted.any():
        return NEVER_CLOSE
    rates = IsotonicRegression().fit(margins, right).predict(margins)
    seldom = margins[rates < RIGHT_ENOUGH]
    return round(float(seldom.max()), 4) if len(seldom) >= LEAST_COUNTED else NEVER_CLOSE


def worth_offering(judgement: Judgement, *, doubted: bool) -> list[str]:
    """The labels to ask about, the likeliest first: two that are close, else three."""
    found = [label for label, _ in judgement.ranking if label not in NOT_OFFERED]
    return found[: CLOSE_LABELS if doubted else LIKELY_LABELS]
