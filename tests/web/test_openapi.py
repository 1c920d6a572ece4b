"""The description for machines knows every call of the visitor API, and no others."""

import re
from collections.abc import Iterator

import httpx
import pytest
from sanic import Sanic

from bot.app import Services
from tests.web.serving import served

NOT_DESCRIBED = {("GET", "/api/v1/openapi.json")}


@pytest.fixture
def address(services: Services) -> Iterator[str]:
    with served(services) as address:
        yield address


def test_every_call_is_described_and_every_description_is_a_call(address: str) -> None:
    described = httpx.get(f"{address}/api/v1/openapi.json", timeout=10, trust_env=False).json()
    told = {
        (method.upper(), path)
        for path, calls in described["paths"].items()
        for method in calls.keys() & {"get", "post", "delete"}
    }
    routes = Sanic.get_app("assistant").router.routes
    there = {
        (method, re.sub(r"<\w+:str>", "{id}", f"/{route.path}"))
        for route in routes
        for method in route.methods
        if route.path.startswith("api/v1")
    }
    assert told == there - NOT_DESCRIBED


def test_every_reference_in_the_description_leads_somewhere(address: str) -> None:
    text = httpx.get(f"{address}/api/v1/openapi.json", timeout=10, trust_env=False)
    schemas = text.json()["components"]["schemas"]
    named = set(re.findall(r"#/components/schemas/(\w+)", text.text.replace("\\/", "/")))
    assert named <= set(schemas)
