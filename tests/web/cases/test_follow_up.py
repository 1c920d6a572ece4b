"""The rating of a case and the end of follow-ups: by a visitor's button, never by a fetch."""

import re
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select

from bot.app import Services
from bot.cases import ANSWERS
from bot.conversations.intake import Started
from bot.storage.tables import Ticket
from tests.at_once import at_once
from tests.conftest import SetClock
from tests.mail.cast import mails, move
from tests.web.cases.browser import Browser


@pytest.fixture
def link(services: Services, case: str) -> str:
    """The path of the link that a follow-up about Alice's case has."""
    with services.database.read() as session:
        ticket = session.scalars(select(Ticket)).one()
    return urlsplit(services.links.rating_urls(ticket)["partly"]).path


def stop_link(services: Services, address: str = "Alice@example.com") -> str:
    return urlsplit(services.links.unsubscribe_url(address)).path


def test_the_links_begin_with_the_public_address(services: Services, case: str) -> None:
    with services.database.read() as session:
        ticket = session.scalars(select(Ticket)).one()
    partly = services.links.rating_urls(ticket)["partly"]
    assert partly.startswith("http://127.0.0.1:8000/ratings/")
    assert partly.endswith("?answer=partly")
    assert services.links.case_url(ticket) == f"http://127.0.0.1:8000/cases/{case}"


@pytest.mark.parametrize("answer", ANSWERS)
def test_each_answer_has_its_link_in_the_follow_up_and_one_button_behind_it(
    services: Services, browser: Browser, case: str, clock: SetClock, answer: str
) -> None:
    with services.database.read() as session:
        ticket = session.scalars(select(Ticket)).one()
    move(services, ticket, "open", "resolved", clock())
    mail = mails(services)[-1]
    (link,) = re.findall(rf'href="(http\S+/ratings/\S+\?answer={answer})"', mail.html or "")
    assert link in mail.text
    address = urlsplit(link)
    page = browser.page(f"{address.path}?{address.query}")
    assert page.count("<button") == 1
    assert f'value="{answer}" required checked' in page
    assert services.ratings.answer_of(case) is None
    browser.http.post(address.path, data={"answer": answer})
    assert services.ratings.answer_of(case) == answer


def test_a_fetched_link_has_the_choice_made_and_rates_nothing(
    services: Services, browser: Browser, link: str, case: str
) -> None:
    page = browser.page(f"{link}?answer=partly")
    assert 'value="partly" required checked' in page
    assert browser.http.head(f"{link}?answer=partly").status_code in (200, 405)
    assert services.ratings.answer_of(case) is None


def test_the_button_rates_and_the_agents_see_it(
    services: Services, browser: Browser, link: str, case: str, alice: Started
) -> None:
    response = browser.http.post(link, data={"answer": "satisfied"})
    assert response.status_code == 200
    assert "Thank you for telling us" in response.text
    assert services.inbox.conversation(alice.id).tickets[0].rating == "satisfied"


def test_who_is_not_satisfied_is_shown_the_way_back(browser: Browser, link: str, case: str) -> None:
    response = browser.http.post(link, data={"answer": "unsatisfied"})
    assert "sorry" in response.text
    assert f'href="/cases/{case}"' in response.text


def test_the_first_rating_stands(
    services: Services, browser: Browser, link: str, case: str
) -> None:
    browser.http.post(link, data={"answer": "satisfied"})
    again = browser.http.post(link, data={"answer": "unsatisfied"})
    assert "already told us" in again.text
    assert "already told us" in browser.page(link)
    assert services.ratings.answer_of(case) == "satisfied"


def test_of_ratings_at_once_one_is_kept(services: Services, case: str) -> None:
    kept = at_once(*[lambda: services.ratings.rate(case, "partly")] * 4)
    assert sorted(kept, key=str) == [False, False, False, True]


@pytest.mark.parametrize("answer", ["", "five stars"])
def test_no_answer_is_asked_for_again(browser: Browser, link: str, answer: str) -> None:
    response = browser.http.post(link, data={"answer": answer})
    assert response.status_code == 400
    assert "choose one of the answers" in response.text


def test_a_link_that_we_did_not_sign_rates_nothing(
    services: Services, mallory: Browser, link: str, case: str
) -> None:
    signature = link.rsplit("/", 1)[1]
    for forged in (f"/ratings/{case}/x", f"/ratings/KC-22222222/{signature}", f"{link}é"):
        assert mallory.http.get(forged).status_code == 404
        assert mallory.http.post(forged, data={"answer": "satisfied"}).status_code == 404
    assert services.ratings.answer_of(case) is None


def test_a_mail_program_stops_follow_ups_with_one_click(services: Services, address: str) -> None:
    program = Browser(address)
    del program.http.headers["Origin"]
    path = stop_link(services)
    with services.database.read() as session:
        assert services.outbox.wants_follow_ups(session, "alice@example.com")
    for _ in range(2):
        response = program.http.post(path, data={"List-Unsubscribe": "One-Click"})
        assert response.status_code == 200
    program.http.close()
    with services.database.read() as session:
        assert not services.outbox.wants_follow_ups(session, " ALICE@example.com")
        assert services.outbox.wants_follow_ups(session, "bob@example.com")


def test_a_fetched_link_stops_nothing_and_offers_the_button(
    services: Services, browser: Browser
) -> None:
    page = browser.page(stop_link(services))
    assert "Stop follow-ups?" in page
    assert "alice@example.com" in page
    with services.database.read() as session:
        assert services.outbox.wants_follow_ups(session, "alice@example.com")


@pytest.mark.parametrize("named", ["bWFsbG9yeUBleGFtcGxlLm5ldA", "%FF", "é", "a b", "x" * 90])
def test_nobody_stops_them_for_another_address(
    services: Services, mallory: Browser, named: str
) -> None:
    signature = stop_link(services).rsplit("/", 1)[1]
    assert mallory.http.get(f"/unsubscribe/{named}/{signature}").status_code == 404
    assert mallory.http.post(f"/unsubscribe/{named}/{signature}").status_code == 404
