"""The classifier as Rasa sees it: plain intents, families with their leaves, and fallback."""

from __future__ import annotations

import logging
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.doubt import worth_offering
from bot.nlu.encoder import Encoder, encoder_folder
from bot.nlu.judgement import Judgement
from bot.nlu.parts import Meaning, Part
from bot.nlu.understanding import Understanding

logger = logging.getLogger(__name__)

NOT_UNDERSTOOD = "nlu_fallback"
RANKED = 10
RANKED_OF_A_PART = 3


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LabelClassifier(IntentClassifier, GraphComponent):
    """Decides between all labels at once, so that a family is never sure while its leaf is not."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`off_topic_label`: the label whose examples stand for what is not the shop's business."""
        return {"off_topic_label": "out_of_scope/unrelated"}

    @staticmethod
    def required_packages() -> list[str]:
        """Packages that must be installed for this component."""
        return ["onnxruntime", "tokenizers", "sklearn"]

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        understanding: Understanding | None = None,
    ) -> None:
        """Without an understanding the component must be trained first."""
        self._off_topic = str(config["off_topic_label"])
        self._storage = storage
        self._resource = resource
        self._understanding = understanding

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LabelClassifier:
        """An untrained component."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LabelClassifier:
        """The component of a trained model; raises EncoderMissing or ValueError if it cannot be."""
        with model_storage.read_from(resource) as folder:
            understanding = Understanding.load(folder, Encoder(encoder_folder()))
        return cls(config, model_storage, resource, understanding)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn all labels, leaves included, and store what was learned."""
        pairs = [
            (example.get(TEXT), example.get_full_intent())
            for example in training_data.intent_examples
            if example.get(TEXT) and example.get(INTENT)
        ]
        encoder = Encoder(encoder_folder())
        self._understanding = Understanding.trained(pairs, encoder, self._off_topic)
        with self._storage.write_to(self._resource) as folder:
            self._understanding.save(folder)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Nothing after this component learns from its judgements."""
        return training_data

    def process(self, messages: list[Message], tracker: DialogueStateTracker) -> list[Message]:
        """Put intent, ranking, chosen leaf and, where there are several requests, parts into each.

        What answers a form is one thing, however many sentences it has, so it has no parts.
        """
        if self._understanding is None:
            raise RuntimeError("The classifier is asked before it was trained.")
        families = families_of(self._understanding.choices["labels"])
        for message in messages:
            text = message.get(TEXT) or ""
            if tracker.active_loop_name:
                meaning = Meaning(self._understanding.judge(text))
                doubted = self._understanding.is_an_answer(meaning.judgement)
            else:
                meaning = self._understanding.read(text)
                doubted = self._understanding.needs_asking(text, meaning)
            for key, value in parse_data(meaning.judgement, families, doubted).items():
                message.set(key, value, add_to_output=True)
            message.set("parts", [part_data(part) for part in meaning.parts], add_to_output=True)
        return messages


def families_of(labels: list[str] | dict[str, int]) -> list[str]:
    """The names before a slash, in order."""
    return sorted({label.split("/")[0] for label in labels if "/" in label})


def parse_data(judgement: Judgement, families: list[str], doubted: bool = False) -> dict[str, Any]:
    """A judgement in Rasa's terms; one that is `doubted` is asked about, as what is not accepted.

    `intent` is the plain label, the leaf's family, or `nlu_fallback` (with the confidence that it
    is not the best label). `intent_ranking` holds full labels, the best first even in a fallback.
    `margin` is how far the second label is behind the first, `off_topic` the score that the text is
    not for the assistant to answer, both 0 to 1. `offered` are the labels to ask about, two where
    they are close, three where nothing is sure.
    `response_selector` names the leaf of the best label, where that is one.
    """
    sure = judgement.accepted and not doubted
    name = judgement.label.split("/")[0] if sure else NOT_UNDERSTOOD
    confidence = judgement.confidence if sure else 1.0 - judgement.confidence
    selector: dict[str, Any] = {"all_retrieval_intents": families}
    for family in families:
        leaves = [pair for pair in judgement.ranking if pair[0].startswith(family + "/")]
        selector[family] = _selection(leaves)
    return {
        INTENT: {"name": name, "confidence": confidence},
        INTENT_RANKING_KEY: [
            {"name": label, "confidence": share} for label, share in judgement.ranking[:RANKED]
        ],
        "margin": judgement.margin,
        "off_topic": judgement.off_topic,
        "offered": [] if sure else worth_offering(judgement, doubted=doubted),
        "response_selector": selector,
    }


def part_data(part: Part) -> dict[str, Any]:
    """One part's judgement in Rasa's terms: enough to go on with it, also some messages later."""
    label, family = part.judgement.label, part.judgement.label.split("/")[0]
    data: dict[str, Any] = {
        TEXT: part.text,
        "places": [list(place) for place in part.places],
        INTENT: {"name": family, "confidence": part.judgement.confidence},
        INTENT_RANKING_KEY: [
            {"name": each, "confidence": sure}
            for each, sure in part.judgement.ranking[:RANKED_OF_A_PART]
        ],
    }
    if family != label:
        data[INTENT]["full_retrieval_intent_name"] = label
        data["response_selector"] = {
            "all_retrieval_intents": [family],
            family: _selection([(label, part.judgement.confidence)]),
        }
    return data


def _selection(leaves: list[tuple[str, float]]) -> dict[str, Any]:
    label, sure = leaves[0]
    return {
        "response": {
            "responses": None,
            "confidence": sure,
            "intent_response_key": label,
            "utter_action": f"utter_{label}",
        },
        "ranking": [
            {"intent_response_key": leaf, "confidence": leaf_sure} for leaf, leaf_sure in leaves
        ],
    }
