"""What is asked about a piece is answered from the catalogue, or it is asked which one is meant."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.products import ProductBook, TellProduct
from bot.assistant import TitledButton, Wording, Words
from bot.orders import Catalogue
from bot.orders.demonstration import load_demonstration
from bot.policy import load_policy
from bot.settings import Settings
from bot.storage import Database
from tests.actions.pieces import ProductsInMemory, piece

REFERRING_LEAVES = ("materials", "sizing", "care", "availability", "price")


@pytest.fixture
def shop(database: Database) -> Catalogue:
    """The demonstration's catalogue."""
    load_demonstration(database, datetime(2026, 3, 4, 15, 0, tzinfo=UTC))
    return Catalogue(database)


class Asked:
    """One question as Rasa passes it to the action, and what came of it."""

    def __init__(
        self,
        leaf: str,
        text: str = "",
        *,
        chosen: str | None = None,
        remembered: str | None = None,
        products: ProductBook | None = None,
        events: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        entities = [{"entity": "product", "value": chosen}] if chosen else []
        label = f"product/{leaf}"
        intent = {"name": "product", "full_retrieval_intent_name": label, "confidence": 0.9}
        message = {"intent": intent, "text": text, "entities": entities}
        slots = {"product": remembered}
        tracker = Tracker("alice.1", slots, message, list(events), False, None, {}, "action_listen")
        dispatcher = CollectingDispatcher()
        action = TellProduct(products or ProductsInMemory())
        self.events = asyncio.run(action.run(dispatcher, tracker, {}))
        (self.reply,) = dispatcher.messages

    @property
    def response(self) -> str:
        return str(self.reply["response"])

    @property
    def titles(self) -> list[str]:
        """The titles of the buttons that the action adds."""
        return [button["title"] for button in self.reply["buttons"] or []]

    @property
    def remembers(self) -> Any:
        return self.events[0]["value"] if self.events else None

    @property
    def said(self) -> Wording:
        """The reply as a visitor reads it."""
        settings = Settings()
        words = Words(settings.responses_dir, load_policy(settings.policy_file))
        buttons = [TitledButton(**button) for button in self.reply["buttons"] or []]
        return words.say(self.response, self.reply, buttons)


@pytest.mark.parametrize(
    ("leaf", "text", "told"),
    [
        ("materials", "what is the maren made of", "brass, rose quartz"),
        ("sizing", "which sizes does the nola come in", "8 mm, 10 mm"),
        ("care", "how do I clean the arlo", "Polish with a silver cloth."),
        ("availability", "have you got the arlo", "40 at the moment"),
        ("availability", "is the isolde available", "out of stock"),
        ("price", "how much is the nola", "38.50 USD"),
        ("browse", "show me the nola", "38.50 USD"),
        ("browse", "show me the isolde", "out of stock"),
    ],
)
def test_a_piece_that_is_clearly_meant_is_told_of_and_remembered(
    leaf: str, text: str, told: str
) -> None:
    asked = Asked(leaf, text)
    assert told in asked.said.text
    assert {"1"} <= {source["section"] for source in asked.said.sources}
    assert str(asked.remembers) in {p.slug for p in ProductsInMemory().pieces}


@pytest.mark.parametrize("leaf", REFERRING_LEAVES)
@pytest.mark.parametrize(
    "text", ["how about it", "does it come in gold", "and this one?", "price?"]
)
def test_it_is_the_piece_last_shown(leaf: str, text: str) -> None:
    assert Asked(leaf, text, remembered="arlo-band-ring").remembers == "arlo-band-ring"


def test_the_ring_is_the_ring_last_shown() -> None:
    asked = Asked("price", "how much is the ring", remembered="arlo-band-ring")
    assert asked.said.text.startswith("Arlo band ring")


@pytest.mark.parametrize("text", ["how much is the nola", "price of the cheapest earrings"])
def test_another_name_or_kind_is_not_the_piece_last_shown(text: str) -> None:
    remembered = Asked("price", text, remembered="arlo-band-ring").remembers
    assert remembered in ("nola-huggie-earrings", "pippa-huggie-earrings")


def test_of_several_the_first_are_offered_as_buttons_with_the_same_question() -> None:
    asked = Asked("price", "how much are the hoops")
    assert "from 32.00 USD to 64.00 USD" in asked.said.text
    assert asked.titles == [
        "Pippa huggie earrings",
        "Nola huggie earrings",
        "Odette huggie earrings",
    ]
    pressed = asked.said.buttons[1]
    assert pressed["label"] == "product/price"
    again = Asked("price", pressed["title"], chosen=pressed["entities"]["product"])
    assert "38.50 USD" in again.said.text


@pytest.mark.parametrize("leaf", [*REFERRING_LEAVES, "browse"])
def test_several_are_told_apart_line_by_line(leaf: str) -> None:
    text = Asked(leaf, "the hoops").said.text
    assert text.count("\n• ") == 3
    for name in ("Pippa", "Nola", "Odette"):
        assert name in text


def test_what_is_sold_out_is_not_offered_as_in_stock() -> None:
    text = Asked("browse", "earrings").said.text
    in_stock, sold_out = text.split("Out of stock:")
    assert "Pippa" in in_stock
    assert "Odette" in sold_out


def test_no_empty_heading_stands_where_all_are_in_stock() -> None:
    assert "Out of stock" not in Asked("browse", "earrings under 40").said.text


def test_never_more_than_five_lines_and_three_buttons() -> None:
    many = ProductsInMemory(tuple(piece(f"Piece{n}x band ring", "ring") for n in range(20)))
    asked = Asked("browse", "rings", products=many)
    assert asked.said.text.count("•") == 5
    assert "20 that fit" in asked.said.text
    assert len(asked.titles) == 3


@pytest.mark.parametrize("leaf", REFERRING_LEAVES)
def test_without_a_word_of_the_catalogues_it_is_asked_which_piece_is_meant(leaf: str) -> None:
    asked = Asked(leaf, "can you tell me please")
    assert asked.response == "utter_product_which"
    assert asked.titles == ["Earrings", "Ring", "Necklace"]
    assert Asked(leaf, "Ring", chosen="ring").response == f"utter_product_several_{leaf}"


def test_is_it_real_silver_is_not_about_every_silver_piece() -> None:
    assert Asked("materials", "is it real silver").response == "utter_product_which"


def test_a_name_that_is_not_in_the_catalogue_is_said_not_to_be_found() -> None:
    asked = Asked("price", "how much is the zelda ring")
    assert "“zelda”" in asked.said.text
    assert asked.titles == ["Arlo band ring", "Plain band ring", "Isolde band ring"]
    assert asked.remembers is None


@pytest.mark.parametrize(
    ("text", "lacking", "titles"),
    [
        ("any brooches?", "brooch", ["Earrings", "Ring", "Necklace"]),
        ("a platinum brooch", "brooch", ["Earrings", "Ring", "Necklace"]),
        ("do you have studs", "stud", ["Pippa huggie earrings", "Nola huggie earrings"]),
        ("diamond ring", "diamond", ["Arlo band ring", "Plain band ring"]),
    ],
)
def test_what_the_shop_does_not_have_is_said_with_what_it_has(
    text: str, lacking: str, titles: list[str]
) -> None:
    asked = Asked("browse", text)
    assert f"“{lacking}”" in asked.said.text
    assert asked.titles[: len(titles)] == titles


def test_asking_whether_it_is_a_diamond_gets_what_the_catalogue_says() -> None:
    assert "rose quartz" in Asked("materials", "is that a diamond in the maren").said.text


def test_nothing_within_the_price_is_said_so() -> None:
    assert Asked("browse", "rings under 5 dollars").response == "utter_product_none"


def test_browsing_without_a_wish_offers_the_kinds() -> None:
    asked = Asked("browse", "what do you sell")
    assert asked.response == "utter_product_kinds"
    assert asked.said.buttons[0]["entities"] == {"product": "earrings"}


@pytest.mark.parametrize("leaf", ["materials", "sizing", "care"])
def test_what_the_catalogue_does_not_say_is_not_said(leaf: str) -> None:
    asked = Asked(leaf, "the plain ring", chosen="plain-band-ring")
    assert asked.response == "utter_product_not_said"
    assert "1–2 business days" in asked.said.text


def test_stock_of_a_piece_without_sizes_is_told_without_them() -> None:
    assert "sizes" not in Asked("availability", chosen="plain-band-ring").said.text


def test_whether_a_piece_can_be_customised_a_person_says() -> None:
    asked = Asked("customization", "can you engrave the arlo")
    assert "1–2 business days" in asked.said.text
    assert [button["label"] for button in asked.said.buttons] == ["talk_to_human"]


def test_a_button_of_a_piece_that_is_gone_finds_what_is_like_it() -> None:
    asked = Asked("price", "Greer band ring", chosen="greer-band-ring")
    assert asked.response == "utter_product_several_price"


@pytest.mark.parametrize("leaf", [*REFERRING_LEAVES, "browse"])
def test_an_empty_catalogue_leads_to_a_person(leaf: str) -> None:
    asked = Asked(leaf, "rings", products=ProductsInMemory(()))
    assert asked.response == "utter_product_empty"
    assert [button["label"] for button in asked.said.buttons] == ["talk_to_human"]


def test_braces_in_a_products_name_are_only_text() -> None:
    odd = ProductsInMemory((piece("Odd {shop} ring", "ring"), piece("Even {0} ring", "ring")))
    said = Asked("price", "rings", products=odd).said
    assert "Odd {shop} ring" in said.text
    assert said.buttons[0]["title"] == "Odd {shop} ring"


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("do you have the arlo in size 12", "arlo-band-ring"),
        ("the maren in 20 inch", "maren-pendant-necklace"),
        ("the dune cuff in size large", "dune-cuff-bracelet"),
    ],
)
@pytest.mark.parametrize("leaf", ["availability", "sizing", "browse", "price"])
def test_of_a_piece_that_lacks_the_size_it_is_said_in_which_it_comes(
    shop: Catalogue, leaf: str, text: str, slug: str
) -> None:
    asked, product = Asked(leaf, text, products=shop), shop.find(slug)
    assert product is not None
    assert asked.said.text.startswith(f"Our catalogue doesn't list {product.name} in “")
    assert f"comes in: {', '.join(product.sizes)}." in asked.said.text
    assert "in stock" not in asked.said.text
    assert asked.remembers == slug


