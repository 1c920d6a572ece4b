"""People's words find the pieces of the catalogue: with slips, by other names, within a price."""

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from bot.orders import Catalogue, Found
from bot.storage import Database
from bot.storage.tables import Product

HUGGIES = {"Pippa", "Nola", "Ines", "Bryn", "Odette", "Wren", "Tamsin", "Lark"}
RINGS = {"Arlo", "Greer", "Sable", "Isolde", "Fenna", "Quill", "Marlow"}


def found(shop: Database, text: str) -> Found:
    return Catalogue(shop).search(text)


def names(shop: Database, text: str) -> set[str]:
    """The first names of all that was found."""
    return {product.name.split()[0] for product in found(shop, text).products}


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("which sizes does the Greer come in", "Greer"),
        ("the Calla, how much", "Calla"),
        ("is the cuff in stock in medium", "Dune"),
        ("Is the Tilde's pendant real silver all the way through?", "Tilde"),
        ("the string on the bead bracelet, is that elastic or cotton", "Briony"),
        ("do you still have the pearl huggies", "Odette"),
        ("what is the price on the one with the citrine", "Saffi"),
        ("that pendant with the green stone, can it still be bought", "Juniper"),
        ("price of the steel hoops", "Bryn"),
        ("hello that ring with the rose gold in size 8 have you got it", "Fenna"),
        ("ear rings, my budget is $30", "Bryn"),
        ("What is the cheapest ring you sell?", "Quill"),
        ("how expensive is the most expensive thing you have", "Thea"),
    ],
)
def test_one_piece_is_clearly_meant(shop: Database, text: str, meant: str) -> None:
    one = found(shop, text).one
    assert one is not None
    assert one.name.startswith(meant)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("price of arlo rign", "Arlo"),
        ("wat does teh jnuiper cost", "Juniper"),
        ("oddete earings", "Odette"),
        ("brin huggys", "Bryn"),
        ("thia braclet", "Thea"),
        ("the linea neckless", "Linnea"),
        ("onix necklace", "Vesper"),
        ("marlo ring", "Marlow"),
    ],
)
def test_a_slip_is_forgiven_and_is_a_little_less_sure(
    shop: Database, text: str, meant: str
) -> None:
    search = found(shop, text)
    assert search.one is not None
    assert search.one.name.startswith(meant)
    assert 0.75 <= search.matches[0].sureness <= 1


def test_an_exact_name_is_surer_than_a_slip(shop: Database) -> None:
    exact, slip = found(shop, "greer ring"), found(shop, "grier ring")
    assert exact.one == slip.one
    assert exact.matches[0].sureness == 1
    assert slip.matches[0].sureness < 1


@pytest.mark.parametrize(
    "text",
    [
        "when were these made",
        "call me then",
        "also the same for all of them",
        "can i order online at all",
        "do you write something on the back in Greek letters",
        "can hand sanitizer ruin it",
        "what size should i get",
        "",
        "???",
    ],
)
def test_everyday_words_are_no_slips_of_a_name(shop: Database, text: str) -> None:
    search = found(shop, text)
    assert search.wish.is_empty
    assert search.matches == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rings", RINGS),
        ("hoops plz", HUGGIES),
        ("earings, wat do you have", HUGGIES),
        ("all the huggies", HUGGIES),
        ("pearls", {"Ondine", "Odette", "Thea"}),
        ("silber neclace under 70", {"Tilde", "Vesper"}),
        ("necklaces under fifty dollars", {"Maren", "Linnea", "Corra"}),
        ("braclets for under thirty five", {"Briony", "Rowan"}),
        ("rings $40-50", {"Arlo", "Fenna"}),
        ("a ring between 50 and 55", {"Isolde", "Marlow"}),
        ("bracelets over $70", {"Esme", "Thea"}),
        ("gold huggies around 50", {"Ines", "Tamsin"}),
        ("50 to 55 dollar rings", {"Isolde", "Marlow"}),
        ("bracelets not over 31", {"Briony", "Rowan"}),
        ("rose gold", {"Linnea", "Wren", "Fenna"}),
        ("the maren, the pippa and the quill", {"Maren", "Pippa", "Quill"}),
    ],
)
def test_a_kind_a_material_and_a_price_find_all_that_fit(
    shop: Database, text: str, expected: set[str]
) -> None:
    search = found(shop, text)
    assert names(shop, text) == expected
    assert search.one is None


@pytest.mark.parametrize("text", ["a ring under 8 inches", "size 8 ring", "rings from 16 mm"])
def test_a_length_or_a_size_is_no_price(shop: Database, text: str) -> None:
    assert not found(shop, text).wish.has_price


