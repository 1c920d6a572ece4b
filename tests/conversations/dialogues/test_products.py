"""Pieces asked about in people's words are answered from the demonstration's catalogue."""

import pytest

from tests.visitor import Visitor


def titles(alice: Visitor) -> list[str]:
    """The newest answer's buttons."""
    return [button["title"] for button in alice.newest[-1]["buttons"]]


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("what is the Vesper necklace made of?", "sterling silver, black onyx"),
        ("what sizes does the Arlo ring come in?", "5, 6, 7, 8, 9, 10"),
        ("how do I clean the Corra necklace?", "warm water with mild soap"),
        ("is the Nola in stock?", "Nola huggie earrings is in stock: 27"),
        ("is the Isolde ring still available?", "out of stock"),
        ("how much does the Greer ring cost?", "56.00 USD"),
        ("how much is the grier ring", "56.00 USD"),
        ("price of the pearl braclet?", "88.00 USD"),
    ],
)
def test_a_question_about_a_piece_gets_what_the_catalogue_says(
    alice: Visitor, asked: str, told: str
) -> None:
    assert told in alice.say(asked)
    assert "1" in alice.sections
    assert alice.state == "bot"


def test_it_is_the_piece_spoken_of_before(alice: Visitor) -> None:
    alice.say("what is the Sable ring made of?")
    assert "36.00 USD" in alice.say("how much is it?")
    assert "Sable band ring" in alice.say("is it in stock?")
    assert "56.00 USD" in alice.say("and how much is the Greer?")


def test_of_several_one_is_picked_by_its_button(alice: Visitor) -> None:
    told = alice.say("how much are the hoops?")
    assert "from 26.00 USD to 64.00 USD" in told
    picked = titles(alice)[0]
    assert len(titles(alice)) == 4
    assert picked in alice.press(picked)


def test_of_several_one_is_picked_by_typing_it(alice: Visitor) -> None:
    alice.say("how much are the hoops?")
    second = titles(alice)[1]
    assert alice.say(second.lower()).startswith(second)


def test_browsing_shows_what_fits_with_price_and_stock(alice: Visitor) -> None:
    told = alice.say("show me necklaces under 50 dollars")
    for part in ("Maren pendant necklace, 48.00 USD", "Linnea", "Corra"):
        assert part in told
    assert "Thea" not in told
    assert "In stock" in told


def test_browsing_without_a_wish_goes_by_kinds(alice: Visitor) -> None:
    alice.say("what do you sell?")
    assert "Bracelet" in titles(alice)
    told = alice.press("Bracelet")
    assert "Rowan cord bracelet, 22.00 USD" in told
    assert told.count("•") == 5


@pytest.mark.parametrize(
    ("asked", "lacking"),
    [("do you sell brooches?", "brooch"), ("how much is the Zelda necklace?", "zelda")],
)
def test_what_is_not_in_the_catalogue_is_said_not_to_be(
    alice: Visitor, asked: str, lacking: str
) -> None:
    assert f"“{lacking}”" in alice.say(asked)
    assert len(titles(alice)) > 1


def test_which_piece_is_meant_is_asked_and_the_question_kept(alice: Visitor) -> None:
    assert "Which piece" in alice.say("how much does it cost?")
    alice.press("Ring")
    assert "USD" in alice.press(titles(alice)[0])


def test_whether_it_can_be_engraved_a_person_says(alice: Visitor) -> None:
    told = alice.say("can you engrave a name on a ring?")
    assert "1–2 business days" in told
    assert titles(alice) == ["Talk to a person"]


def test_in_the_middle_of_a_form_it_is_answered_and_the_form_goes_on(alice: Visitor) -> None:
    alice.say("where is my order?")
    told = alice.say("how much does the Greer ring cost?")
    assert "56.00 USD" in told
    assert alice.newest[-1]["asks"] == "order_number"
    alice.say("1001")
    assert "DEMO-1001-3471" in alice.say("alice@example.com")
