"""The catalogue lists the shop's products and finds one."""

from bot.orders import Catalogue
from bot.storage import Database


def test_about_thirty_products_of_every_kind_are_listed(shop: Database) -> None:
    products = Catalogue(shop).products()
    assert len(products) == 30
    assert {p.category for p in products} == {"necklace", "earrings", "ring", "bracelet"}
    assert {p.picture for p in products} == {
        "necklace.svg",
        "earrings.svg",
        "ring.svg",
        "bracelet.svg",
    }
    assert any(not p.in_stock for p in products)
    assert all(p.materials and p.sizes and p.care for p in products)


def test_a_product_is_found_by_its_lasting_name(shop: Database) -> None:
    product = Catalogue(shop).find("maren-pendant-necklace")
    assert product is not None
    assert product.name == "Maren pendant necklace"
    assert (product.price_cents, product.currency) == (4800, "USD")
    assert product.sizes == ("16 in", "18 in")
    assert product.in_stock


def test_an_unknown_product_is_not_found(shop: Database) -> None:
    assert Catalogue(shop).find("no-such-thing") is None
