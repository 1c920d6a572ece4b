"""The owner's page about the policy in the console."""

from tests.web.console.browser import Browser


def test_the_owner_reads_the_report_and_finds_the_way_to_it(olivia: Browser) -> None:
    assert 'href="/console/policy"' in olivia.page()
    page = olivia.page("policy")
    assert "<h1>Customer Service Policy: report</h1>" in page
    assert "Readings to confirm" in page
    assert "style=" not in page
    assert "<script" not in page


def test_it_is_for_the_owner_alone(bob: Browser, stranger: Browser) -> None:
    assert "/console/policy" not in bob.page()
    refused = bob.http.get("/console/policy")
    assert refused.status_code == 403
    assert "This page is for the owner." in refused.text
    led = stranger.http.get("/console/policy")
    assert (led.status_code, led.headers["location"]) == (
        303,
        "/console/sign-in?next=/console/policy",
    )
