"""Who gets into the console, and that other sites and strangers do nothing there."""

import re

import pytest

from bot.app import Services
from bot.conversations.intake import Started
from bot.web.console.entrance import COOKIE
from tests.conversations.cast import state
from tests.web.console.browser import CLIENT_ID, SCRIPT, Browser


@pytest.mark.parametrize(
    "path", ["", "events", "conversations/" + "0" * 32, "conversations/" + "0" * 32 + "/events"]
)
def test_without_a_sign_in_every_page_leads_to_the_sign_in_page(
    stranger: Browser, path: str
) -> None:
    response = stranger.http.get(f"/console/{path}")
    assert response.status_code == 303
    assert response.headers["location"].startswith("/console/sign-in")
    answered = stranger.http.get(f"/console/{path}", headers=SCRIPT)
    assert (answered.status_code, answered.json()["error"]["code"]) == (401, "signed_out")


@pytest.mark.parametrize("path", ["availability", "sign-out", "conversations/x/reply"])
def test_without_a_sign_in_no_form_is_taken(stranger: Browser, path: str) -> None:
    response = stranger.http.post(f"/console/{path}", data={"form_token": ""})
    assert (response.status_code, response.headers["location"]) == (303, "/console/sign-in")


def test_the_cookie_is_of_no_use_to_scripts_and_to_other_sites(stranger: Browser) -> None:
    cookie = stranger.sign_in("bob@example.com").headers["set-cookie"]
    attributes = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert {"httponly", "samesite=strict", "path=/"} <= attributes
    assert "secure" not in attributes  # plain http on loopback


def test_a_wrong_password_and_an_unknown_address_look_the_same(stranger: Browser) -> None:
    wrong = stranger.sign_in("bob@example.com", "wrong password")
    unknown = stranger.sign_in("mallory@example.com", "wrong password")
    assert wrong.status_code == unknown.status_code == 401
    assert COOKIE not in wrong.cookies
    assert wrong.text.replace("bob@", "mallory@") == unknown.text
    assert "do not belong together" in wrong.text


def test_the_sixth_guess_is_told_how_long_to_wait(stranger: Browser) -> None:
    for _ in range(5):
        stranger.sign_in("bob@example.com", "wrong password")
    refused = stranger.sign_in("bob@example.com")
    assert refused.status_code == 429
    assert "try again in 15 minutes" in refused.text
    assert int(refused.headers["retry-after"]) > 800


def test_a_sign_in_changes_the_id_and_ends_the_old_one(bob: Browser, services: Services) -> None:
    first = bob.http.cookies[COOKIE]
    bob.sign_in("bob@example.com")
    second = bob.http.cookies[COOKIE]
    assert first != second
    assert services.accounts.who(first) is None
    assert services.accounts.who(second) is not None


def test_after_the_sign_in_the_page_that_was_asked_for_opens(stranger: Browser) -> None:
    wanted = "/console/conversations/" + "a" * 32
    led = stranger.http.get(wanted).headers["location"]
    assert led == f"/console/sign-in?next={wanted}"
    assert f'value="{wanted}"' in stranger.http.get(led).text
    assert stranger.sign_in("bob@example.com", next=wanted).headers["location"] == wanted


@pytest.mark.parametrize("elsewhere", ["https://mallory.example/", "//mallory.example", "/", "\\"])
def test_the_sign_in_leads_to_no_other_site(stranger: Browser, elsewhere: str) -> None:
    response = stranger.sign_in("bob@example.com", next=elsewhere)
    assert response.headers["location"] == "/console/"


def test_the_console_is_for_agents_and_the_owner(stranger: Browser, olivia: Browser) -> None:
    assert "Queue" in olivia.page()
    stranger.sign_in("tara@example.com")
    for path in ("", "events", "conversations/x"):
        response = stranger.http.get(f"/console/{path}")
        assert response.status_code == 403
        assert "for agents and the owner" in response.text


def test_signing_out_ends_the_sign_in(bob: Browser, services: Services) -> None:
    cookie = bob.http.cookies[COOKIE]
    assert bob.press("sign-out").headers["location"] == "/console/sign-in"
    assert COOKIE not in bob.http.cookies
    assert services.accounts.who(cookie) is None


@pytest.mark.parametrize("token", ["", "another", "ü"])
def test_a_form_without_this_sign_ins_token_is_refused(
    bob: Browser, alice: Started, services: Services, token: str
) -> None:
    form = {"form_token": token, "text": "hello", "client_id": CLIENT_ID}
    response = bob.http.post(f"/console/conversations/{alice.id}/reply", data=form)
    assert response.status_code == 403
    assert "too old" in response.text
    assert state(services, alice) == "waiting"


@pytest.mark.parametrize("origin", ["https://mallory.example", "null"])
def test_a_form_from_another_site_is_refused_even_with_the_token(
    bob: Browser, alice: Started, services: Services, origin: str
) -> None:
    response = bob.http.post(
        f"/console/conversations/{alice.id}/claim",
        data={"form_token": bob.token()},
        headers={"Origin": origin},
    )
    assert response.status_code == 403
    assert state(services, alice) == "waiting"


def test_pages_allow_no_script_of_others_and_are_kept_nowhere(bob: Browser) -> None:
    headers = bob.http.get("/console/").headers
    assert "unsafe" not in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "same-origin"  # else forms come with "Origin: null"
    assert not re.search(r"<script>|<style|\son\w+=|\sstyle=", bob.page())
