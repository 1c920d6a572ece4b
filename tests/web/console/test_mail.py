"""The pages of mail: what was written, what became of it, and never a script of anybody's."""

from bot.app import Services, delivery_of
from tests.conftest import SetClock
from tests.mail.cast import acknowledge, mail_stands_still, new_ticket
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


def test_mail_that_stands_still_is_told_on_the_queue_and_on_the_mails(
    bob: Browser, services: Services, clock: SetClock
) -> None:
    said = "535 5.7.8 <wrong password>"
    hidden = 'data-show="mail_stands" hidden'
    assert hidden in bob.page()
    assert "No mail has left" not in bob.page("mail")
    mail_stands_still(services, clock(), said)
    clock.pass_time(minutes=10)
    for page in (bob.page(), bob.page("mail")):
        assert hidden not in page
        assert 'No mail has left since <span data-text="mail_since">10:00</span>' in page
        assert "535 5.7.8 &lt;wrong password&gt;" in page
    view = bob.http.get("/console/events").json()["view"]
    assert (view["mail_stands"], view["mail_since"], view["mail_said"]) == (True, "10:00", said)
