"""Row 16: a page of another site can use neither the API, nor the widget's files, nor a socket."""

from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from bot.app import Services
from bot.conversations.intake import Started
from bot.settings import Settings
from tests.web.serving import served

SHOP = "https://shop.example"
FOREIGN = [
    "https://evil.example",
    "null",
    "http://shop.example",
    "https://shop.example.evil.example",
    "https://shop.example:444",
    "https://notshop.example",
]
ID = "conversations/{id}"
CALLS = [
    ("POST", "/api/v1/conversations"),
    ("GET", f"/api/v1/{ID}/messages"),
    ("POST", f"/api/v1/{ID}/messages"),
    ("POST", f"/api/v1/{ID}/attachments"),
    ("POST", f"/api/v1/{ID}/typing"),
    ("POST", f"/api/v1/{ID}/rating"),
    ("POST", f"/api/v1/{ID}/transcript"),
    ("GET", f"/api/v1/{ID}/export"),
    ("DELETE", f"/api/v1/{ID}"),
    ("GET", "/api/v1/notice"),
    ("GET", "/widget/chat.js"),
    ("GET", "/widget/settings.json"),
]


@pytest.fixture
def alice(services: Services) -> Started:
    return services.intake.start()


@pytest.fixture
def address(services: Services) -> Iterator[str]:
    settings = services.settings.model_copy(update={"shop_origins": f"'self', {SHOP}/"})
    with served(replace(services, settings=settings)) as address:
        yield address


@pytest.fixture
def http(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, timeout=10, trust_env=False) as client:
        yield client


@pytest.mark.parametrize("origin", FOREIGN)
def test_a_page_of_another_site_is_refused_by_every_call(
    http: httpx.Client, alice: Started, origin: str
) -> None:
    headers = {"Origin": origin, "Authorization": f"Bearer {alice.token}"}
    for method, path in CALLS:
        for tried in (method, "OPTIONS"):
            refused = http.request(tried, path.format(id=alice.id), headers=headers)
            assert refused.status_code == 403, (tried, path)
            assert refused.json()["error"]["code"] == "origin_not_allowed"
            assert "access-control-allow-origin" not in refused.headers


def test_the_console_is_for_no_other_page_at_all(http: httpx.Client) -> None:
    for origin in (*FOREIGN, SHOP):
        for path in ("/console/sign-in", "/cases", "/console/sign-out"):
            assert http.post(path, headers={"Origin": origin}).status_code == 403, origin


def test_the_shops_page_may_ask_first_and_then_read(http: httpx.Client, alice: Started) -> None:
    own = str(http.base_url).rstrip("/")
    for method, path in CALLS:
        asked = http.options(
            path.format(id=alice.id),
            headers={
                "Origin": SHOP,
                "Access-Control-Request-Method": method,
                "Access-Control-Request-Headers": "authorization, content-type",
            },
        )
        assert asked.status_code == 204
        assert asked.headers["access-control-allow-origin"] == SHOP
        assert method in asked.headers["access-control-allow-methods"]
        assert asked.headers["access-control-allow-headers"] == "Authorization, Content-Type"
        assert int(asked.headers["access-control-max-age"]) > 0
        assert "access-control-allow-credentials" not in asked.headers
    for origin, allowed in ((SHOP, SHOP), (own, None)):
        for path in ("/widget/chat.js", "/widget/settings.json", "/api/v1/notice"):
            told = http.get(path, headers={"Origin": origin})
            assert told.status_code == 200
            assert told.headers.get("access-control-allow-origin") == allowed
            assert "Origin" in told.headers["vary"]
    refusal = http.post("/api/v1/conversations", content=b"x", headers={"Origin": SHOP})
    assert (refusal.status_code, refusal.headers["access-control-allow-origin"]) == (400, SHOP)


@pytest.mark.parametrize("origin", [*FOREIGN, None, SHOP])
def test_a_socket_is_opened_only_by_pages_that_may(
    address: str, alice: Started, origin: str | None
) -> None:
    def follow() -> str:
        with connect(
            f"{address.replace('http', 'ws')}/api/v1/conversations/{alice.id}/socket",
            subprotocols=[Subprotocol("chat.v1"), Subprotocol(alice.token)],
            origin=Origin(origin) if origin else None,
            proxy=None,
        ) as line:
            return str(line.recv(timeout=10))

    if origin in (None, SHOP):
        assert '"type": "message"' in follow()
    else:
        with pytest.raises(InvalidStatus) as refused:
            follow()
        assert refused.value.response.status_code == 403


@pytest.mark.parametrize("named", ["shop.example", "https://shop.example/page", "*", "https://*"])
def test_a_setting_that_names_no_origin_is_told_at_once(named: str) -> None:
    with pytest.raises(ValueError, match="BOT_SHOP_ORIGINS"):
        Settings(shop_origins=named)
