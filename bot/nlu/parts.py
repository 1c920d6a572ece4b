"""The requests of a message: which of its clauses want something, and in which order."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.nlu.clauses import Clause, clauses
from bot.nlu.folds import Judging
from bot.nlu.judgement import Judgement
from bot.nlu.refusals import is_refused
from bot.nlu.splitting import Splitting
from bot.nlu.story import asking

PERSON = "talk_to_human"
COURTESIES = frozenset({"greet", "goodbye", "thank", "affirm", "deny", "stop"})
# Beside a request they ask for nothing: praise, anger, or what is nobody's business here.
BESIDE_THE_POINT = frozenset({"give_feedback", "out_of_scope/unrelated"})
# None of these is a part: what wants a person is not taken apart at all.
APART = COURTESIES | BESIDE_THE_POINT | {PERSON}
# What is answered at once; anything else may open a form, so it comes after these.
_ANSWERED_AT_ONCE = ("faq/", "product/", "not_covered/", "out_of_scope/", "bot_challenge")
# A message with one of these may want a person beside what it is about.
_OF_A_PERSON = re.compile(
    r"\b(?:human|person|people|agents?|rep(?:resentative)?|operator|manager|advis[eo]r|staff|"
    r"some(?:one|body)|any(?:one|body)|team|support|service|real|live|talk|speak|chat|call|phone)\b",
    re.I,
)


@dataclass(frozen=True)
class Part:
    """One request of a message: its words, where they stand in it, and what they mean."""

    text: str
    places: tuple[tuple[int, int], ...]
    judgement: Judgement


@dataclass(frozen=True)
class Meaning:
    """A message as it is served: what it means where it is one request, and its parts else."""

    judgement: Judgement
    """Of the request that decides: the first that opens a form, else the first."""
    parts: tuple[Part, ...] = ()
    """Two or more, in the order they are served; none where the message is one request."""


def read(
    text: str,
    judging: Judging,
    splitting: Splitting,
    least_of_a_story: float,
    is_rash: Callable[[Judgement, str], bool],
) -> Meaning:
    """Understand a message, part by part where it is certain that it has several requests.

    One clause decides for the whole message where it surely wants a person, and where the whole is
    unclear and it is the one that asks, as sure as `least_of_a_story`. A clause that it would be
    rash to act on makes no part.
    """
    judging = _remembering(judging)
    (whole,) = judging([text])
    pieces = clauses(text)
    is_clear = whole.accepted and whole.label not in COURTESIES
    if is_clear and not _may_mean_more(text, pieces, whole, splitting):
        return Meaning(whole)
    pieces = pieces if len(pieces) > 1 else []
    judged = judging([piece.bare for piece in pieces]) if pieces else []
    surely = [not is_rash(j, piece.bare) for piece, j in zip(pieces, judged, strict=True)]
    for judgement, sure in zip(judged, surely, strict=True):
        if judgement.label == PERSON and sure and judgement.accepted:
            return Meaning(judgement)
    meaning = _split(pieces, judged, surely, whole, splitting)
    if not meaning.parts and is_refused(whole.label, text):
        # "I don't want a refund, I want an exchange": what is wished instead.
        wished = [
            each
            for each, sure in zip(judged, surely, strict=True)
            if sure and each.accepted and each.label not in APART | {whole.label}
        ]
        meaning = Meaning(wished[0]) if len({each.label for each in wished}) == 1 else meaning
    if is_clear or meaning.parts:
        return meaning
    rest = _without_courtesies(text, whole, judging)
    if rest is None and not whole.accepted:
        asked = asking([(piece.asks, each) for piece, each in zip(pieces, judged, strict=True)])
        rest = asked if asked and asked.confidence >= least_of_a_story else None
    return Meaning(rest or whole)


def _remembering(judging: Judging) -> Judging:
    """The same, but clauses that are looked at twice are judged once."""
    judged = functools.cache(judging)
    return lambda texts: judged(tuple(texts))


def _may_mean_more(
    text: str, pieces: Sequence[Clause], whole: Judgement, splitting: Splitting
) -> bool:
    """Whether a clause could mean anything but the whole: only then each is judged, at a cost."""
    if len(pieces) < 2 or whole.label == PERSON:
        return False
    another = any(later.follows_as_another(one) for one, later in pairwise(pieces))
    return another or splitting.may_separate(whole) or _OF_A_PERSON.search(text) is not None


def _split(
    pieces: Sequence[Clause],
    judged: Sequence[Judgement],
    surely: Sequence[bool],
    whole: Judgement,
    splitting: Splitting,
) -> Meaning:
    """Part the clauses; whole as they were where they want one thing."""
    wanted = _wanted(pieces, judged, surely, whole, splitting)
    if len(wanted) < 2:
        return Meaning(whole)
    parts = _grouped(pieces, judged, wanted)
    later = [part for part in parts if not is_answered_at_once(part.judgement.label)]
    parts = [part for part in parts if part not in later] + later
    return Meaning((later or parts)[0].judgement, tuple(parts))


def is_answered_at_once(label: str) -> bool:
    """Whether a label is a question, that never opens a form."""
    return label.startswith(_ANSWERED_AT_ONCE)


def begins_something(label: str) -> bool:
    """Whether a label has something done: a form is opened, or a person called."""
    return not is_answered_at_once(label) and label not in COURTESIES


def _wanted(
    pieces: Sequence[Clause],
    judged: Sequence[Judgement],
    surely: Sequence[bool],
    whole: Judgement,
    splitting: Splitting,
) -> list[Judgement]:
    """The clauses that want different things, the surest of each label, in order.

    Words alone do not separate where the whole is understood as something else than either.
    """
    candidates = [
        judgement
        for piece, judgement, sure in zip(pieces, judged, surely, strict=True)
        if sure and not piece.is_detail and judgement.label not in APART
    ]
    if not candidates:
        return []
    first = max(candidates, key=lambda judgement: judgement.confidence)
    place = _place(first, judged)
    kept = {first.label: first}
    for judgement in sorted(candidates, key=lambda each: -each.confidence):
        if judgement.label in kept or not (judgement.accepted and first.accepted):
            continue
        told_apart = _are_apart(pieces, place, _place(judgement, judged))
        near = {*_nearest_labels(first), *_nearest_labels(judgement), *APART}
        elsewhere = whole.accepted and whole.label not in near
        if (told_apart and not elsewhere) or splitting.separates(whole, first, judgement):
            kept[judgement.label] = judgement
    return [judgement for judgement in judged if kept.get(judgement.label) is judgement]


def _nearest_labels(judgement: Judgement) -> list[str]:
    """What a clause is taken for and what it might be: "change it?" asks how, or for it."""
    return [label for label, _ in judgement.ranking[:2]]


def _place(judgement: Judgement, judged: Sequence[Judgement]) -> int:
    return next(i for i, each in enumerate(judged) if each is judgement)


def _are_apart(pieces: Sequence[Clause], one: int, other: int) -> bool:
    """Whether the visitor's words say that another matter begins between two clauses."""
    low, high = sorted((one, other))
    return any(pieces[i].follows_as_another(pieces[i - 1]) for i in range(low + 1, high + 1))


