"""Pictures in the chat over the wire: uploaded, sent with a message, fetched again."""

import secrets
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from bot.app import Services
from bot.attachments.kinds import LARGEST
from bot.conversations.intake import Started
from tests.conftest import SetClock
from tests.pictures import opened, picture
from tests.web.serving import served

START = "/api/v1/conversations"


@pytest.fixture
def http(services: Services) -> Iterator[httpx.Client]:
    with (
        served(services) as address,
        httpx.Client(base_url=address, timeout=20, trust_env=False) as client,
    ):
        yield client


@pytest.fixture
def alice(services: Services) -> Started:
    return services.intake.start()


def bearer(visitor: Started) -> dict[str, str]:
    return {"Authorization": f"Bearer {visitor.token}"}


def upload(
    http: httpx.Client, visitor: Started, content: bytes, client_id: str = "1", **more: Any
) -> httpx.Response:
    return http.post(
        f"{START}/{visitor.id}/attachments",
        files={"file": ("ring.png", content)},
        data={"client_id": client_id},
        headers=bearer(visitor),
        **more,
    )


def send(http: httpx.Client, visitor: Started, **body: Any) -> httpx.Response:
    return http.post(
        f"{START}/{visitor.id}/messages",
        json={"client_id": secrets.token_hex(8), **body},
        headers=bearer(visitor),
    )


def messages(http: httpx.Client, visitor: Started) -> list[dict[str, Any]]:
    answer = http.get(f"{START}/{visitor.id}/messages", headers=bearer(visitor))
    found: list[dict[str, Any]] = answer.json()["messages"]
    return found


def test_a_picture_comes_back_with_the_message_that_takes_it_along(
    http: httpx.Client, alice: Started
) -> None:
    kept = upload(http, alice, picture("PNG", (400, 200)))
    assert kept.status_code == 201
    told = kept.json()
    assert (told["name"], told["media_type"]) == ("ring.png", "image/png")
    assert (told["width"], told["height"]) == (400, 200)
    assert all(not m["attachments"] for m in messages(http, alice))
    assert send(http, alice, attachments=[told["id"]]).status_code == 202
    sent = next(m for m in messages(http, alice) if m["sender"] == "visitor")
    assert sent["text"] == ""
    assert sent["attachments"] == [told]
    assert len(http.get(told["url"]).content) == told["bytes"]
    assert max(opened(http.get(told["thumbnail"]).content).size) == 320


def test_the_same_upload_again_gives_the_same_answer(http: httpx.Client, alice: Started) -> None:
    first, again = (upload(http, alice, picture()).json() for _ in range(2))
    assert first == again
    other = upload(http, alice, picture("JPEG"))
    assert (other.status_code, other.json()["error"]["code"]) == (409, "client_id_reused")


def test_ten_megabytes_are_taken_and_a_byte_more_is_not(http: httpx.Client, alice: Started) -> None:
    small = picture("PNG")
    assert upload(http, alice, small + b"\0" * (LARGEST - len(small))).status_code == 201
    for size in (LARGEST + 1, LARGEST + 70_000, 3 * LARGEST):
        refused = upload(http, alice, small + b"\0" * (size - len(small)), str(size))
        assert (refused.status_code, refused.json()["error"]["code"]) == (
            413,
            "attachment_too_large",
        )
        assert refused.json()["error"]["message"].endswith(".")


def test_other_calls_keep_their_own_limit(http: httpx.Client, alice: Started) -> None:
    assert send(http, alice, text="a" * 70_000).status_code == 413


@pytest.mark.parametrize(
    "body",
    [
        {"files": {"other": ("a.png", b"x")}, "data": {"client_id": "1"}},
        {"files": {"file": ("a.png", b"x")}},
        {"files": {"file": ("a.png", b"x")}, "data": {"client_id": "a\nb"}},
        {"files": [("file", ("a.png", b"x")), ("file", ("b.png", b"y"))]},
        {"content": b"not a form"},
        {"json": {"client_id": "1"}},
    ],
)
def test_what_is_no_upload_is_refused_with_a_sentence(
    http: httpx.Client, alice: Started, body: dict[str, Any]
) -> None:
    refused = http.post(f"{START}/{alice.id}/attachments", headers=bearer(alice), **body)
    assert refused.status_code == 400
    assert refused.json()["error"]["message"].endswith(".")


@pytest.mark.parametrize(
    "attachments",
    [[], ["x"], ["0" * 32] * 2, [f"{n:032x}" for n in range(6)], "0" * 32, [1], ["../" * 10]],
)
def test_a_message_names_one_to_five_pictures(
    http: httpx.Client, alice: Started, attachments: Any
) -> None:
    assert send(http, alice, attachments=attachments).status_code == 400


def test_a_picture_that_is_not_there_or_was_sent_is_told(
    http: httpx.Client, alice: Started, services: Services
) -> None:
    mallory = services.intake.start()
    mine = upload(http, alice, picture()).json()["id"]
    for visitor, named in ((alice, "0" * 32), (mallory, mine)):
        refused = send(http, visitor, attachments=[named])
        assert (refused.status_code, refused.json()["error"]["code"]) == (
            409,
            "attachment_not_found",
        )
    assert send(http, alice, attachments=[mine], text="look").status_code == 202
    assert send(http, alice, attachments=[mine], text="again").status_code == 409
    assert len([m for m in messages(http, alice) if m["sender"] == "visitor"]) == 1


def test_nobody_fetches_a_picture_without_its_path_and_the_path_ends(
    http: httpx.Client, alice: Started, clock: SetClock
) -> None:
    told = upload(http, alice, picture()).json()
    path = told["url"]
    forged = [
        path[:-1] + ("0" if path[-1] != "0" else "1"),
        path.replace("original", "thumbnail"),
        path.replace(told["id"], "0" * 32),
        f"/attachments/{told['id']}/original/9999999999-{'0' * 32}",
        f"/attachments/{told['id']}",
        f"/attachments/{told['id']}/original",
        "/attachments/../bot.sqlite3",
        path + "/",
    ]
    for each in forged:
        assert http.get(each).status_code == 404, each
    assert http.get(path).status_code == 200
    clock.pass_time(minutes=29)
    assert http.get(path).status_code == 200
    clock.pass_time(minutes=31)
    assert http.get(path).status_code == 404


def test_a_strangers_upload_is_not_even_read(http: httpx.Client, alice: Started) -> None:
    alice_with_a_wrong_token = Started(alice.id, "x" * 43, "bot", [])
    refused = upload(http, alice_with_a_wrong_token, picture())
    assert (refused.status_code, refused.json()["error"]["code"]) == (
        404,
        "conversation_not_found",
    )
