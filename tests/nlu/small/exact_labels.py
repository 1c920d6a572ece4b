"""Stands in for the classifier: a training message means its label, anything else nothing.

What a message means is measured elsewhere; what the dialogue does with it is tried here.
"""

from __future__ import annotations

import re
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

ENTITIES = {
    "email": re.compile(r"[\w.]+@[\w.]+\.\w+"),
    "order_number": re.compile(r"\b\d{4}\b"),
}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class ExactLabels(GraphComponent):
    """Knows the training messages by heart."""

    def __init__(self, labels: dict[str, str], storage: ModelStorage, resource: Resource) -> None:
        self._labels = labels
        self._storage = storage
        self._resource = resource

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ExactLabels:
        return cls({}, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        labels = {e.get("text"): e.get_full_intent() for e in training_data.intent_examples}
        with self._storage.write_to(self._resource) as folder:
            lines = "\n".join(f"{label}\t{text}" for text, label in labels.items())
            (folder / "labels").write_text(lines)
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> ExactLabels:
        with model_storage.read_from(resource) as folder:
            lines = [line.split("\t", 1) for line in (folder / "labels").read_text().splitlines()]
        return cls({text: label for label, text in lines}, model_storage, resource)

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = message.get("text")
            pieces = self._known_pieces(text)
            label = self._labels.get(pieces[0] if pieces else text, "nlu_fallback")
            family = label.split("/")[0]
            intent = {"name": family, "confidence": 0.9}
            message.set("intent", intent, add_to_output=True)
            message.set("intent_ranking", [{**intent, "name": label}], add_to_output=True)
            message.set("entities", _entities(text), add_to_output=True)
            # Labels with " ?? " between them are what the message might mean.
            offered = text.split(" ?? ") if " ?? " in text else []
            message.set("offered", offered, add_to_output=True)
            message.set("parts", [self._part(text, piece) for piece in pieces], add_to_output=True)
            if "/" in label:
                message.set("response_selector", _selected(label, family), add_to_output=True)
        return messages

    def _known_pieces(self, text: str) -> list[str]:
        """Training messages with " ++ " between them are the parts of one message."""
        pieces = text.split(" ++ ")
        return pieces if len(pieces) > 1 and all(each in self._labels for each in pieces) else []

    def _part(self, text: str, piece: str) -> dict[str, Any]:
        label = self._labels[piece]
        family = label.split("/")[0]
        start = text.index(piece)
        part = {
            "text": piece,
            "places": [[start, start + len(piece)]],
            "intent": {"name": family, "confidence": 0.9},
            "intent_ranking": [{"name": label, "confidence": 0.9}],
        }
        if "/" in label:
            part["intent"]["full_retrieval_intent_name"] = label
            part["response_selector"] = _selected(label, family)
        return part


def _entities(text: str) -> list[dict[str, Any]]:
    return [
        {"entity": name, "value": found.group(), "start": found.start(), "end": found.end()}
        for name, pattern in ENTITIES.items()
        for found in pattern.finditer(text)
    ]


def _selected(label: str, family: str) -> dict[str, Any]:
    response = {
        "intent_response_key": label,
        "utter_action": f"utter_{label}",
        "confidence": 0.9,
        "responses": None,
    }
    return {
        "all_retrieval_intents": ["faq", "not_covered", "out_of_scope", "product"],
        family: {"response": response, "ranking": []},
    }
