"""The cards beside answers: of the piece or the order that the answer is about, and of no other."""

import pytest

from bot.app import Services
from bot.assistant import Reply, TitledButton, TurnAnswer
from bot.assistant.turn import State
from bot.conversations.intake import Started
from bot.conversations.transcript import MessageView
from bot.orders.demonstration import load_demonstration
from tests.conversations.cast import lease, send, transcript


@pytest.fixture
def alice(services: Services) -> Started:
    load_demonstration(services.database, services.clock())
    return services.intake.start()


def said(services: Services, alice: Started, reply: Reply) -> MessageView:
    send(services, alice, "tell me")
    told = TurnAnswer(replies=[reply], state=State(), understood=[])
    services.answering.store(lease(services, alice), told)
    return transcript(services, alice)[-1]


def a_slug(services: Services) -> str:
    return services.catalogue.products()[0].slug


def test_an_answer_about_a_piece_shows_it(services: Services, alice: Started) -> None:
    piece = services.catalogue.products()[0]
    args = {"product": piece.slug, "piece": piece.name, "price": "1", "materials": "gold"}
    shown = said(services, alice, Reply(response="utter_product/price", args=args))
    [card] = shown.cards
    assert (card["kind"], card["title"]) == ("product", piece.name)
    assert card["image"] == f"/static/shop/{piece.picture}"
    assert card["status"] == ("in stock" if piece.in_stock else "sold out")


def test_an_answer_about_several_shows_those_it_offers(services: Services, alice: Started) -> None:
    pieces = services.catalogue.products()[:2]
    buttons = [
        TitledButton(label="product/price", title=p.name, entities={"product": p.slug})
        for p in pieces
    ]
    shown = said(services, alice, Reply(response="utter_greet", buttons=buttons))
    assert [card["title"] for card in shown.cards] == [piece.name for piece in pieces]


def test_a_piece_that_is_only_remembered_is_not_shown(services: Services, alice: Started) -> None:
    args = {"product": a_slug(services)}
    assert said(services, alice, Reply(response="utter_greet", args=args)).cards == []


def test_kinds_of_pieces_have_no_card(services: Services, alice: Started) -> None:
    buttons = [TitledButton(label="product/browse", title="Rings", entities={"product": "ring"})]
    assert said(services, alice, Reply(response="utter_greet", buttons=buttons)).cards == []


def test_an_order_shows_how_far_it_is_and_never_a_street(
    services: Services, alice: Started
) -> None:
    args = {
        "order_number": "1001",
        "state": "in_preparation",
        "carrier": "Parcels",
        "tracking_number": "T1",
        "last_event": "Left the warehouse",
        "last_event_at": "2026-11-16T10:00:00+00:00",
        "email": "alice@example.com",
        "name": "Alice",
    }
    shown = said(services, alice, Reply(response="utter_order_in_preparation", args=args))
    assert shown.cards == [
        {
            "kind": "order",
            "title": "1001",
            "lines": ["Parcels", "T1", "Left the warehouse"],
            "image": None,
            "link": None,
            "status": "In preparation",
        }
    ]
