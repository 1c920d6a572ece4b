"""Other languages than English in the whole product: the notice, the ticket, and English again."""

from tests.conversations.dialogues.test_reports import REFERENCE, ticket_of
from tests.running_shop import RunningShop
from tests.visitor import Visitor


def test_spanish_gets_its_notice_and_one_ticket_and_english_goes_on(
    shop: RunningShop, alice: Visitor
) -> None:
    told = alice.say("hola, el cierre de mi collar se rompió")
    assert [m["lang"] for m in alice.newest] == ["en", "es"]
    assert alice.sections == {"3", "4.1", "5.1"}
    found = REFERENCE.search(told)
    assert found
    assert told.count(found[0]) == 2
    notice = alice.newest[0]
    assert notice["ticket"] == {"reference": found[0]}
    assert notice["promise"]["clause"].startswith("3")

    short = alice.say("quiero que me devuelvan el dinero")
    assert [m["lang"] for m in alice.newest] == ["es"]
    assert found[0] in short
    ticket = ticket_of(shop, alice)
    assert (ticket.category, ticket.ticket_class, ticket.language) == ("language", "general", "es")
    assert ticket.description == (
        "hola, el cierre de mi collar se rompió\n\nquiero que me devuelvan el dinero"
    )

    assert "1–2 business days" in alice.say("ok in english: how fast do you usually answer?")
    assert [m["lang"] for m in alice.page()["messages"] if m["sender"] == "visitor"] == [
        *("es", "es", "en")
    ]


def test_a_form_takes_a_description_in_french_and_marks_its_ticket(
    shop: RunningShop, alice: Visitor
) -> None:
    alice.say("my huggie earrings arrived broken")
    alice.say("order 1001")
    alice.say("alice@example.com")
    alice.say("Amélie de la Rue")
    assert alice.newest[-1]["asks"] == "description"
    shown = alice.say("le fermoir est cassé et la petite pierre est tombée")
    assert "la petite pierre" in shown
    assert alice.newest[-1]["asks"] == "confirm"
    alice.say("yes")
    ticket = ticket_of(shop, alice)
    assert (ticket.category, ticket.language, ticket.name) == ("damaged", "fr", "Amélie de la Rue")


def test_borrowed_words_leave_english_to_the_assistant(alice: Visitor) -> None:
    alice.say("merci! how fast do you usually answer?")
    assert [m["lang"] for m in alice.newest] == ["en"]
    assert "3" in alice.sections
    assert not any("ticket" in m for m in alice.newest)
