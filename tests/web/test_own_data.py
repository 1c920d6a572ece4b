"""What visitors do with a conversation as a whole: typing, what was read, rating, transcript."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from websockets.sync.client import connect
from websockets.sync.connection import Connection
from websockets.typing import Subprotocol

from bot.app import Services
from bot.conversations.intake import Started
from bot.storage.tables_conversations import ConversationRating
from bot.storage.tables_outgoing import OutgoingMail
from tests.conftest import PASSWORD, SetClock, agent_at_work
from tests.conversations.cast import hand_off, send, ticket, transcript
from tests.pictures import picture
from tests.web.serving import served


@pytest.fixture
def address(services: Services) -> Iterator[str]:
    with served(services) as address:
        yield address


@pytest.fixture
def http(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, timeout=20, trust_env=False) as client:
        yield client


@pytest.fixture
def alice(services: Services) -> Started:
    return services.intake.start(time_zone="America/New_York")


def ask(http: httpx.Client, visitor: Started, call: str, **more: Any) -> httpx.Response:
    method, _, rest = call.partition(" ")
    headers = {"Authorization": f"Bearer {visitor.token}"}
    path = f"/api/v1/conversations/{visitor.id}{rest}"
    return http.request(method, path, headers=headers, **more)


def follow(address: str, visitor: Started) -> Connection:
    return connect(
        f"{address.replace('http', 'ws')}/api/v1/conversations/{visitor.id}/socket",
        subprotocols=[Subprotocol("chat.v1"), Subprotocol(visitor.token)],
        proxy=None,
    )


def next_frame(line: Connection, kind: str) -> dict[str, Any]:
    while True:
        frame: dict[str, Any] = json.loads(line.recv(timeout=10))
        if frame["type"] == kind:
            return frame


def console(
    services: Services, http: httpx.Client, visitor: Started, what: str, **form: Any
) -> int:
    """Bob does something on the conversation's page."""
    new = services.accounts.sign_in("bob@example.com", PASSWORD)
    answer = http.post(
        f"/console/conversations/{visitor.id}/{what}",
        data={"form_token": new.form_token, **form},
        headers={"Accept": "application/json", "Cookie": f"signed_in={new.cookie}"},
    )
    return answer.status_code


def test_the_visitor_sees_the_assistant_and_the_agent_type(
    services: Services, http: httpx.Client, address: str, alice: Started
) -> None:
    agent_at_work(services)
    hand_off(services, alice)
    with follow(address, alice) as line:
        next_frame(line, "state")
        assert console(services, http, alice, "typing") == 200
        assert next_frame(line, "typing") == {"type": "typing", "sender": "agent"}


def test_an_agent_who_does_not_have_the_conversation_is_not_seen_typing(
    services: Services, http: httpx.Client, alice: Started
) -> None:
    agent_at_work(services)
    assert console(services, http, alice, "typing") == 200
    assert services.typing.since(alice.id, "agent") is None


def test_the_agent_sees_the_visitor_type_until_it_is_over(
    services: Services, http: httpx.Client, alice: Started, clock: SetClock
) -> None:
    agent_at_work(services)
    new = services.accounts.sign_in("bob@example.com", PASSWORD)
    cookie = {"Cookie": f"signed_in={new.cookie}", "Accept": "application/json"}
    assert ask(http, alice, "POST /typing", json={}).status_code == 204
    page = f"/console/conversations/{alice.id}/events"
    assert http.get(page, headers=cookie).json()["view"]["typing"] == "Visitor is typing…"
    clock.pass_time(seconds=6)
    assert http.get(page, headers=cookie).json()["view"]["typing"] == ""


def test_the_visitor_learns_up_to_where_an_agent_has_read(
    services: Services, http: httpx.Client, address: str, alice: Started
) -> None:
    agent_at_work(services)
    hand_off(services, alice)
    last = send(services, alice, "are you there?")
    with follow(address, alice) as line:
        next_frame(line, "state")
        assert console(services, http, alice, "seen", sequence=last) == 200
        assert next_frame(line, "seen") == {"type": "seen", "sequence": last}
    for nonsense in ("99", "x", "-1", "0"):
        assert console(services, http, alice, "seen", sequence=nonsense) == 200
    assert ask(http, alice, "GET /messages").json()["seen"] == last


def test_a_later_rating_replaces_the_first(
    services: Services, http: httpx.Client, alice: Started
) -> None:
    bob = agent_at_work(services)
    hand_off(services, alice)
    services.desk.reply(alice.id, bob, "Here you are.", "r1")
    services.desk.resolve(ticket(services).reference, bob, "answered")
    assert transcript(services, alice)[-2].asks == "rating"
    for stars, comment in ((5, "quick"), (2, None)):
        assert ask(
            http, alice, "POST /rating", json={"stars": stars, "comment": comment}
        ).is_success
    with services.database.read() as session:
        rating = session.scalars(select(ConversationRating)).one()
    assert (rating.stars, rating.comment) == (2, None)
    assert services.inbox.conversation(alice.id).tickets[0].rating == "unsatisfied"


@pytest.mark.parametrize(
    "body", [{}, {"stars": 0}, {"stars": 6}, {"stars": "5"}, {"stars": True}, {"stars": 3, "x": 1}]
)
def test_a_rating_has_one_to_five_stars(
    http: httpx.Client, alice: Started, body: dict[str, Any]
) -> None:
    assert ask(http, alice, "POST /rating", json=body).status_code == 400


def test_the_transcript_is_mailed_three_times_a_day(
    services: Services, http: httpx.Client, alice: Started, clock: SetClock
) -> None:
    file = services.uploads.receive(alice.id, client_id="1", name="a.png", content=picture())
    services.intake.receive(
        alice.id, alice.token, client_id="1", text="<b>look</b>", attachments=[file.id]
    )
    body = {"email": "alice@example.com"}
    assert [ask(http, alice, "POST /transcript", json=body).status_code for _ in range(4)] == [
        *(202, 202, 202),
        429,
    ]
    with services.database.read() as session:
        mail = session.scalars(select(OutgoingMail)).first()
    assert mail is not None
    assert "<b>look</b>" in mail.text
    assert "[a.png]" in mail.text
    assert "&lt;b&gt;look" in (mail.html or "")
    assert "ignore" in mail.text
    clock.pass_time(hours=24)
    assert ask(http, alice, "POST /transcript", json=body).status_code == 202


def test_nobody_is_mailed_more_than_five_transcripts_a_day(
    services: Services, http: httpx.Client, alice: Started
) -> None:
    body = {"email": "Bystander@example.com"}
    several = [services.intake.start() for _ in range(6)]
    told = [ask(http, one, "POST /transcript", json=body) for one in several]
    assert [answer.status_code for answer in told] == [*(202,) * 5, 429]
    assert told[-1].json()["error"]["message"].endswith(".")


@pytest.mark.parametrize(
    "email", ["", "x", "a@b@c", "alice@example.com\nBcc: x@y.z", "a b@example.com", "a" * 300]
)
def test_what_is_no_address_is_refused(http: httpx.Client, alice: Started, email: str) -> None:
    refused = ask(http, alice, "POST /transcript", json={"email": email})
    assert refused.status_code == 400
    assert refused.json()["error"]["message"].endswith(".")
