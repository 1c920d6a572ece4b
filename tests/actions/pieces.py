"""A small catalogue in memory, searched as the shop's own is."""

from dataclasses import dataclass

from bot.orders import Found, ProductView
from bot.orders.catalogue_search import search

SILVER_CARE = "Polish with a silver cloth."


def piece(
    name: str,
    category: str,
    materials: tuple[str, ...] = ("sterling silver",),
    *,
    sizes: tuple[str, ...] = ("one size",),
    care: str = SILVER_CARE,
    stock: int = 3,
    price_cents: int = 4000,
) -> ProductView:
    """One piece, in dollars."""
    slug = name.lower().replace(" ", "-")
    return ProductView(
        slug, name, category, materials, sizes, care, stock, price_cents, "USD", None
    )


PIECES = (
    piece("Pippa huggie earrings", "earrings", ("gold-plated brass",), price_cents=3200),
    piece("Nola huggie earrings", "earrings", sizes=("8 mm", "10 mm"), price_cents=3850),
    piece("Odette huggie earrings", "earrings", ("freshwater pearl",), stock=0, price_cents=6400),
    piece("Arlo band ring", "ring", sizes=("5", "6", "7"), stock=40, price_cents=4400),
    piece("Isolde band ring", "ring", stock=0, price_cents=5100),
    piece("Plain band ring", "ring", (), sizes=(), care="", price_cents=1000),
    piece("Maren pendant necklace", "necklace", ("brass", "rose quartz"), price_cents=4800),
)


@dataclass(frozen=True)
class ProductsInMemory:
    """The product book of the tests."""

    pieces: tuple[ProductView, ...] = PIECES

    def products(self) -> tuple[ProductView, ...]:
        return self.pieces

    def find(self, slug: str) -> ProductView | None:
        return next((each for each in self.pieces if each.slug == slug), None)

    def search(self, text: str) -> Found:
        return search(self.pieces, text)