def test_what_can_be_bought_comes_before_what_is_sold_out(shop: Database) -> None:
    in_stock = [product.in_stock for product in found(shop, "necklaces").products]
    assert in_stock == sorted(in_stock, reverse=True)


def test_earrings_with_silver_posts_are_no_silver_earrings(shop: Database) -> None:
    products = found(shop, "silver earrings").products
    assert {p.name.split()[0] for p in products} == {"Nola", "Odette", "Lark"}
    assert all("sterling silver" in p.materials for p in products)
    assert names(shop, "silver earrings under 40 dollars") == {"Nola"}
    assert names(shop, "earrings with silver posts") == {"Pippa", "Wren"}


def test_a_piece_of_silver_comes_before_one_with_some(shop: Database) -> None:
    assert [p.name.split()[0] for p in found(shop, "silver bracelets").products] == [
        "Calla",
        "Thea",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("are the band rings real gold or just plated", RINGS),
        ("are rings silver", RINGS),
        ("is the gold on the gold huggies real", {"Ines", "Pippa", "Tamsin", "Wren"}),
        ("what are silver band rings made of", {"Arlo", "Isolde", "Marlow"}),
        ("what is gold", set()),
    ],
)
def test_a_material_said_of_a_kind_leaves_none_of_the_kind_out(
    shop: Database, text: str, expected: set[str]
) -> None:
    assert {p.name.split()[0] for p in found(shop, text).of_kind} == expected


@pytest.mark.parametrize(
    ("text", "lacking", "nearest"),
    [
        ("do you have studs", "stud", "earrings"),
        ("do u have chokers", "choker", "necklace"),
        ("have you any brooches", "brooch", None),
        ("do you keep watches as well", "watch", None),
    ],
)
def test_a_kind_that_is_not_sold_is_named_with_what_comes_nearest(
    shop: Database, text: str, lacking: str, nearest: str | None
) -> None:
    search = found(shop, text)
    assert (search.wish.lacking, search.nearest_category) == (lacking, nearest)
    assert search.matches == ()


@pytest.mark.parametrize(
    ("text", "lacking"), [("a diamond ring", "diamond"), ("anything in white gold", "white gold")]
)
def test_a_material_that_no_piece_has_is_named(shop: Database, text: str, lacking: str) -> None:
    assert found(shop, text).wish.lacking_material == lacking


def test_a_kind_counts_as_sold_as_soon_as_the_catalogue_has_it(shop: Database) -> None:
    with shop.write() as session:
        _add(session, "Ava stud earrings")
    search = found(shop, "do you have studs")
    assert search.wish.lacking is None
    assert search.one is not None
    assert search.one.name == "Ava stud earrings"


@pytest.mark.parametrize("text", ["how much is the zelda necklace", "Is the Zelda in stock"])
def test_a_name_that_no_piece_has_is_told_apart(shop: Database, text: str) -> None:
    assert found(shop, text).wish.unknown_name == "zelda"


def test_pieces_of_one_name_are_told_apart_by_their_kind(shop: Database) -> None:
    with shop.write() as session:
        _add(session, "Maren huggie earrings")
    assert len(found(shop, "how much is the maren").products) == 2
    one = found(shop, "how much are the maren hoops").one
    assert one is not None
    assert one.name == "Maren huggie earrings"


def test_an_empty_catalogue_finds_nothing(empty: Database) -> None:
    assert found(empty, "the greer ring under 50").matches == ()


def test_a_search_is_one_query_however_large_the_catalogue(shop: Database) -> None:
    def queries() -> int:
        asked: list[str] = []

        def count(*execution: object) -> None:
            asked.append(str(execution[2]))

        event.listen(shop.engine, "before_cursor_execute", count)
        found(shop, "the grier band ring in silver under 60")
        event.remove(shop.engine, "before_cursor_execute", count)
        return sum(query.lstrip().upper().startswith("SELECT") for query in asked)

    few = queries()
    with shop.write() as session:
        for n in range(300):
            _add(session, f"Piece{n} chain bracelet")
    assert queries() == few == 1


def _add(session: Session, name: str) -> None:
    session.add(
        Product(
            slug=name.lower().replace(" ", "-"),
            name=name,
            category="bracelet" if "bracelet" in name else "earrings",
            materials=["sterling silver"],
            sizes=["one size"],
            care="Keep it dry.",
            stock=1,
            price_cents=2000,
            currency="USD",
            demonstration=True,
        )
    )
