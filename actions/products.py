"""Answers what is asked about the shop's pieces, from the catalogue and from nothing else."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.details import entity_of
from actions.forms import Domain
from actions.messages import is_pressed, text_of
from actions.pieces import FAMILY, Told, button, instead, nearest, one, several
from bot.orders import Found, ProductView

# What is told of a piece, by the leaf that asks for it. Any other leaf has one fixed answer.
TOLD = frozenset({"materials", "sizing", "care", "availability", "price", "browse"})
MESSAGES_BACK = 3  # in which a piece may have been named that nothing was told of

_POINTS_BACK = re.compile(r"\b(?:it|its|it's|they|them)\b", re.I)
_MAY_POINT_BACK = re.compile(r"\b(?:the|this|that|these|those)\b", re.I)


class ProductBook(Protocol):
    """Where products are looked up."""

    def products(self) -> tuple[ProductView, ...]:
        """All products."""

    def find(self, slug: str) -> ProductView | None:
        """The product with this lasting name, or None."""

    def search(self, text: str) -> Found:
        """The products that this text means, the likeliest first."""


class TellProduct(Action):  # type: ignore[misc]  # rasa_sdk has no types
    """Tells what the catalogue says of the piece that is meant, or asks which one it is."""

    def __init__(self, products: ProductBook) -> None:
        self._products = products

    def name(self) -> str:
        return "action_product"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Domain
    ) -> list[EventType]:
        leaf = leaf_of(tracker.latest_message)
        remembered = tracker.get_slot("product")
        told = await asyncio.to_thread(
            self._told, leaf, tracker.latest_message, remembered, _said_since(tracker.events)
        )
        dispatcher.utter_message(response=told.response, buttons=list(told.buttons), **told.args)
        if told.product:
            return [SlotSet("product", told.product)]
        others = {product.slug for product in told.others}
        return [SlotSet("product", None)] if others and remembered not in others else []

    def _told(
        self, leaf: str, message: Mapping[str, Any], remembered: str | None, said: Sequence[str]
    ) -> Told:
        if leaf not in TOLD:
            named = self._named([text_of(message)])
            return Told(f"utter_{FAMILY}/{leaf}", product=named.slug if named else None)
        found = self._meant(leaf, message, remembered, said)
        if lacking := _lacking(leaf, found):
            near = found.nearest_category
            products = self._products.search(near).products if near else _of_any_size(found)
            return self._lacks(leaf, lacking, products)
        # "Are the rings gold" is about all rings, also about those of steel.
        products = found.of_kind if leaf == "materials" and found.of_kind else found.products
        if found.wish.sizes and not products and found.of_other_sizes:
            return nearest(leaf, found.wish.sizes.said, found.of_other_sizes)
        if found.wish.names and products and found.of_other_sizes:
            return several("sizing", (*products, *found.of_other_sizes))
        if found.one and (found.wish.order or len(products) == 1):
            return one(leaf, found.one)
        # "Is it real gold?" is not about every golden piece.
        vague = bool(_POINTS_BACK.search(text_of(message))) and not found.wish.kinds
        if products and (leaf == "browse" or not vague):
            return several(leaf, products, found.wish.sizes)
        if leaf == "browse" and found.wish.is_empty:
            return self._kinds("utter_product_kinds", leaf)
        unknown = not products and not found.wish.is_empty
        return self._kinds("utter_product_none" if unknown else "utter_product_which", leaf)

    def _meant(
        self, leaf: str, message: Mapping[str, Any], remembered: str | None, said: Sequence[str]
    ) -> Found:
        # In words a name may have a slip or mean a kind: there the catalogue is searched.
        chosen = entity_of(message, "product") if is_pressed(message) else None
        if chosen:
            product = self._products.find(chosen)
            return Found.only(product) if product else self._products.search(chosen)
        text = text_of(message)
        found = self._products.search(text)
        if leaf == "browse" or found.wish.names:
            return found
        last = self._named(said) or (self._products.find(remembered) if remembered else None)
        pointed = last and _points_to(last, leaf, text, found)
        return Found.only(last, found.wish.sizes) if last and pointed else found

    def _named(self, texts: Sequence[str]) -> ProductView | None:
        """The piece that the first of these texts names, where one names one."""
        for text in texts:
            found = self._products.search(text)
            if found.wish.names:
                products = _of_any_size(found)
                return products[0] if len(products) == 1 else None
        return None

    def _lacks(self, leaf: str, lacking: str, products: Sequence[ProductView]) -> Told:
        """What was asked for is not there: what comes nearest, else the kinds there are."""
        if not products:
            return self._kinds("utter_product_lacking", leaf, asked=lacking)
        return instead(leaf, products, {"asked": lacking})

    def _kinds(self, response: str, leaf: str, **args: str) -> Told:
        kinds = dict.fromkeys(product.category for product in self._products.products())
        if not kinds:
            return Told("utter_product_empty")
        return Told(response, args, [button(leaf, kind.capitalize(), kind) for kind in kinds])


def _said_since(events: Sequence[Mapping[str, Any]]) -> list[str]:
    """What the visitor wrote after a piece was last told of and before now, the newest first.

    "And the Marlow?" may not have been understood, but "how much is it" means it.
    """
    said: list[str] = []
    for event in reversed(events):
        if event.get("event") == "slot" and event.get("name") == "product":
            break
        if event.get("event") == "user":
            said.append(str(event.get("text") or ""))
    return said[1 : MESSAGES_BACK + 1]


def leaf_of(message: Mapping[str, Any]) -> str:
    """The leaf of the family that the message was taken for. Raises KeyError for another one."""
    label = (message.get("intent") or {}).get("full_retrieval_intent_name")
    if not label:
        label = message["response_selector"][FAMILY]["response"]["intent_response_key"]
    family, _, leaf = str(label).partition("/")
    if family != FAMILY:
        raise KeyError(label)
    return leaf


def _points_to(last: ProductView, leaf: str, text: str, found: Found) -> bool:
    """Whether the product last shown is what the text is about."""
    wish = found.wish
    if wish.names or wish.order:
        return False
    fits = last in (*found.products, *found.of_other_sizes) or (
        leaf == "materials" and last in found.of_kind
    )
    if _POINTS_BACK.search(text) and not wish.lacking and (fits or not wish.kinds):
        return True
    if wish.is_empty or (leaf == "materials" and not wish.kinds):
        return not (wish.lacking or wish.unknown_name)
    return fits and not found.one and bool(_MAY_POINT_BACK.search(text))


def _of_any_size(found: Found) -> tuple[ProductView, ...]:
    return found.products or found.of_other_sizes


def _lacking(leaf: str, found: Found) -> str | None:
    """What the catalogue was asked for in vain, in the visitor's word."""
    wish = found.wish
    if wish.names:
        return None
    # "Is the stone a diamond?" asks about a piece, "a diamond ring" asks for one.
    material = wish.lacking_material if leaf in ("browse", "availability", "price") else None
    name = None if leaf == "browse" or found.one else wish.unknown_name
    return wish.lacking or material or name
