"""Answers what is asked about the shop's pieces, from the catalogue and from nothing else."""

import asyncio
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.answers import entity_of, is_pressed, text_of
from actions.forms import Domain
from bot.orders import Found, ProductView

FAMILY = "product"
# What is told of a piece, by the leaf that asks for it. Any other leaf has one fixed answer.
TOLD = frozenset({"materials", "sizing", "care", "availability", "price", "browse"})
LISTED = 5
BUTTONS = 3

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


@dataclass(frozen=True)
class Told:
    """An answer: its response, arguments and buttons, and the product to remember."""

    response: str
    args: Mapping[str, str] = field(default_factory=dict)
    buttons: Sequence[Mapping[str, Any]] = ()
    product: str | None = None


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
        if leaf not in TOLD:
            dispatcher.utter_message(response=f"utter_{FAMILY}/{leaf}")
            return []
        told = await asyncio.to_thread(
            self._told, leaf, tracker.latest_message, tracker.get_slot("product")
        )
        dispatcher.utter_message(response=told.response, buttons=list(told.buttons), **told.args)
        return [SlotSet("product", told.product)] if told.product else []

    def _told(self, leaf: str, message: Mapping[str, Any], remembered: str | None) -> Told:
        meant = self._meant(leaf, message, remembered)
        if isinstance(meant, ProductView):
            return _one(leaf, meant)
        if lacking := _lacking(leaf, meant):
            nearest = meant.nearest_category
            products = self._products.search(nearest).products if nearest else meant.products
            return self._lacks(leaf, lacking, products)
        if meant.one:
            return _one(leaf, meant.one)
        # "Is it real gold?" is not about every golden piece.
        vague = bool(_POINTS_BACK.search(text_of(message))) and not meant.wish.kinds
        if meant.products and (leaf == "browse" or not vague):
            return _several(leaf, meant.products)
        if leaf == "browse" and meant.wish.is_empty:
            return self._kinds("utter_product_kinds", leaf)
        unknown = not meant.products and not meant.wish.is_empty
        return self._kinds("utter_product_none" if unknown else "utter_product_which", leaf)

    def _meant(
        self, leaf: str, message: Mapping[str, Any], remembered: str | None
    ) -> ProductView | Found:
        # In words a name may have a slip or mean a kind: there the catalogue is searched.
        chosen = entity_of(message, "product") if is_pressed(message) else None
        if chosen:
            return self._products.find(chosen) or self._products.search(chosen)
        text = text_of(message)
        found = self._products.search(text)
        last = self._products.find(remembered) if remembered and leaf != "browse" else None
        return last if last and _points_to(last, leaf, text, found) else found

    def _lacks(self, leaf: str, lacking: str, products: Sequence[ProductView]) -> Told:
        """What was asked for is not there: what comes nearest, else the kinds there are."""
        if not products:
            return self._kinds("utter_product_lacking", leaf, asked=lacking)
        return Told(
            "utter_product_lacking_but",
            {"asked": lacking, **_by_stock(products[:LISTED])},
            _choices(leaf, products),
        )

    def _kinds(self, response: str, leaf: str, **args: str) -> Told:
        kinds = dict.fromkeys(product.category for product in self._products.products())
        if not kinds:
            return Told("utter_product_empty")
        return Told(response, args, [_button(leaf, kind.capitalize(), kind) for kind in kinds])


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
    fits = last in found.products
    if _POINTS_BACK.search(text) and not wish.lacking and (fits or not wish.kinds):
        return True
    if wish.is_empty or (leaf == "materials" and not wish.kinds):
        return not (wish.lacking or wish.unknown_name)
    return fits and not found.one and bool(_MAY_POINT_BACK.search(text))


def _lacking(leaf: str, found: Found) -> str | None:
    """What the catalogue was asked for in vain, in the visitor's word."""
    wish = found.wish
    if wish.names:
        return None
    # "Is the stone a diamond?" asks about a piece, "a diamond ring" asks for one.
    material = wish.lacking_material if leaf in ("browse", "availability", "price") else None
    name = None if leaf == "browse" or found.one else wish.unknown_name
    return wish.lacking or material or name


def _one(leaf: str, product: ProductView) -> Told:
    said = {
        "materials": ", ".join(product.materials),
        "sizing": ", ".join(product.sizes),
        "care": product.care,
    }
    response = f"utter_{FAMILY}/{leaf}"
    if leaf in said and not said[leaf]:
        response = "utter_product_not_said"
    elif leaf in ("availability", "browse") and not product.in_stock:
        response = f"utter_product_{leaf}_sold_out"
    args = {
        "product": product.slug,
        "piece": product.name,
        "materials": said["materials"],
        "sizes": said["sizing"],
        "care": said["care"],
        "price": price(product),
        "stock": str(product.stock),
    }
    return Told(response, {k: v for k, v in args.items() if v}, product=product.slug)


def _several(leaf: str, products: Sequence[ProductView]) -> Told:
    shown = products[:LISTED]
    prices = sorted(products, key=lambda product: product.price_cents)
    args = {"count": str(len(products)), "lowest": price(prices[0]), "highest": price(prices[-1])}
    if leaf in ("availability", "browse"):
        args |= _by_stock(shown)
    else:
        args |= {"pieces": _lines(f"{p.name}: {_fact(leaf, p)}" for p in shown if _fact(leaf, p))}
    return Told(f"utter_product_several_{leaf}", args, _choices(leaf, products))


def _fact(leaf: str, product: ProductView) -> str:
    values = {"materials": product.materials, "sizing": product.sizes, "care": (product.care,)}
    return ", ".join(values.get(leaf, (price(product),)))


def _by_stock(products: Sequence[ProductView]) -> dict[str, str]:
    """The pieces with their prices, those that can be bought apart from those that cannot."""
    lines = {
        name: _lines(f"{p.name}, {price(p)}" for p in products if p.in_stock is in_stock)
        for name, in_stock in (("in_stock", True), ("sold_out", False))
    }
    return {name: line for name, line in lines.items() if line}


def _lines(pieces: Iterable[str]) -> str:
    return "".join(f"\n• {piece}" for piece in pieces)


def _choices(leaf: str, products: Sequence[ProductView]) -> list[dict[str, Any]]:
    return [_button(leaf, product.name, product.slug) for product in products[:BUTTONS]]


def _button(leaf: str, title: str, product: str) -> dict[str, Any]:
    return {"title": title, "label": f"{FAMILY}/{leaf}", "entities": {"product": product}}


def price(product: ProductView) -> str:
    """The price as the catalogue has it, with its currency."""
    return f"{product.price_cents // 100}.{product.price_cents % 100:02d} {product.currency}"
