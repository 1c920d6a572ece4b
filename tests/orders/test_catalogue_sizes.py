"""A size that is asked for is compared with those of the catalogue, however it is written."""

import pytest

from bot.orders import Catalogue, ProductView
from bot.orders.catalogue_sizes import Sizes, read_sizes
from bot.storage import Database


def having(shop: Database, size: str, category: str) -> set[str]:
    """The pieces of a category that the catalogue itself writes with this size."""
    products = Catalogue(shop).products()
    return {p.name for p in products if p.category == category and size in p.sizes}


@pytest.mark.parametrize(
    ("text", "size", "category"),
    [
        ("which rings come in size 12", "12", "ring"),
        ("rings in a size twelve", "12", "ring"),
        ("do you have rings in an 11?", "11", "ring"),
        ("us 5 rings", "5", "ring"),
        ("what earrings do you have in 8mm", "8 mm", "earrings"),
        ("earrings 0.8 cm", "8 mm", "earrings"),
        ("huggies of 12 millimetres", "12 mm", "earrings"),
        ("a 20 inch necklace", "20 in", "necklace"),
        ("a 20-inch necklace", "20 in", "necklace"),
        ('necklaces 16"', "16 in", "necklace"),
        ("necklace in 16 in", "16 in", "necklace"),
        ("necklaces in size 16", "16 in", "necklace"),
        ("a 50.8 cm necklace", "20 in", "necklace"),
        ("necklaces longer than 18 inches", "20 in", "necklace"),
        ("bracelets in 6 1/2 inch", "6.5 in", "bracelet"),
        ("a bracelet of 6½ inches", "6.5 in", "bracelet"),
        ("bracelets under 7 inches", "6.5 in", "bracelet"),
        ("which bracelets are one size", "one size", "bracelet"),
        ("bracelets in size m", "medium", "bracelet"),
    ],
)
def test_only_the_pieces_that_come_in_the_size_are_found(
    shop: Database, text: str, size: str, category: str
) -> None:
    found = Catalogue(shop).search(text)
    assert {product.name for product in found.products} == having(shop, size, category) != set()


@pytest.mark.parametrize(
    ("text", "sizes"),
    [
        ("rings in size 11 or 12", {"11", "12"}),
        ("rings in sizes 5 to 6", {"5", "6"}),
        ("rings in size 10 or larger", {"10", "11", "12"}),
    ],
)
def test_any_of_several_sizes_will_do(shop: Database, text: str, sizes: set[str]) -> None:
    wanted = set().union(*(having(shop, size, "ring") for size in sizes))
    assert {product.name for product in Catalogue(shop).search(text).products} == wanted


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Do you sell a band ring in size 4 1/2?", "size 4.5"),
        ("rings in size 13", "size 13"),
        ("earrings of 7 mm", "7 mm"),
        ("a 45 cm necklace", "45 cm"),
        ("rings from 16 mm", "from 16 mm"),
    ],
)
def test_where_none_comes_in_the_size_the_nearest_are_told_apart_from_what_fits(
    shop: Database, text: str, said: str
) -> None:
    found = Catalogue(shop).search(text)
    assert found.matches == ()
    assert found.wish.sizes is not None
    assert found.wish.sizes.said == said
    assert found.of_other_sizes


def test_the_nearest_size_comes_first(shop: Database) -> None:
    def nearest(text: str) -> list[ProductView]:
        return list(Catalogue(shop).search(text).of_other_sizes)

    assert nearest("a ring in size 13")[0].sizes[-1] == "12"
    rings = nearest("size 4.5 ring")
    assert [("5" in ring.sizes) for ring in rings] == [True] * 4 + [False] * 3


def test_a_named_piece_that_lacks_the_size_is_still_the_one_that_is_meant(shop: Database) -> None:
    found = Catalogue(shop).search("the maren in 20 inch")
    assert found.one is None
    assert [product.name for product in found.of_other_sizes] == ["Maren pendant necklace"]


@pytest.mark.parametrize(
    "text",
    [
        "what size should i get",
        "rings under 40 dollars",
        "which bracelet for a 6 inch wrist",
        "a ring 2 mm wide",
        "14k gold",
        "do you have 3 in silver",
        "can you tell us",
        "does it come in more than one size",
        "a large order",
        "",
    ],
)
def test_what_is_no_size_is_taken_for_none(text: str) -> None:
    assert read_sizes(text) is None


def test_every_size_of_the_catalogue_is_read_as_it_is_written(shop: Database) -> None:
    def comes(product: ProductView, size: str) -> bool:
        wish = read_sizes(f"in size {size}")
        assert isinstance(wish, Sizes), size
        return wish.distance(product.sizes) == 0

    for product in Catalogue(shop).products():
        assert all(comes(product, size) for size in product.sizes)
