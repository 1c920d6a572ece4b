"""Who proved a case says how mails should look; every later mail is written like that (§5.2)."""

from bot.app import Services
from bot.conversations.intake import Started
from tests.cases.letters import KeptLetters
from tests.conftest import agent_at_work
from tests.mail.cast import mails
from tests.web.cases.browser import Browser


def keep(browser: Browser, reference: str, **wishes: str) -> int:
    form = {**browser.hidden(f"/cases/{reference}"), **wishes}
    return browser.http.post(f"/cases/{reference}/format", data=form).status_code


def test_every_later_mail_has_the_format_that_was_kept(
    services: Services, browser: Browser, letters: KeptLetters, case: str, alice: Started
) -> None:
    browser.prove(case, letters)
    assert keep(browser, case, large_print="1") == 303
    page = browser.page(f"/cases/{case}?format=1")
    assert 'name="large_print" value="1" checked' in page
    assert 'name="plain_text" value="1" >' in page
    assert "Every later mail to you is written like this." in page
    bob = agent_at_work(services)
    services.desk.move(case, bob, "waiting_visitor", "which clasp?")
    assert keep(browser, case, plain_text="1") == 303
    services.desk.resolve(case, bob, "new clasp sent")
    assert keep(browser, case) == 303
    services.desk.move(case, bob, "open", "not yet done")
    _, large, plain, usual = (mail.html for mail in mails(services))
    assert large is not None
    assert "font-size" in large
    assert plain is None
    assert usual is not None
    assert "font-size" not in usual


def test_nobody_else_sets_it(
    services: Services, browser: Browser, mallory: Browser, letters: KeptLetters, case: str
) -> None:
    browser.prove(case, letters)
    form = {**browser.hidden(f"/cases/{case}"), "plain_text": "1"}
    refused = mallory.http.post(f"/cases/{case}/format", data=form)
    assert (refused.status_code, refused.headers["location"]) == (303, f"/cases/{case}")
    other_form = browser.http.post(f"/cases/{case}/format", data={**form, "form_token": "x"})
    assert other_form.status_code == 403
    kept = services.formats.of_address("alice@example.com")
    assert kept is not None
    assert not kept.plain_text
