"""The entity finder as Rasa sees it."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.catalogue_entities import catalogue_file
from bot.nlu.entities import EntityFinder
from bot.nlu.found import Found, described


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class EntityExtractor(GraphComponent, EntityExtractorMixin):
    """Finds what rules and the catalogue's words can tell for certain; it has nothing to learn."""

    def __init__(self) -> None:
        """Set the finder up."""
        self._finder = EntityFinder(catalogue_file())

    @staticmethod
    def required_packages() -> list[str]:
        """Packages that must be installed for this component."""
        return ["spacy"]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> EntityExtractor:
        """The component; its settings are its patterns."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Put the entities into each message, after those that are there already."""
        for message in messages:
            found = [entity_data(each) for each in self._finder.find(message.get(TEXT) or "")]
            message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)
        return messages


def entity_data(found: Found) -> dict[str, Any]:
    """An entity in Rasa's terms."""
    return {**described(found), "extractor": EntityExtractor.__name__}
