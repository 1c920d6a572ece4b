"""The pages of mail: what was written, what became of it, and never a script of anybody's."""

from bot.app import Services, delivery_of
from tests.conftest import SetClock
from tests.mail.cast import acknowledge, new_ticket
from tests.web.console.browser import Browser


def test_a_trial_shows_its_mails_and_says_that_none_leaves(
    bob: Browser, services: Services, clock: SetClock
) -> None:
    assert "No mail has been written yet." in bob.page("mail")
    ticket = new_ticket(services, clock())
    acknowledge(services, ticket, clock())
    page = bob.page("mail")
    assert f"We have your request {ticket.reference}" in page
    assert "waiting" in page
    assert "nothing leaves this machine" in page
    delivery_of(services).work()
    assert ">sent<" in bob.page("mail")
    page = bob.page("mail/1")
    assert "A person replies by Wednesday 18 November" in page
    assert ">sent<" in page


def test_what_a_visitor_wrote_is_shown_as_text(
    bob: Browser, services: Services, clock: SetClock
) -> None:
    acknowledge(services, new_ticket(services, clock(), name="<script>alert(1)</script>"), clock())
    page = bob.page("mail/1")
    assert "<script>alert(1)" not in page
    assert "Hello &lt;script&gt;alert(1)&lt;/script&gt;," in page


def test_a_mail_that_there_is_not_says_so(bob: Browser) -> None:
    answer = bob.http.get("/console/mail/77")
    assert answer.status_code == 404
    assert "There is no such mail." in answer.text
    assert bob.http.get("/console/mail/99999999999999999999").status_code == 404