def _grouped(
    pieces: Sequence[Clause], judged: Sequence[Judgement], wanted: Sequence[Judgement]
) -> list[Part]:
    """A part for each wish; a clause that wants nothing of its own goes with the one before."""
    members: dict[str, list[Clause]] = {judgement.label: [] for judgement in wanted}
    current = wanted[0].label
    for piece, judgement in zip(pieces, judged, strict=True):
        if judgement.label in members:
            current = judgement.label
        members[current].append(piece)
    return [
        Part(
            " ".join(piece.text for piece in members[judgement.label]),
            tuple((piece.start, piece.end) for piece in members[judgement.label]),
            judgement,
        )
        for judgement in wanted
    ]


def _without_courtesies(text: str, whole: Judgement, judging: Judging) -> Judgement | None:
    """What a message means without greeting and thanks; None where that is no surer."""
    pieces = clauses(text, at_commas=True)
    if len(pieces) < 2:
        return None
    judged = judging([piece.bare for piece in pieces])
    kept = [piece for piece, each in zip(pieces, judged, strict=True) if not _is_courtesy(each)]
    if not kept or len(kept) == len(pieces):
        return None
    (rest,) = judging([" ".join(text[piece.start : piece.end] for piece in kept)])
    surer = not whole.accepted or rest.confidence > whole.confidence
    return rest if rest.accepted and surer and rest.label not in COURTESIES else None


def _is_courtesy(judgement: Judgement) -> bool:
    return judgement.accepted and judgement.label in COURTESIES
