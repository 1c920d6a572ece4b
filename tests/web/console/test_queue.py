"""The queue page: who waits, what is due, and the switch between available and away."""

from bot.app import Services
from bot.conversations.intake import Started
from bot.web.console.entrance import COOKIE
from tests.conftest import SetClock
from tests.conversations.cast import answer, lease, send
from tests.web.console.browser import Browser


def test_the_queue_shows_who_waits_and_what_is_due(
    bob: Browser, alice: Started, clock: SetClock
) -> None:
    clock.pass_time(minutes=7)
    page = bob.page()
    assert "Alice" in page
    assert "my &lt;b&gt;clasp&lt;/b&gt; broke" in page
    assert f'href="/console/conversations/{alice.id}"' in page
    for shown in ("Damaged", "urgent", "Wed 18 Nov, 10:00", "23 h 53 min left", "1001"):
        assert shown.lower() in page.lower()


def test_a_reply_that_is_overdue_says_by_how_much(
    bob: Browser, alice: Started, services: Services, clock: SetClock
) -> None:
    services.accounts.sign_out(bob.http.cookies[COOKIE])
    clock.pass_time(days=1, minutes=25)
    bob.sign_in("bob@example.com")
    assert "25 min overdue" in bob.page()


def test_the_switch_sets_an_agent_available_and_away(bob: Browser, services: Services) -> None:
    cookie = bob.http.cookies[COOKIE]

    def available() -> bool:
        who = services.accounts.who(cookie)
        return who is not None and who.available

    assert "You are <strong>available</strong>" in bob.page()
    bob.press("availability", available="no")
    assert not available()
    assert "You are <strong>away</strong>" in bob.page()
    bob.press("availability", available="yes")
    assert available()


def test_what_the_policy_does_not_say_is_shown_with_how_often_it_was_asked(
    bob: Browser, services: Services, clock: SetClock
) -> None:
    assert "Nothing yet." in bob.page()
    visitor = services.intake.start(time_zone="America/New_York")
    for _ in range(2):
        clock.pass_time(minutes=1)
        send(services, visitor, "which cards do you take")
        label = "not_covered/payment_methods"
        services.answering.store(lease(services, visitor), answer(f"utter_{label}", label=label))
    page = bob.page()
    row = page[page.index('data-key="not_covered/payment_methods"') :]
    assert "payment methods" in row
    assert '<span data-text="asked">2</span>' in row
    assert "10:02" in row


def test_a_ticket_in_another_language_says_so_in_the_queue_and_beside_its_conversation(
    bob: Browser, services: Services
) -> None:
    assert "Written in" not in bob.page()
    visitor = services.intake.start(time_zone="America/New_York")
    send(services, visitor, "el cierre de mi collar se rompió")
    services.answering.store_language_notice(lease(services, visitor), "es")
    assert ">Written in Spanish<" in bob.page()
    page = bob.page(f"conversations/{visitor.id}")
    assert ">Written in Spanish<" in page
    assert "the visitor writes in another language than English" in page
    assert "el cierre de mi collar se rompió" in page