def test_of_named_pieces_of_which_one_lacks_the_size_all_are_told_with_theirs(
    shop: Catalogue,
) -> None:
    text = Asked("sizing", "do the sable and the arlo come in size 12", products=shop).said.text
    assert "Sable band ring: 7, 8, 9, 10, 11, 12\n" in text
    assert "Arlo band ring: 5, 6, 7, 8, 9, 10\n" in text


def test_the_size_is_asked_of_the_piece_last_shown(shop: Catalogue) -> None:
    asked = Asked("availability", "and in size 12?", remembered="arlo-band-ring", products=shop)
    assert "doesn't list Arlo band ring in “size 12”" in asked.said.text
    asked = Asked("availability", "is it there in 10?", remembered="arlo-band-ring", products=shop)
    assert asked.said.text.startswith("Arlo band ring is in stock")


def test_only_pieces_that_come_in_the_size_are_listed_with_their_sizes(shop: Catalogue) -> None:
    text = Asked("browse", "what earrings do you have in 8mm", products=shop).said.text
    having = [p for p in shop.products() if "8 mm" in p.sizes]
    assert text.startswith(f"Our catalogue has {len(having)} that fit, {len(having)} of them in")
    assert text.count("•") == len(having)
    assert all(f"{p.name}, " in text and f"({', '.join(p.sizes)})" in text for p in having)
    assert "counts all sizes of a piece together" in text


