"""Agents and the owner add and remove peak periods at the console."""

from datetime import date

from bot.app import Services
from tests.web.console.browser import Browser

BLACK_FRIDAY = {"first": "2026-11-27", "last": "2026-11-30"}


def test_bob_adds_a_period_with_its_notice_and_the_owner_removes_it(
    bob: Browser, olivia: Browser, services: Services
) -> None:
    assert "No period has been added." in bob.page("peaks")
    added = bob.press(
        "peaks/add", **BLACK_FRIDAY, notice="Slow <b>days</b> until {last}: {peak_extension}."
    )
    assert (added.status_code, added.headers["location"]) == (303, "/console/peaks")
    shown = olivia.page("peaks")
    assert "Remove the period from 2026-11-27 to 2026-11-30" in shown
    assert "Slow &lt;b&gt;days&lt;/b&gt; until November 30: 1 additional business day." in shown
    assert "3.peak" in shown
    assert ", Bob" in shown
    assert services.calendar.peak(date(2026, 11, 28)) is not None
    number = str(services.peaks.all()[0].id)
    assert olivia.press("peaks/remove", peak=number).status_code == 303
    assert "removed 10:00" in bob.page("peaks")
    assert services.calendar.peak(date(2026, 11, 28)) is None


def test_the_form_proposes_the_usual_notice(bob: Browser, services: Services) -> None:
    assert services.peaks.default_notice in bob.page("peaks")


def test_a_period_without_its_notice_is_refused_and_what_was_typed_stays(
    bob: Browser, services: Services
) -> None:
    refused = bob.press("peaks/add", **BLACK_FRIDAY, notice=" ")
    assert refused.status_code == 400
    assert "needs the text of its notice" in refused.text
    assert 'value="2026-11-27"' in refused.text
    assert services.peaks.all() == []


def test_what_is_no_day_and_no_period_gets_a_sentence(bob: Browser) -> None:
    no_day = bob.press("peaks/add", first="tomorrow", last="2026-11-30", notice="Slow days.")
    assert (no_day.status_code, "Please give both days" in no_day.text) == (400, True)
    for number in ("7", "x", "9" * 30):
        unknown = bob.press("peaks/remove", peak=number)
        assert (unknown.status_code, "There is no" in unknown.text) == (400, True)


def test_a_form_of_another_page_adds_nothing(bob: Browser, services: Services) -> None:
    form = {"form_token": "guessed", **BLACK_FRIDAY, "notice": "Slow days."}
    answered = bob.http.post("/console/peaks/add", data=form, headers={"Origin": bob.address})
    assert answered.status_code == 403
    assert services.peaks.all() == []


def test_trainers_and_strangers_see_no_periods(stranger: Browser) -> None:
    assert stranger.http.get("/console/peaks").status_code == 303
    stranger.sign_in("tara@example.com")
    assert stranger.http.get("/console/peaks").status_code == 403


def test_a_sign_in_leads_on_to_the_periods(stranger: Browser) -> None:
    assert "next=/console/peaks" in stranger.http.get("/console/peaks").headers["location"]
    went = stranger.sign_in("bob@example.com", next="/console/peaks")
    assert went.headers["location"] == "/console/peaks"
