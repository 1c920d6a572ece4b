"""The owner's page about the policy: what it shows, and that anybody can read and print it."""

import re
from datetime import date
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

import pytest

from bot.app import Services
from bot.audit import Report, make_report, report_body, write_report
from bot.conversations.intake import Started
from bot.policy import BusinessCalendar, PeakPeriod, load_policy
from bot.storage import Database
from tests.audit.conftest import Checkout
from tests.conftest import TUESDAY_MORNING, SetClock
from tests.conversations.cast import DAMAGED, answer, lease, send


def report_of(
    services: Services, checkout: Checkout, calendar: BusinessCalendar | None = None
) -> Report:
    return make_report(
        checkout.audit(),
        services.settings,
        calendar or services.calendar,
        services.demand,
        services.database,
        services.clock(),
    )


def page_of(text: str) -> Element:
    """The report's sections, which are well-formed."""
    return fromstring(f"<main>{text}</main>")  # noqa: S314  # our own page


def text_of(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def ask(services: Services, visitor: Started, label: str) -> None:
    send(services, visitor, f"about {label}")
    services.answering.store(lease(services, visitor), answer(f"utter_{label}", label=label))


@pytest.fixture
def alice(services: Services) -> Started:
    return services.intake.start(time_zone="America/New_York")


def test_every_clause_is_shown_with_what_tells_it(services: Services, checkout: Checkout) -> None:
    checkout.write("data/mail/acknowledgement.md", "clause: 4.1.reference")
    report = report_of(services, checkout)
    assert [row.clause for row in report.coverage] == list(services.policy.clauses)
    rows = {row.clause: row for row in report.coverage}
    assert rows["4.1.reference"].mails == ("acknowledgement",)
    assert "utter_faq/reference_number" in rows["4.1.reference"].answers
    assert rows["3.peak"].time == "1 additional business day"
    assert rows["7.thanks"].informational
    assert report.faults == 0


def test_each_reading_stands_with_its_settings_as_they_are(
    services: Services, checkout: Checkout
) -> None:
    places = {place.name: place for place in report_of(services, checkout).open_places}
    assert [place.reading.number for place in places.values()] == list(range(1, 9))
    assert ("BOT_CALENDAR_ZONE", "America/New_York") in places["opening_hours"].values
    assert places["support_address"].values == (("BOT_SUPPORT_EMAIL", ""),)
    page = report_body(report_of(services, checkout))
    assert page.count("<strong>assumed</strong>, to confirm") == 8
    assert "<code>BOT_SUPPORT_EMAIL</code> (not set)" in page


def test_a_confirmed_reading_is_no_longer_assumed(services: Services, checkout: Checkout) -> None:
    text = checkout.policy_file.read_text(encoding="utf-8")
    head, opening, rest = text.partition("  opening_hours:\n")
    confirmed = rest.replace("assumed: true", "assumed: false", 1)
    checkout.policy_file.write_text(head + opening + confirmed, encoding="utf-8")
    report = report_of(services, checkout)
    assert not report.calendar.assumed
    assert report_body(report).count("<strong>assumed</strong>, to confirm") == 7


def test_a_missing_document_is_shown_with_how_often_it_was_asked_for(
    services: Services, checkout: Checkout, alice: Started, clock: SetClock
) -> None:
    ask(services, alice, "faq/shipping")
    clock.pass_time(days=60)
    ask(services, alice, "faq/shipping")
    ask(services, alice, "faq/scope")
    missing = {document.title: document for document in report_of(services, checkout).missing}
    assert list(missing) == [
        *("Shipping Policy", "Refund Policy", "Privacy Policy", "Terms of Purchase")
    ]
    shipping = missing["Shipping Policy"]
    assert (shipping.asked_lately, shipping.asked) == (1, 2)
    assert missing["Terms of Purchase"].asked == 0


def test_a_document_with_a_link_is_not_missing(services: Services, checkout: Checkout) -> None:
    checkout.edit(
        "data/policy/customer_service.yml",
        "title: Shipping Policy\n    link: null",
        "title: Shipping Policy\n    link: https://www.example.com/shipping",
    )
    titles = [document.title for document in report_of(services, checkout).missing]
    assert "Shipping Policy" not in titles


def test_what_the_policy_does_not_say_is_shown_with_its_demand(
    services: Services, checkout: Checkout, alice: Started
) -> None:
    ask(services, alice, "not_covered/site_problem")
    page = page_of(report_body(report_of(services, checkout)))
    rows = [[text_of(cell) for cell in row] for row in page.iter("tr")]
    assert ["site problem", "1"] in rows


@pytest.mark.clause("2.2.channels", "3.peak_notice", "6.revision_date")
def test_the_notices_that_the_policy_demands_are_there_to_be_copied(
    services: Services, checkout: Checkout
) -> None:
    christmas = PeakPeriod("Christmas", date(2026, 12, 14), date(2026, 12, 24))
    over = PeakPeriod("Easter", date(2026, 3, 30), date(2026, 4, 6))
    calendar = BusinessCalendar(peaks=(over, christmas))
    page = page_of(report_body(report_of(services, checkout, calendar)))
    chat, peak = (text_of(quote) for quote in page.iter("blockquote"))
    assert chat.startswith("You can now also reach us by chat on www.kendrascntt.com.")
    assert peak.startswith("From 14 December 2026 to 24 December 2026 a reply may take 1 addi")
    assert "moves the date at the top" in text_of(page)


def test_a_policy_that_changed_under_the_same_date_is_told(
    services: Services, checkout: Checkout, alice: Started
) -> None:
    assert report_of(services, checkout).changed_since_dated is False
    send(services, alice, "it broke")
    services.answering.store(lease(services, alice), answer(effects=[DAMAGED]))
    assert report_of(services, checkout).changed_since_dated is False
    checkout.edit("data/policy/customer_service.yml", "from: 5, to: 10", "from: 5, to: 12")
    assert report_of(services, checkout).changed_since_dated is True
    checkout.edit(
        "data/policy/customer_service.yml", "last_updated: 2025-08-25", "last_updated: 2026-11-17"
    )
    assert report_of(services, checkout).changed_since_dated is False


def test_without_a_database_the_rest_is_told(services: Services, checkout: Checkout) -> None:
    empty = Database(f"sqlite:///{checkout.root / 'empty.sqlite3'}")
    report = make_report(
        checkout.audit(),
        services.settings,
        services.calendar,
        type(services.demand)(empty),
        empty,
        TUESDAY_MORNING,
    )
    empty.close()
    assert report.missing[0].asked is None
    assert report.changed_since_dated is None
    assert "could not be looked at" in report_body(report)


def test_the_calendar_shows_hours_and_the_holidays_to_come(
    services: Services, checkout: Checkout
) -> None:
    calendar = report_of(services, checkout).calendar
    assert calendar.assumed
    assert calendar.week[0] == ("Monday", "09:00–17:00")
    assert calendar.week[6] == ("Sunday", "closed")
    assert calendar.holidays[0] == (date(2026, 11, 26), "Thanksgiving Day")


def test_the_page_is_whole_and_can_be_read_without_a_script_or_sight(
    services: Services, checkout: Checkout, tmp_path: Path
) -> None:
    file = tmp_path / "policy" / "report.html"
    write_report(report_of(services, checkout), file)
    assert [path.name for path in file.parent.iterdir()] == ["report.html"]
    text = file.read_text(encoding="utf-8")
    head, _, body = text.partition("<main>")
    assert '<html lang="en">' in head
    assert "<title>Customer Service Policy: report" in head
    assert "@media print" in head
    assert not re.search(r"<script|<img|<link|\bon[a-z]+=|href=", text)
    page = page_of(body.partition("</main>")[0])
    assert len(list(page.iter("h1"))) == 1
    for table in page.iter("table"):
        assert table.findtext("caption")
        assert {cell.get("scope") for cell in table.findall("thead/tr/th")} == {"col"}
        assert all(row.find("th[@scope='row']") is not None for row in table.findall("tbody/tr"))


def test_what_is_filled_in_is_escaped(services: Services, checkout: Checkout) -> None:
    checkout.edit("data/policy/customer_service.yml", "question: Which end", "question: <b>Which")
    assert "&lt;b&gt;Which" in report_body(report_of(services, checkout))
    assert load_policy(checkout.policy_file)
