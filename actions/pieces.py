"""Puts pieces of the catalogue into the values of an answer: one, several or the nearest."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.orders import ProductView
from bot.orders.catalogue_sizes import Sizes

FAMILY = "product"
LISTED = 5
BUTTONS = 3
_SOLD_OUT_LISTED = 2  # at least, of those there are, where it is asked what is in stock


@dataclass(frozen=True)
class Told:
    """An answer: its response, arguments and buttons, and the product to remember.

    `others` are the pieces that it is about where it is about more than one.
    """

    response: str
    args: Mapping[str, str] = field(default_factory=dict)
    buttons: Sequence[Mapping[str, Any]] = ()
    product: str | None = None
    others: Sequence[ProductView] = ()


def one(leaf: str, product: ProductView, *, size: str | None = None) -> Told:
    """What was asked of this piece; `size` is one that was asked for and that it lacks."""
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
        "size": size or "",
    }
    return Told(response, {k: v for k, v in args.items() if v}, product=product.slug)


def several(leaf: str, products: Sequence[ProductView], sizes: Sizes | None = None) -> Told:
    """What was asked of these pieces, which are said to be more where not all have a line."""
    prices = sorted(products, key=lambda product: product.price_cents)
    args = {"count": str(len(products)), "lowest": price(prices[0]), "highest": price(prices[-1])}
    if leaf in ("availability", "browse"):
        shown = _of_both(products) if leaf == "availability" else products[:LISTED]
        told = len(shown)
        args |= _by_stock(shown, with_sizes=sizes is not None)
        args["available"] = str(sum(product.in_stock for product in products))
        args["size"] = sizes.said if sizes else ""
    else:
        lines, told = _facts(leaf, products)
        args["pieces"] = _lines(lines)
    if told < len(products):
        args["first"] = str(told)
    args = {name: value for name, value in args.items() if value}
    choices = _choices(leaf, products)
    return Told(f"utter_product_several_{leaf}", args, choices, others=products)


def nearest(leaf: str, size: str, products: Sequence[ProductView]) -> Told:
    """That none of these comes in this size, but in which they do."""
    if len(products) == 1:
        return one("sizing", products[0], size=size)
    return instead(leaf, products, {"count": str(len(products)), "size": size}, with_sizes=True)


def instead(
    leaf: str, products: Sequence[ProductView], args: Mapping[str, str], *, with_sizes: bool = False
) -> Told:
    """The first of these pieces, for what `args` say is not there."""
    lines = _by_stock(products[:LISTED], with_sizes=with_sizes)
    choices = _choices(leaf, products)
    return Told("utter_product_lacking_but", {**args, **lines}, choices, others=products)


def _of_both(products: Sequence[ProductView]) -> list[ProductView]:
    """As many as are listed, with some that are sold out where some are."""
    in_stock = [product for product in products if product.in_stock]
    sold_out = [product for product in products if not product.in_stock]
    kept = min(len(sold_out), max(_SOLD_OUT_LISTED, LISTED - len(in_stock)))
    return [*in_stock[: LISTED - kept], *sold_out[:kept]]


def _facts(leaf: str, products: Sequence[ProductView]) -> tuple[list[str], int]:
    """A line for each piece, or for each fact where only so all have one; and of how many."""
    by_fact: dict[str, list[str]] = {}
    for product in products:
        if fact := _fact(leaf, product):
            by_fact.setdefault(fact, []).append(product.name)
    if len(products) > LISTED >= len(by_fact):
        lines = [f"{', '.join(names)}: {fact}" for fact, names in by_fact.items()]
        return lines, sum(map(len, by_fact.values()))
    lines = [f"{p.name}: {fact}" for p in products[:LISTED] if (fact := _fact(leaf, p))]
    return lines, len(lines)


def _fact(leaf: str, product: ProductView) -> str:
    values = {"materials": product.materials, "sizing": product.sizes, "care": (product.care,)}
    return ", ".join(values.get(leaf, (price(product),)))


def _by_stock(products: Sequence[ProductView], *, with_sizes: bool = False) -> dict[str, str]:
    """The pieces with their prices, those that can be bought apart from those that cannot."""
    lines = {
        name: _lines(_priced(p, with_sizes) for p in products if p.in_stock is in_stock)
        for name, in_stock in (("in_stock", True), ("sold_out", False))
    }
    return {name: line for name, line in lines.items() if line}


def _priced(product: ProductView, with_sizes: bool) -> str:
    sizes = f" ({', '.join(product.sizes)})" if with_sizes and product.sizes else ""
    return f"{product.name}, {price(product)}{sizes}"


def _lines(pieces: Iterable[str]) -> str:
    return "".join(f"\n• {piece}" for piece in pieces)


def _choices(leaf: str, products: Sequence[ProductView]) -> list[dict[str, Any]]:
    return [button(leaf, product.name, product.slug) for product in products[:BUTTONS]]


def button(leaf: str, title: str, product: str) -> dict[str, Any]:
    """A button that asks the same of this product, or of this kind."""
    return {"title": title, "label": f"{FAMILY}/{leaf}", "entities": {"product": product}}


def price(product: ProductView) -> str:
    """The price as the catalogue has it, with its currency."""
    return f"{product.price_cents // 100}.{product.price_cents % 100:02d} {product.currency}"
