"""Understanding one text: its label, how sure, whether that is enough, and what it resembles."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bot.nlu.acceptance import Acceptance
from bot.nlu.doubt import Doubt
from bot.nlu.encoder import Encoder
from bot.nlu.figures import Figures, figures
from bot.nlu.folds import Corpus, five_folds, labels_left_out, trained
from bot.nlu.judgement import TURNED_AWAY, Judge, Judgement
from bot.nlu.label_model import Example, LabelModel
from bot.nlu.neighbours import Neighbour, Neighbours
from bot.nlu.normalise import normalise
from bot.nlu.parts import APART, Meaning, read
from bot.nlu.splitting import Splitting
from bot.nlu.story import least_of_a_story

CHOICES_FILE = "choices.json"


class Understanding:
    """A trained model of all labels, with its threshold and the figures of its folds."""

    def __init__(self, judge: Judge, encoder: Encoder, choices: dict[str, Any]) -> None:
        """`choices` is what the folds decided: acceptance, doubt, splitting, figures, labels."""
        self._judge = judge
        self._encoder = encoder
        self._splitting = Splitting.from_state(choices["splitting"])
        self._acceptance = Acceptance.from_state(choices["acceptance"])
        self._doubt = Doubt.from_state(choices["doubt"])
        self.choices = choices

    @property
    def threshold(self) -> float:
        """The least confidence that counts as understood."""
        return self._acceptance.least

    @property
    def most_off_topic(self) -> float:
        """The highest off-topic score that counts as understood."""
        return self._acceptance.most_off_topic

    @property
    def figures(self) -> Figures:
        """What the folds showed when the model was trained."""
        found: Figures = self.choices["figures"]
        return found

    @classmethod
    def trained(
        cls, pairs: Sequence[tuple[str, str]], encoder: Encoder, off_topic: str
    ) -> Understanding:
        """Train on texts with their labels (three labels, five examples each, or more)."""
        examples = [Example(normalise(text), label) for text, label in pairs]
        corpus = Corpus(examples, encoder.encode_each(example.text for example in examples))
        known, folds = five_folds(corpus)
        unknown = labels_left_out(corpus)
        acceptance = Acceptance.learned(known, unknown, off_topic, TURNED_AWAY)
        judging = [(fold.judging(encoder, acceptance), fold.unseen) for fold in folds]
        labels = [example.label for example in examples]
        choices = {
            "acceptance": acceptance.state(),
            "doubt": Doubt.learned(known, unknown, acceptance).state(),
            "splitting": Splitting.learned(corpus, judging, APART).state(),
            "least_of_a_story": least_of_a_story(corpus, judging, acceptance),
            "figures": figures(known, unknown, off_topic, acceptance),
            "labels": {label: labels.count(label) for label in sorted(set(labels))},
        }
        return cls(trained(corpus, np.arange(len(examples))), encoder, choices)

    def judge(self, text: str) -> Judgement:
        """Judge one text; one without a word or a number is never accepted."""
        return self.judge_each([text])[0]

    def judge_each(self, texts: Sequence[str]) -> list[Judgement]:
        """Judge the parts of one message."""
        plains = [normalise(text) for text in texts]
        vectors = self._encoder.encode_together(plains)
        return self._judge.judge(plains, vectors, self._acceptance)

    def read(self, text: str) -> Meaning:
        """Judge a message part by part; a single request costs one judgement for each clause."""
        least = float(self.choices["least_of_a_story"])
        return read(text, self.judge_each, self._splitting, least, self._doubt.is_rash)

    def needs_asking(self, text: str, meaning: Meaning) -> bool:
        """Whether a message of one request is asked about before anything is done."""
        return not meaning.parts and self._doubt.needs_asking(meaning.judgement, text)

    def nearest(self, text: str, count: int = 3) -> list[Neighbour]:
        """The training examples most like a text."""
        return self._judge.neighbours.nearest(self._encoder.encode(normalise(text)), count)

    def save(self, folder: Path) -> None:
        """Write everything but the encoder into a folder."""
        self._judge.model.save(folder)
        self._judge.neighbours.save(folder)
        (folder / CHOICES_FILE).write_text(json.dumps(self.choices, indent=2), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, encoder: Encoder) -> Understanding:
        """Read what `save` wrote; raises OSError, ValueError or KeyError when it cannot."""
        choices = json.loads((folder / CHOICES_FILE).read_text(encoding="utf-8"))
        return cls(Judge(LabelModel.load(folder), Neighbours.load(folder)), encoder, choices)
