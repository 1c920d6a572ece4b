"""The widget's files over the wire: compressed, asked for again, and its settings."""

import gzip
from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest

from bot.app import Services
from bot.web.widget import FOLDER
from tests.web.serving import served


@pytest.fixture
def http(services: Services) -> Iterator[httpx.Client]:
    changed = services.settings.model_copy(
        update={"widget_greeting": "Hello!", "widget_position": "left"}
    )
    with (
        served(replace(services, settings=changed)) as address,
        httpx.Client(base_url=address, timeout=20, trust_env=False) as client,
    ):
        yield client


TINY = 200  # bytes, below which compressing may not pay
TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
}


def test_every_file_comes_compressed_and_as_it_is(http: httpx.Client) -> None:
    for path in sorted(FOLDER.rglob("*.*")):
        name = path.relative_to(FOLDER).as_posix()
        with http.stream("GET", f"/widget/{name}", headers={"Accept-Encoding": "gzip"}) as answer:
            content = b"".join(answer.iter_raw())
        if path.stat().st_size > TINY:
            assert answer.headers["content-encoding"] == "gzip", name
            assert len(content) < path.stat().st_size
            content = gzip.decompress(content)
        assert content == path.read_bytes()
        plain = http.get(f"/widget/{name}", headers={"Accept-Encoding": "identity"})
        assert "content-encoding" not in plain.headers
        assert plain.content == path.read_bytes()
        packed = "content-encoding" in answer.headers
        assert (plain.headers["etag"] != answer.headers["etag"]) is packed
        for told in (plain, answer):
            assert "Accept-Encoding" in told.headers["vary"]
            assert told.headers["cache-control"] == "no-cache"
            assert told.headers["content-type"] == TYPES[path.suffix]


def test_what_has_not_changed_is_not_sent_again(http: httpx.Client) -> None:
    first = http.get("/widget/chat.js")
    again = http.get("/widget/chat.js", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    other = http.get("/widget/chat.js", headers={"If-None-Match": '"another"'})
    assert other.status_code == 200
    head = http.head("/widget/chat.js")
    assert (head.status_code, head.content) == (200, b"")


@pytest.mark.parametrize(
    "name",
    ["nothing.js", "", "../app.py", "..%2fapp.py", "%2e%2e/app.py", "x" * 300 + ".js", "a b.js"],
)
def test_there_is_nothing_else(http: httpx.Client, name: str) -> None:
    assert http.get(f"/widget/{name}").status_code == 404


def test_the_launcher_learns_how_the_shop_wants_it(http: httpx.Client) -> None:
    told = http.get("/widget/settings.json").json()
    assert told["greeting"] == "Hello!"
    assert told["position"] == "left"
    assert told["notice"] is None
    assert told["languages"] == ["en", "es", "fr", "de", "it", "pt", "ar", "zh", "ja", "ko"]
