"""The shop's products, to be listed, looked up and searched in people's words."""

from sqlalchemy import select

from bot.orders.catalogue_search import Found, search
from bot.orders.views import ProductView
from bot.storage import Database
from bot.storage.tables import Product


class Catalogue:
    """The products on sale. Every method may raise bot.storage.DatabaseUnavailable."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def products(self) -> tuple[ProductView, ...]:
        """All products, by category and name."""
        with self._database.read() as session:
            found = session.scalars(select(Product).order_by(Product.category, Product.name))
            return tuple(_view(product) for product in found)

    def find(self, slug: str) -> ProductView | None:
        """The product with this lasting name, or None."""
        with self._database.read() as session:
            product = session.scalar(select(Product).where(Product.slug == slug))
            return None if product is None else _view(product)

    def search(self, text: str) -> Found:
        """The products that this text means, the likeliest first, each with how sure that is."""
        return search(self.products(), text)


def _view(product: Product) -> ProductView:
    return ProductView(
        slug=product.slug,
        name=product.name,
        category=product.category,
        materials=tuple(product.materials),
        sizes=tuple(product.sizes),
        care=product.care,
        stock=product.stock,
        price_cents=product.price_cents,
        currency=product.currency,
        picture=product.picture,
    )
