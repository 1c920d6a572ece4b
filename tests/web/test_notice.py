"""The notice of a peak period in the visitor API, with the clause it rests on."""

from collections.abc import Iterator
from datetime import date

import httpx
import pytest

from bot.app import Services
from tests.visitor import Visitor
from tests.web.serving import served

TODAY = date(2026, 11, 17)
SLOW = {"text": "Slow until November 17: 1 additional business day.", "clause": "3.peak"}


@pytest.fixture
def address(services: Services) -> Iterator[str]:
    with served(services) as address:
        yield address


def announced(address: str) -> object:
    answered = httpx.get(f"{address}/api/v1/notice", timeout=10, trust_env=False)
    assert answered.status_code == 200
    return answered.json()["notice"]


def test_without_a_peak_nothing_is_announced(address: str) -> None:
    with Visitor(address) as alice:
        assert alice.started["notice"] is None
    assert announced(address) is None


def test_in_a_peak_the_notice_and_its_clause_come_with_the_conversation_and_alone(
    services: Services, address: str
) -> None:
    number = services.peaks.add(TODAY, TODAY, "Slow until {last}: {peak_extension}.")
    with Visitor(address) as alice:
        assert alice.started["notice"] == SLOW
    assert announced(address) == SLOW
    services.peaks.remove(number)
    assert announced(address) is None


def test_the_description_for_machines_knows_the_notice(address: str) -> None:
    paths = httpx.get(f"{address}/api/v1/openapi.json", timeout=10, trust_env=False).json()["paths"]
    answer = paths["/api/v1/notice"]["get"]["responses"]["200"]
    schema = answer["content"]["application/json"]["schema"]["properties"]["notice"]
    assert set(schema["properties"]) == set(SLOW)
