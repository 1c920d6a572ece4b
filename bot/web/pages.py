"""The demonstration shop, the static files, and whether the product is alive and ready."""

import asyncio
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sanic import Blueprint, HTTPResponse, Request, html, json
from sanic.exceptions import NotFound

from bot.app import Services
from bot.assistant import Assistant
from bot.orders import ProductView

FOLDER = Path(__file__).resolve().parent
STATIC = re.compile(r"/static\b")
# The names of our files. What the file system makes of others is not worth finding out.
FILE = re.compile(
    r"/(static/shop|static/console|static/cases)(/[\w-]+)*/[\w-]+(\.[\w-]+)+", re.ASCII
)
LONGEST_PATH = 200


class Pages:
    """Server-rendered pages; everything that is filled in is escaped."""

    def __init__(self) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(FOLDER / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def render(self, template: str, **values: Any) -> str:
        """The page of this template."""
        return self._environment.get_template(template).render(**values)


def pages(services: Services, rendering: Pages, assistant: Assistant) -> Blueprint:
    """`/`, `/healthz`, `/readyz` and the static files."""
    routes = Blueprint("pages")
    routes.static("/static/shop", FOLDER / "static" / "shop", name="shop_files")
    routes.static("/static/console", FOLDER / "static" / "console", name="console_files")
    routes.static("/static/cases", FOLDER / "static" / "cases", name="case_files")

    @routes.on_request
    async def only_files(request: Request) -> None:
        path = request.path
        if STATIC.match(path) and (len(path) > LONGEST_PATH or not FILE.fullmatch(path)):
            raise NotFound

    @routes.get("/")
    async def shop(_: Request) -> HTTPResponse:
        products = await asyncio.to_thread(services.catalogue.products)
        return html(
            rendering.render(
                "shop/index.html",
                products=[_product(p) for p in products],
                demonstration=services.settings.demonstration,
            )
        )

    @routes.get("/healthz")
    async def alive(_: Request) -> HTTPResponse:
        return json({"alive": True})

    @routes.get("/readyz")
    async def ready(_: Request) -> HTTPResponse:
        database, rasa = await asyncio.gather(
            asyncio.to_thread(services.database.answers), assistant.is_ready()
        )
        actions = await _actions_answer(assistant, services)
        parts = {"database": database, "rasa": rasa, "actions": actions}
        return json({"ready": all(parts.values()), **parts}, 200 if all(parts.values()) else 503)

    return routes


async def _actions_answer(assistant: Assistant, services: Services) -> bool:
    url = services.settings.actions_url
    return url is None or await assistant.reaches(f"{url}/health")


def _product(product: ProductView) -> Mapping[str, Any]:
    return {
        "slug": product.slug,
        "name": product.name,
        "category": product.category,
        "material": ", ".join(product.materials),
        "price_text": f"{product.currency} {product.price_cents / 100:,.2f}",
        "stock_text": "In stock" if product.in_stock else "Out of stock",
        "picture": product.picture or "ring.svg",
    }
