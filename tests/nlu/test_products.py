"""A piece is asked about through the real rules and slots, alone and in the middle of a form."""

from __future__ import annotations

from tests.nlu.conftest import Dialogue


def test_a_pressed_piece_is_told_of_and_meant_by_the_next_question(alice: Dialogue) -> None:
    assert alice.press("product/price", product="arlo-band-ring") == ["utter_product/price"]
    assert alice.args["price"] == "44.00 USD"
    assert alice.press("product/sizing") == ["utter_product/sizing"]
    assert alice.args["sizes"] == "5, 6, 7"


def test_a_choice_comes_with_buttons_that_the_channel_takes_back(alice: Dialogue) -> None:
    assert alice.press("product/price", product="ring") == ["utter_product_several_price"]
    (reply,) = alice.answer["replies"]
    assert [button["title"] for button in reply["buttons"]] == [
        "Arlo band ring",
        "Plain band ring",
        "Isolde band ring",
    ]
    pressed = reply["buttons"][0]
    assert alice.press(pressed["label"], **pressed["entities"]) == ["utter_product/price"]


def test_a_leaf_without_a_piece_has_its_fixed_answer(alice: Dialogue) -> None:
    assert alice.press("product/customization") == ["utter_product/customization"]


def test_in_the_middle_of_a_form_it_is_answered_and_the_form_goes_on(alice: Dialogue) -> None:
    alice.press("track_order")
    asked = alice.asks
    said = alice.press("product/availability", product="isolde-band-ring")
    assert said[0] == "utter_product_availability_sold_out"
    assert len(said) == 2
    assert (alice.form, alice.asks) == ("request_form", asked)
