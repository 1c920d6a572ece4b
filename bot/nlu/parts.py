"""The requests of a message: which of its clauses want something, and in which order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.nlu.clauses import Clause, clauses
from bot.nlu.judgement import Judgement
from bot.nlu.splitting import Splitting
from bot.nlu.story import asking

PERSON = "talk_to_human"
COURTESIES = frozenset({"greet", "goodbye", "thank", "affirm", "deny", "stop"})
# Beside a request they ask for nothing: praise, anger, or what is nobody's business here.
BESIDE_THE_POINT = frozenset({"give_feedback", "out_of_scope/unrelated"})
APART = COURTESIES | BESIDE_THE_POINT
# What is answered at once; anything else may open a form, so it comes after these.
_ANSWERED_AT_ONCE = ("faq/", "product/", "not_covered/", "out_of_scope/", "bot_challenge")

Judging = Callable[[str], Judgement]


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


def read(text: str, judging: Judging, splitting: Splitting, least_of_a_story: float) -> Meaning:
    """Understand a message, part by part where it is certain that it has several requests.

    Where the whole is unclear, the sentence that asks decides, if it is as sure as this.
    """
    whole = judging(text)
    pieces = clauses(text)
    is_clear = whole.accepted and whole.label not in COURTESIES
    if is_clear and (len(pieces) < 2 or whole.label == PERSON):
        return Meaning(whole)
    judged = [judging(piece.bare) for piece in pieces] if len(pieces) > 1 else []
    meaning = _split(pieces, judged, whole, splitting)
    if is_clear or meaning.parts or meaning.judgement is not whole:
        return meaning
    rest = _without_courtesies(text, judging)
    if rest is None and not whole.accepted:
        asked = asking([(piece.asks, each) for piece, each in zip(pieces, judged, strict=False)])
        rest = asked if asked and asked.confidence >= least_of_a_story else None
    return Meaning(rest or whole)


def _split(
    pieces: Sequence[Clause], judged: Sequence[Judgement], whole: Judgement, splitting: Splitting
) -> Meaning:
    """Part the clauses; whole as they were where they want one thing."""
    if not judged:
        return Meaning(whole)
    wanted = _wanted(pieces, judged, whole, splitting)
    if any(judgement.label == PERSON for judgement in wanted):
        return Meaning(next(each for each in wanted if each.label == PERSON))
    if len(wanted) < 2:
        return Meaning(whole)
    parts = _grouped(pieces, judged, wanted)
    later = [part for part in parts if not is_answered_at_once(part.judgement.label)]
    parts = [part for part in parts if part not in later] + later
    return Meaning((later or parts)[0].judgement, tuple(parts))


def is_answered_at_once(label: str) -> bool:
    """Whether a label is a question, that never opens a form."""
    return label.startswith(_ANSWERED_AT_ONCE)


def _wanted(
    pieces: Sequence[Clause], judged: Sequence[Judgement], whole: Judgement, splitting: Splitting
) -> list[Judgement]:
    """The clauses that want different things, the surest of each label, in order."""
    candidates = [
        judgement
        for piece, judgement in zip(pieces, judged, strict=True)
        if not piece.is_detail and judgement.label not in APART
    ]
    person = next((j for j in candidates if j.label == PERSON and j.accepted), None)
    if person or not candidates:
        return [person] if person else []
    first = max(candidates, key=lambda judgement: judgement.confidence)
    place = _place(first, judged)
    kept = {first.label: first}
    for judgement in sorted(candidates, key=lambda each: -each.confidence):
        told_apart = judgement.accepted and first.accepted
        if judgement.label not in kept and (
            (told_apart and _are_apart(pieces, place, _place(judgement, judged)))
            or splitting.separates(whole, first, judgement)
        ):
            kept[judgement.label] = judgement
    return [judgement for judgement in judged if kept.get(judgement.label) is judgement]


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


def _without_courtesies(text: str, judging: Judging) -> Judgement | None:
    """What a message means without its greeting and thanks; None where that says no more."""
    pieces = clauses(text, at_commas=True)
    if len(pieces) < 2:
        return None
    kept = [piece for piece in pieces if not _is_courtesy(judging(piece.bare))]
    if not kept or len(kept) == len(pieces):
        return None
    rest = judging(" ".join(text[piece.start : piece.end] for piece in kept))
    return rest if rest.accepted and rest.label not in COURTESIES else None


def _is_courtesy(judgement: Judgement) -> bool:
    return judgement.accepted and judgement.label in COURTESIES
