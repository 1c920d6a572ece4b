"""References and tracking numbers are told from other codes, and their slips are seen."""

from __future__ import annotations

import pytest

from bot.nlu.code_entities import is_reference
from bot.nlu.entities import EntityFinder


@pytest.fixture(scope="module")
def finder() -> EntityFinder:
    return EntityFinder()


def values(finder: EntityFinder, text: str, kind: str) -> list[str]:
    return [each.value for each in finder.find(text) if each.entity == kind]


@pytest.mark.parametrize(
    "text",
    [
        "KC-7ABCDEFY",
        "kc-7abcdefy",
        "KC 7ABCDEFY",
        "kc7abcdefy",
        "KC-7ABC-DEFY",
        "kc 7abc defy please",
        "my reference is KC-7ABCDEFY.",
        "any news on (KC-7ABCDEFY)?",
        "where do things stand with KC – 7ABCDEFY",
        "ref: 7ABCDEFY",
        "ticket number 7ABC DEFY",
        "case no. 7abcdefy, alice@example.com",
        "7ABCDEFY",
        " 7abc-defy! ",
    ],
)
def test_a_reference_is_found_in_its_one_spelling(finder: EntityFinder, text: str) -> None:
    found = [each for each in finder.find(text) if each.entity == "reference"]
    assert [(each.value, each.valid) for each in found] == [("KC-7ABCDEFY", True)]
    assert "7" in text[found[0].start : found[0].end]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("KC-7ABCDEFX", "KC-7ABCDEFX"),  # the last character does not check the others
        ("KC-7BACDEFY", "KC-7BACDEFY"),  # two swapped
        ("KC-7ABCDEF", "KC-7ABCDEF"),  # one missing
        ("KC-7ABCDEFYY", "KC-7ABCDEFYY"),  # one too many
        ("KC-7ABCD0FY", "KC-7ABCD0FY"),  # a character that no reference has
        ("my ref kc 7abcdefz", "KC-7ABCDEFZ"),
    ],
)
def test_a_reference_with_a_slip_is_found_and_said_to_be_invalid(
    finder: EntityFinder, text: str, value: str
) -> None:
    found = [each for each in finder.find(text) if each.entity == "reference"]
    assert [(each.value, each.valid) for each in found] == [(value, False)]


@pytest.mark.parametrize(
    "text",
    [
        "I ordered 2 of them 3 weeks ago",
        "what does KC stand for",
        "KC concerts tonight",
        "Kansas City KC 2024",
        "the kc-135 is an aeroplane",
        "reference number please",
        "my case is complicated",
        "ticket 12345678",
        "password 7ABCDEFX",
        "reference 7ABCDEFX",  # without the prefix the check has to fit
        "abcdefgh",
        "order 23456789",
        "KC@7ABCDEFY.com",
        "write to kc7abcdefy@example.com",
        "see /KC-7ABCDEFY-old",
    ],
)
def test_what_only_resembles_a_reference_is_none(finder: EntityFinder, text: str) -> None:
    assert values(finder, text, "reference") == []


def test_the_check_character_finds_every_wrong_character_and_every_swapped_pair() -> None:
    right = "7ABCDEFY"
    assert is_reference(right)
    for at in range(8):
        for other in "23456789ABCDEFGHJKMNPQRSTUVWXYZ":
            wrong = right[:at] + other + right[at + 1 :]
            assert is_reference(wrong) == (wrong == right)
    for at in range(7):
        swapped = right[:at] + right[at + 1] + right[at] + right[at + 2 :]
        assert is_reference(swapped) == (swapped == right)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1Z999AA10123456784", "1Z999AA10123456784"),
        ("it is 1z999aa10123456784 by UPS", "1Z999AA10123456784"),
        ("1Z 999 AA1 01 2345 6784", "1Z999AA10123456784"),
        ("RR473124829US hasn't moved", "RR473124829US"),
        ("rr 473 124 829 us", "RR473124829US"),
        ("my parcel 9400 1118 9922 3197 4284 90", "9400111899223197428490"),
        ("9400111899223197428490", "9400111899223197428490"),
        ("tracking number DEMO-1001-3471", "DEMO-1001-3471"),
        ("Tracking #771940 shows label created", "771940"),
        ("tracking number is 12345678", "12345678"),
        ("the tracking no. 794644792798 doesn't work", "794644792798"),
        ("tracking id: JD014600003123456789", "JD014600003123456789"),
        ("consignment number 3S0123456789", "3S0123456789"),
        ("waybill 1234567890 what now", "1234567890"),
    ],
)
def test_a_tracking_number_is_found(finder: EntityFinder, text: str, value: str) -> None:
    assert values(finder, text, "tracking_number") == [value]
    assert values(finder, text, "order_number") == []


@pytest.mark.parametrize(
    "text",
    [
        "I ordered 2 of them 3 weeks ago",
        "tracking for order 1001",
        "track 1001",
        "the tracking number says delivered",
        "tracking hasn't updated in 5 days",
        "tracking number?",
        "tracking order 12345 please",
        "RR473124828US",  # the check digit does not fit
        "1Zabc",
        "my card is 4242 4242 4242 4242",
        "call +1 415 555 2671",
        "#12345",
        "the shipment 2 days late",
        "DE89 3704 0044 0532 0130 00",
        "tracking 24/7",
    ],
)
def test_what_only_resembles_a_tracking_number_is_none(finder: EntityFinder, text: str) -> None:
    assert values(finder, text, "tracking_number") == []