def test_where_none_comes_in_the_size_the_nearest_are_told_with_their_sizes(
    shop: Catalogue,
) -> None:
    text = Asked("availability", "a band ring in size 4 1/2?", products=shop).said.text
    rings = [p for p in shop.products() if p.category == "ring"]
    assert text.startswith(f"None of the {len(rings)} that fit otherwise comes in “size 4.5”.")
    assert "Arlo band ring, 44.00 USD (5, 6, 7, 8, 9, 10)" in text
    assert "Sable" not in text


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("are all rings in stock", "ring"),
        ("do you have earrings", "earrings"),
        ("necklaces", "necklace"),
    ],
)
def test_of_all_it_is_said_how_many_are_in_stock_and_what_is_sold_out_is_listed(
    shop: Catalogue, text: str, category: str
) -> None:
    said = Asked("availability", text, products=shop).said.text
    pieces = [p for p in shop.products() if p.category == category]
    there = sum(p.in_stock for p in pieces)
    assert said.startswith(f"Our catalogue has {len(pieces)} that fit, {there} of them in stock.")
    assert "Here are 5 of them" in said
    assert all(p.name in said.split("Out of stock:")[1] for p in pieces if not p.in_stock)


def test_whether_a_kind_is_gold_is_told_of_all_of_the_kind(shop: Catalogue) -> None:
    text = Asked(
        "materials", "are the band rings real gold or just plated", products=shop
    ).said.text
    rings = [p for p in shop.products() if p.category == "ring"]
    assert f"has {len(rings)} that fit" in text
    assert "Here are" not in text
    for ring in rings:
        assert re.search(rf"{ring.name}[^:•]*: {', '.join(ring.materials)}\n", text)


@pytest.mark.parametrize(
    ("leaf", "text"),
    [("materials", "are the cuffs silver"), ("browse", "cheapest ring in size 12")],
)
def test_a_kind_with_one_piece_is_that_piece(shop: Catalogue, leaf: str, text: str) -> None:
    assert Asked(leaf, text, products=shop).remembers in ("dune-cuff-bracelet", "sable-band-ring")


def test_a_piece_that_was_named_in_vain_is_meant_by_what_follows(shop: Catalogue) -> None:
    def said(text: str) -> dict[str, str]:
        return {"event": "user", "text": text}

    shown = {"event": "slot", "name": "product", "value": "arlo-band-ring"}
    events = [said("the arlo"), shown, said("and the marlow?"), said("how much is it")]
    asked = Asked(
        "price", "how much is it", remembered="arlo-band-ring", products=shop, events=events
    )
    assert asked.remembers == "marlow-band-ring"
    events = [said("and the marlow?"), shown, said("how much is it")]
    asked = Asked(
        "price", "how much is it", remembered="arlo-band-ring", products=shop, events=events
    )
    assert asked.remembers == "arlo-band-ring"


def test_a_piece_that_is_to_be_engraved_is_meant_by_what_follows(shop: Catalogue) -> None:
    asked = Asked(
        "customization", "can the marlow be engraved", remembered="arlo-band-ring", products=shop
    )
    assert asked.remembers == "marlow-band-ring"


def test_after_other_pieces_it_is_no_longer_the_piece_shown_before(shop: Catalogue) -> None:
    asked = Asked("price", "how much are necklaces", remembered="arlo-band-ring", products=shop)
    assert asked.events[0]["value"] is None
    asked = Asked("browse", "other rings please", remembered="arlo-band-ring", products=shop)
    assert asked.events == []
