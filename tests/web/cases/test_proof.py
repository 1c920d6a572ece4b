"""The way into a case: its reference and a code, and nothing told before."""

import re

import pytest

from bot.app import Services
from bot.tickets.reference import new_reference
from bot.web.cases.entrance import COOKIE
from bot.web.cases.proof import ASKED_PER_MINUTE, NOT_MATCHED
from tests.cases.letters import KeptLetters
from tests.conftest import SetClock
from tests.web.cases.browser import Browser


def without_names(page: str, reference: str) -> str:
    """The page without its own reference and token."""
    return re.sub(r'name="form_token" value="\w*[^"]*"', "", page).replace(reference, "REFERENCE")


def test_a_reference_leads_to_its_page_however_it_was_typed(browser: Browser, case: str) -> None:
    typed = case.lower().replace("-", " ")
    response = browser.http.post("/cases", data={"reference": typed})
    assert (response.status_code, response.headers["location"]) == (303, f"/cases/{case}")
    assert case in browser.page(f"/cases/{typed}")


def test_a_slip_in_a_reference_is_told(browser: Browser) -> None:
    response = browser.http.post("/cases", data={"reference": "KC-AAAAAAAB<b>"})
    assert response.status_code == 400
    assert "slip" in response.text
    assert "<b>" not in response.text
    assert browser.http.get("/cases/KC-AAAAAAAB").status_code == 400


def test_a_code_opens_the_case(browser: Browser, letters: KeptLetters, case: str) -> None:
    assert "Send me a code" in browser.page(f"/cases/{case}")
    browser.prove(case, letters)
    page = browser.page(f"/cases/{case}")
    assert "the clasp broke" in page
    assert "waits for its first reply" in page
    assert "Wednesday 18 November at 10:00 am" in page


def test_an_unknown_reference_looks_the_same_until_a_code_is_right(
    browser: Browser, mallory: Browser, letters: KeptLetters, case: str
) -> None:
    unknown = new_reference()
    for path in ("", "/code", "/proof"):
        seen = []
        for visitor, reference in ((browser, case), (mallory, unknown)):
            if path == "":
                response = visitor.http.get(f"/cases/{reference}")
            elif path == "/code":
                assert visitor.ask_for_code(reference).status_code == 303
                response = visitor.http.get(f"/cases/{reference}")
            else:
                response = visitor.type_code(reference, "000000")
            headers = {k: v for k, v in response.headers.items() if k != "content-length"}
            seen.append((response.status_code, headers, without_names(response.text, reference)))
        assert seen[0] == seen[1]
    assert len(letters.kept) == 1


def test_nothing_of_a_case_is_told_before_it_is_proved(
    mallory: Browser, letters: KeptLetters, case: str
) -> None:
    mallory.ask_for_code(case)
    refused = mallory.type_code(case, "000000")
    assert refused.status_code == 401
    assert NOT_MATCHED.replace("'", "&#39;") in refused.text
    for secret in ("alice", "1001", "clasp", "damaged", "November"):
        assert secret not in refused.text.lower()


def test_a_code_does_not_open_the_case_in_another_browser(
    browser: Browser, mallory: Browser, letters: KeptLetters, case: str
) -> None:
    browser.ask_for_code(case)
    code = letters.code
    mallory.ask_for_code(new_reference())
    assert mallory.http.get(f"/cases/{case}").text.count("Send me a code") == 1
    form = mallory.hidden(f"/cases/{new_reference()}") | {"code": code}
    assert mallory.http.post(f"/cases/{case}/proof", data=form).status_code == 403
    assert browser.type_code(case, code).status_code == 303


def test_the_cookie_changes_with_the_proof_and_no_script_or_other_site_has_it(
    browser: Browser, letters: KeptLetters, case: str
) -> None:
    asked = browser.ask_for_code(case)
    before = browser.http.cookies[COOKIE]
    proved = browser.type_code(case, letters.code)
    assert browser.http.cookies[COOKIE] != before
    for response in (asked, proved):
        cookie = response.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Strict" in cookie
        assert "Path=/cases" in cookie
        assert "Max-Age=1800" in cookie
    stolen = Browser(str(browser.http.base_url))
    stolen.http.cookies.set(COOKIE, before)
    assert "clasp" not in stolen.page(f"/cases/{case}")
    stolen.http.close()


@pytest.mark.parametrize("form_token", ["", "x", "é"])
def test_a_code_is_taken_only_from_our_own_form(
    browser: Browser, letters: KeptLetters, case: str, form_token: str
) -> None:
    browser.ask_for_code(case)
    form = {"form_token": form_token, "code": letters.code}
    assert browser.http.post(f"/cases/{case}/proof", data=form).status_code == 403
    assert browser.type_code(case, letters.code).status_code == 303


def test_another_site_cannot_ask_for_codes(browser: Browser, case: str) -> None:
    response = browser.http.post(
        f"/cases/{case}/code", headers={"Origin": "https://mallory.example"}
    )
    assert response.status_code == 403


def test_one_address_cannot_ask_for_many_codes(
    mallory: Browser, case: str, clock: SetClock
) -> None:
    answers = [mallory.ask_for_code(case).status_code for _ in range(ASKED_PER_MINUTE + 1)]
    assert answers == [303] * ASKED_PER_MINUTE + [429]
    clock.pass_time(minutes=1)
    assert mallory.ask_for_code(case).status_code == 303


def test_leaving_closes_the_case(
    services: Services, browser: Browser, letters: KeptLetters, case: str
) -> None:
    browser.prove(case, letters)
    visit = browser.http.cookies[COOKIE]
    browser.http.post(f"/cases/{case}/leave", data=browser.hidden(f"/cases/{case}"))
    assert "clasp" not in browser.page(f"/cases/{case}")
    assert not services.codes.is_proved(visit, case)


def test_the_pages_run_no_script_and_are_kept_by_nobody(browser: Browser, case: str) -> None:
    response = browser.http.get(f"/cases/{case}")
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "unsafe" not in policy
    assert response.headers["cache-control"] == "no-store"
    assert "<script" not in response.text
