"""An agent sets the format of mails that a visitor asked for (§5.2), and reads how replies go."""

import pytest

from bot.app import Services
from bot.conversations.intake import Started
from bot.tickets import Tickets
from bot.web.console.transcript import GOES_BY_MAIL, GOES_TO_CHAT_OR_MAIL, GOES_TO_THE_CHAT
from tests.mail.incoming_cast import shop_of, written
from tests.web.console.browser import Browser

ALICE = "alice@example.com"


def test_bob_keeps_large_print_for_alice(bob: Browser, alice: Started, services: Services) -> None:
    conversation = f"conversations/{alice.id}"
    assert f"To {ALICE}" in bob.page(conversation)
    kept = bob.press(f"{conversation}/format", address=ALICE, large_print="1")
    assert kept.headers["location"] == f"/console/{conversation}#formats"
    assert 'name="large_print" value="1" checked' in bob.page(conversation)
    bob.press(f"{conversation}/format", address=ALICE)
    view = services.formats.of_address("Alice@Example.com")
    assert view is not None
    assert not view.large_print


@pytest.mark.parametrize("claimed", ["mallory@example.org", "", "Alice"])
def test_only_for_an_address_of_the_conversation(
    bob: Browser, alice: Started, services: Services, claimed: str
) -> None:
    refused = bob.press(f"conversations/{alice.id}/format", address=claimed, plain_text="1")
    assert refused.status_code == 400
    view = services.formats.of_address("mallory@example.org")
    assert view is not None
    assert not view.plain_text


def test_the_help_beside_a_reply_says_how_it_gets_to_the_visitor(
    bob: Browser, alice: Started, services: Services
) -> None:
    assert GOES_TO_CHAT_OR_MAIL in bob.page(f"conversations/{alice.id}")
    assert GOES_TO_THE_CHAT in bob.page(f"conversations/{services.intake.start().id}")
    shop = shop_of(services, Tickets(services.policy, services.calendar))
    mail = written("My necklace came broken.", sender="Carol <carol@example.net>")
    mailed = shop.takes_and_works(mail).conversation_id
    assert GOES_BY_MAIL in bob.page(f"conversations/{mailed}")
