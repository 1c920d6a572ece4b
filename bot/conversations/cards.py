"""The cards beside an answer: a piece with its picture, an order with how far it is."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.assistant import Reply
from bot.storage.tables import Product

MOST = 3
PICTURES = "/static/shop/"
# What an action says of an order it has looked up for its owner, and of nothing else.
_OF_AN_ORDER = frozenset({"order_number", "state"})
# What an action says of the one piece that an answer is about. A piece that is only remembered
# is an argument of later answers, too.
_OF_A_PIECE = frozenset({"product", "piece"})


def cards_of(session: Session, reply: Reply) -> list[dict[str, Any]]:
    """The cards of an answer, in the shape of the visitor API; most answers have none."""
    if reply.args.keys() >= _OF_AN_ORDER:
        return [_order(reply.args)]
    if reply.args.keys() >= _OF_A_PIECE:
        return _products(session, [str(reply.args["product"])])
    offered = [b.entities.get("product") for b in reply.buttons if b.label.startswith("product/")]
    return _products(session, [slug for slug in offered if slug][:MOST])


def _order(args: Mapping[str, Any]) -> dict[str, Any]:
    """Its number, how far it is and where its parcel was seen; never a street or a payment."""
    told = (args.get("carrier"), args.get("tracking_number"), args.get("last_event"))
    return {
        "kind": "order",
        "title": str(args["order_number"]),
        "lines": [str(line) for line in told if line],
        "image": None,
        "link": None,
        "status": str(args["state"]).replace("_", " ").capitalize(),
    }


def _products(session: Session, slugs: list[str]) -> list[dict[str, Any]]:
    if not slugs:
        return []
    rows = session.scalars(select(Product).where(Product.slug.in_(slugs)))
    found = {product.slug: product for product in rows}
    return [_product(found[slug]) for slug in slugs if slug in found]


def _product(product: Product) -> dict[str, Any]:
    price = f"{product.price_cents // 100}.{product.price_cents % 100:02d} {product.currency}"
    materials = ", ".join(str(material) for material in product.materials)
    return {
        "kind": "product",
        "title": product.name,
        "lines": [line for line in (materials, price) if line],
        "image": f"{PICTURES}{product.picture}" if product.picture else None,
        "link": None,
        "status": "in stock" if product.stock > 0 else "sold out",
    }
