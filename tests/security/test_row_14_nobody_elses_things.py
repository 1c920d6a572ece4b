"""Every route with every role: nobody gets at another visitor's things, nor learns that they exist.

The requests are made from the application's own route table. A route without an expectation here,
or an expectation without a route, fails the test.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import httpx
import pytest
from sanic import Sanic
from sqlalchemy import select
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from bot.app import Services
from bot.assistant import Effect
from bot.conversations.intake import Started
from bot.storage.tables import Base, Ticket
from bot.tickets.reference import new_reference
from bot.web.console.entrance import COOKIE, SIGN_IN
from bot.web.socket import CLOSE_NOT_FOUND, PROTOCOL
from tests.conftest import PASSWORD, SetClock
from tests.conversations.cast import answer, lease, send
from tests.pictures import picture
from tests.web.serving import served

NOBODYS = "0" * 32  # a conversation that there is not
CANARY = "the clasp of grandmothers pendant"
EMAIL = "alice.canary@example.com"


class Kind(Enum):
    """Whose things a route shows or changes."""

    EVERYBODYS = "open to all, and shows nothing of anybody"
    THE_VISITORS = "404 to all but the visitor"
    THE_AGENTS = "agents and the owner"
    THE_OWNERS = "the owner alone"
    ANY_ACCOUNTS = "whoever is signed in"
    THE_PATHS = "who has its signed path, which the visitor's own messages give; else 404"
    THE_HOLDERS = "who proved the case or has its signed link; else as if there were no such case"


EXPECTED = {
    "GET /": Kind.EVERYBODYS,
    "GET /healthz": Kind.EVERYBODYS,
    "GET /readyz": Kind.EVERYBODYS,
    "GET /widget/settings.json": Kind.EVERYBODYS,
    "GET /widget/<name:path>": Kind.EVERYBODYS,
    "HEAD /widget/<name:path>": Kind.EVERYBODYS,
    "GET /static/shop/<__file_uri__:path>": Kind.EVERYBODYS,
    "HEAD /static/shop/<__file_uri__:path>": Kind.EVERYBODYS,
    "GET /static/console/<__file_uri__:path>": Kind.EVERYBODYS,
    "HEAD /static/console/<__file_uri__:path>": Kind.EVERYBODYS,
    "GET /api/v1/openapi.json": Kind.EVERYBODYS,
    "GET /api/v1/notice": Kind.EVERYBODYS,
    "POST /api/v1/conversations": Kind.EVERYBODYS,
    "GET /api/v1/conversations/<conversation_id:str>/messages": Kind.THE_VISITORS,
    "POST /api/v1/conversations/<conversation_id:str>/messages": Kind.THE_VISITORS,
    "GET /api/v1/conversations/<conversation_id:str>/socket": Kind.THE_VISITORS,
    "POST /api/v1/conversations/<conversation_id:str>/attachments": Kind.THE_VISITORS,
    "POST /api/v1/conversations/<conversation_id:str>/typing": Kind.THE_VISITORS,
    "POST /api/v1/conversations/<conversation_id:str>/rating": Kind.THE_VISITORS,
    "POST /api/v1/conversations/<conversation_id:str>/transcript": Kind.THE_VISITORS,
    "GET /api/v1/conversations/<conversation_id:str>/export": Kind.THE_VISITORS,
    "DELETE /api/v1/conversations/<conversation_id:str>": Kind.THE_VISITORS,
    "GET /attachments/<rest:path>": Kind.THE_PATHS,
    "GET /console/sign-in": Kind.EVERYBODYS,
    "POST /console/sign-in": Kind.EVERYBODYS,
    "POST /console/sign-out": Kind.ANY_ACCOUNTS,
    "GET /console": Kind.THE_AGENTS,
    "GET /console/events": Kind.THE_AGENTS,
    "POST /console/availability": Kind.THE_AGENTS,
    "GET /console/peaks": Kind.THE_AGENTS,
    "POST /console/peaks/add": Kind.THE_AGENTS,
    "POST /console/peaks/remove": Kind.THE_AGENTS,
    "GET /console/conversations/<conversation_id:str>": Kind.THE_AGENTS,
    "GET /console/conversations/<conversation_id:str>/events": Kind.THE_AGENTS,
    "GET /console/due": Kind.THE_AGENTS,
    "GET /console/policy": Kind.THE_OWNERS,
    "GET /console/promises": Kind.THE_AGENTS,
    "GET /console/promises/<clause:str>/<standing:str>": Kind.THE_AGENTS,
    "GET /console/mail": Kind.THE_AGENTS,
    "GET /console/mail/<mail_id:int>": Kind.THE_AGENTS,
    "GET /console/attachments": Kind.THE_AGENTS,
    "GET /console/mail-aside": Kind.THE_AGENTS,
    "POST /console/mail-aside/<mail_id:int>/case": Kind.THE_AGENTS,
    "POST /console/conversations/<conversation_id:str>/reply": Kind.THE_AGENTS,
    "POST /console/conversations/<conversation_id:str>/typing": Kind.THE_AGENTS,
    "POST /console/conversations/<conversation_id:str>/seen": Kind.THE_AGENTS,
    "POST /console/conversations/<conversation_id:str>/claim": Kind.THE_AGENTS,
    "POST /console/conversations/<conversation_id:str>/move": Kind.THE_AGENTS,
    "POST /console/conversations/<conversation_id:str>/format": Kind.THE_AGENTS,
    "POST /console/conversations/<conversation_id:str>/resolve": Kind.THE_AGENTS,
    "POST /console/conversations/<conversation_id:str>/hand-back": Kind.THE_AGENTS,
    "GET /static/cases/<__file_uri__:path>": Kind.EVERYBODYS,
    "HEAD /static/cases/<__file_uri__:path>": Kind.EVERYBODYS,
    "GET /cases": Kind.EVERYBODYS,
    "POST /cases": Kind.EVERYBODYS,
    "GET /cases/<reference:str>": Kind.THE_HOLDERS,
    "POST /cases/<reference:str>/code": Kind.THE_HOLDERS,
    "POST /cases/<reference:str>/proof": Kind.THE_HOLDERS,
    "POST /cases/<reference:str>/messages": Kind.THE_HOLDERS,
    "POST /cases/<reference:str>/leave": Kind.THE_HOLDERS,
    "POST /cases/<reference:str>/format": Kind.THE_HOLDERS,
    "GET /cases/<reference:str>/attachments/<number:int>": Kind.THE_HOLDERS,
    "GET /ratings/<reference:str>/<signature:str>": Kind.THE_HOLDERS,
    "POST /ratings/<reference:str>/<signature:str>": Kind.THE_HOLDERS,
    "GET /unsubscribe/<named:str>/<signature:str>": Kind.THE_HOLDERS,
    "POST /unsubscribe/<named:str>/<signature:str>": Kind.THE_HOLDERS,
}
FILE_OF = {
    "/widget/": "chat.js",
    "/static/shop/": "shop.css",
    "/static/console/": "console.css",
    "/static/cases/": "cases.css",
}


@dataclass(frozen=True)
class Role:
    """Somebody with what they hold: a conversation's token, a cookie, neither."""

    name: str
    token: str | None = None
    cookie: str | None = None
    form_token: str = ""
    may: frozenset[Kind] = frozenset({Kind.EVERYBODYS})

    @property
    def headers(self) -> dict[str, str]:
        """What they send with every request."""
        found = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return found | ({"Cookie": f"{COOKIE}={self.cookie}"} if self.cookie else {})


@dataclass
class Shop:
    """A served shop with Alice's conversation and everybody who would like to read it."""

    address: str
    services: Services
    alice: Started
    reference: str
    owner_of_it: Role
    roles: list[Role]
    routes: dict[str, bool]  # "METHOD /path" and whether it is a socket
    http: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self.http = httpx.Client(base_url=self.address, trust_env=False, timeout=20)

    def ask(
        self, route: str, role: Role, conversation_id: str, accept: str = "application/json"
    ) -> httpx.Response:
        """One request as this role would make it, with a form and a body that would be taken."""
        method, path = filled_in(route, conversation_id)
        about = {"client_id": "0123456789abcdef" * 2}
        body: dict[str, Any] = {}
        if path.startswith("/console") and method == "POST":
            form = {"form_token": role.form_token, "reference": self.reference, "text": "hello"}
            body = {"data": form | about | {"reason": "done", "to_state": "open"}}
            body["data"] |= {"available": "yes", "address": EMAIL}
        elif method == "POST":
            body = {"json": about | {"text": "hello"} if path.endswith("/messages") else {}}
        return self.http.request(
            method, path, headers={"Accept": accept, **role.headers}, timeout=40, **body
        )

    def of_alice(self, text: str) -> list[str]:
        """What of Alice's is in this text."""
        return [told for told in (CANARY, EMAIL, self.reference) if told in text]

    def socket_shows(self, role: Role, conversation_id: str) -> str:
        """What the visitor's socket sends first, or the code with which it is closed."""
        path = filled_in("GET /api/v1/conversations/<conversation_id:str>/socket", conversation_id)[
            1
        ]
        offered = [PROTOCOL, *([role.token] if role.token else [])]
        with connect(
            self.address.replace("http", "ws") + path,
            subprotocols=[Subprotocol(name) for name in offered],
            additional_headers={"Cookie": role.headers.get("Cookie", "")},
            proxy=None,
        ) as line:
            try:
                return "\n".join(str(line.recv(timeout=20)) for _ in range(3))
            except ConnectionClosed as closed:
                return str(closed.rcvd.code if closed.rcvd else "cut")


def filled_in(route: str, conversation_id: str) -> tuple[str, str]:
    method, path = route.split(" ")
    for folder, name in FILE_OF.items():
        path = path.replace(f"{folder}<__file_uri__:path>", folder + name)
        path = path.replace(f"{folder}<name:path>", folder + name)
    path = path.replace("<clause:str>/<standing:str>", "3.urgent_reply/made")
    path = path.replace("<rest:path>", f"{NOBODYS}/original/9999999999-{NOBODYS}")
    path = path.replace("<conversation_id:str>", conversation_id)
    path = path.replace("<mail_id:int>", "1")  # Alice's
    assert "<" not in path, f"{route}: this parameter is not known here"
    return method, path


def signed_in(services: Services, name: str, role: str, may: frozenset[Kind]) -> Role:
    email = f"{name}@example.com"
    services.accounts.add(email, name.title(), role, PASSWORD)
    new = services.accounts.sign_in(email, PASSWORD)
    return Role(f"{name}, {role}", None, new.cookie, new.form_token, may)


def everybody(services: Services, clock: SetClock) -> list[Role]:
    """Everybody but Alice."""
    nobody, owners = frozenset({Kind.EVERYBODYS}), frozenset(Kind) - {Kind.THE_VISITORS}
    inside = owners - {Kind.THE_OWNERS}
    gone_home = signed_in(services, "erin", "agent", nobody)
    clock.pass_time(hours=services.settings.session_hours, seconds=1)
    signed_out = signed_in(services, "dora", "owner", nobody)
    assert signed_out.cookie
    services.accounts.sign_out(signed_out.cookie)
    mallory = services.intake.start()
    return [
        Role("nobody"),
        Role("mallory, another visitor", mallory.token),
        Role("somebody with a made-up token and cookie", "x" * 43, "y" * 43),
        gone_home,
        signed_out,
        signed_in(services, "bob", "agent", inside),
        signed_in(services, "olivia", "owner", owners),
        signed_in(services, "tara", "trainer", nobody | {Kind.ANY_ACCOUNTS}),
    ]


@pytest.fixture
def shop(services: Services, clock: SetClock) -> Iterator[Shop]:
    roles = everybody(services, clock)
    alice = services.intake.start(time_zone="America/New_York")
    send(services, alice, CANARY)
    asked = Effect(kind="hand_off", reason="asked")
    proved = Effect(kind="verify", order_number="1001", email=EMAIL, name="Alice")
    services.answering.store(lease(services, alice), answer("utter_greet", effects=[proved, asked]))
    reference = services.intake.page(alice.id, alice.token, 0).messages[-1].reference
    assert reference
    with services.database.write() as session:
        of_alice = session.scalars(select(Ticket).where(Ticket.reference == reference)).one()
        of_alice.email, values = EMAIL, {"reference": reference, "text": CANARY}
        services.outbox.write(
            session,
            to=EMAIL,
            template="agent_reply",
            values=values,
            now=clock(),
            ticket=of_alice,
        )
    with served(services) as address:
        table = Sanic.get_app("assistant").router.routes
        routes = {
            f"{m} /{route.path}": route.extra.websocket for route in table for m in route.methods
        }
        found = Shop(address, services, alice, reference, Role("alice", alice.token), roles, routes)
        with found.http:
            yield found


def everything_stored(services: Services) -> dict[str, object]:
    """The whole database, but for when people were last seen."""
    with services.database.read() as session:
        return {
            table.name: session.execute(
                select(*(c for c in table.columns if c.name != "seen_at")).order_by(
                    *table.primary_key.columns
                )
            ).all()
            for table in Base.metadata.sorted_tables
        }


def test_every_route_has_an_expectation_and_every_expectation_a_route(shop: Shop) -> None:
    assert set(shop.routes) == set(EXPECTED)


def test_nobody_gets_at_what_is_not_theirs_whatever_they_hold(shop: Shop) -> None:
    before = everything_stored(shop.services)
    tried = 0
    for route, kind in EXPECTED.items():
        for role in shop.roles:
            if kind in role.may or kind in (Kind.THE_HOLDERS, Kind.THE_PATHS):
                continue
            tried += 1
            case = f"{route} as {role.name}"
            if shop.routes[route]:
                assert shop.socket_shows(role, shop.alice.id) == str(CLOSE_NOT_FOUND), case
                assert shop.socket_shows(role, NOBODYS) == str(CLOSE_NOT_FOUND), case
                continue
            told = shop.ask(route, role, shop.alice.id)
            nothing = shop.ask(route, role, NOBODYS)
            assert shop.of_alice(told.text) == [], case
            # Not even that it exists: the same answer as for what there is not.
            assert (told.status_code, told.text) == (nothing.status_code, nothing.text), case
            refused_as_expected(shop, route, kind, role, told)
    assert everything_stored(shop.services) == before
    print(f"row 14: {len(EXPECTED)} routes, {len(shop.roles)} roles: {tried} refusals, 0 leaks")


def refused_as_expected(
    shop: Shop, route: str, kind: Kind, role: Role, told: httpx.Response
) -> None:
    case = f"{route} as {role.name}"
    if kind is Kind.THE_VISITORS:
        assert told.status_code == 404, case
        assert told.json()["error"]["code"] == "conversation_not_found", case
    elif Kind.ANY_ACCOUNTS in role.may:  # known here, but not for this
        assert told.status_code == 403, case
    else:
        assert (told.status_code, told.json()["error"]["code"]) == (401, "signed_out"), case
        page = shop.ask(route, role, shop.alice.id, accept="text/html")
        assert page.status_code == 303, case
        assert page.headers["location"].startswith(SIGN_IN), case
        assert shop.of_alice(page.text) == [], case


def test_a_case_looks_like_none_to_who_did_not_prove_it(shop: Shop, clock: SetClock) -> None:
    unknown = new_reference()
    for route, kind in EXPECTED.items():
        if kind is not Kind.THE_HOLDERS:
            continue
        for role in [*shop.roles, shop.owner_of_it]:
            clock.pass_time(minutes=1)  # nobody is slowed down here
            told, nothing = (ask_of_case(shop, route, role, r) for r in (shop.reference, unknown))
            case = f"{route} as {role.name}"
            assert told.status_code == nothing.status_code, case
            seen = told.text.replace(shop.reference, "")
            assert seen == nothing.text.replace(unknown, ""), case
            assert shop.of_alice(seen) == [], case


def test_a_file_is_shown_to_nobody_who_makes_its_path_up(shop: Shop) -> None:
    file = shop.services.uploads.receive(
        shop.alice.id, client_id="1", name="ring.png", content=picture()
    )
    shop.services.intake.receive(
        shop.alice.id, shop.alice.token, client_id="p", attachments=[file.id]
    )
    path = shop.services.attachment_links.path(file.id, "original")
    forged = f"{path.rpartition('-')[0]}-{'0' * 32}"
    nothing = path.replace(file.id, NOBODYS)
    for role in [*shop.roles, shop.owner_of_it]:
        for each in (forged, nothing):
            told = shop.http.get(each, headers=role.headers)
            assert told.status_code == 404, f"{each} as {role.name}"
    messages = "GET /api/v1/conversations/<conversation_id:str>/messages"
    shown = shop.ask(messages, shop.owner_of_it, shop.alice.id).json()["messages"]
    [url] = [each["url"] for message in shown for each in message["attachments"]]
    assert shop.http.get(url).status_code == 200


def ask_of_case(shop: Shop, route: str, role: Role, reference: str) -> httpx.Response:
    method, path = route.split(" ")
    for name, value in (("reference", reference), ("named", "YWxpY2U"), ("signature", "x" * 32)):
        path = path.replace(f"<{name}:str>", value)
    path = path.replace("<number:int>", "1")
    shop.http.cookies.clear()
    form = {"code": "000000", "text": "hello", "answer": "satisfied"} if method == "POST" else None
    return shop.http.request(
        method, path, headers={"Accept": "text/html", **role.headers}, data=form
    )


def test_what_is_open_to_all_shows_nothing_of_anybody(shop: Shop) -> None:
    for route, kind in EXPECTED.items():
        if kind is Kind.EVERYBODYS:
            for role in [*shop.roles, shop.owner_of_it]:
                told = shop.ask(route, role, shop.alice.id)
                assert told.status_code not in (403, 404, 405, 500), f"{route} as {role.name}"
                assert shop.of_alice(told.text) == [], f"{route} as {role.name}"


def test_who_may_is_let_in_so_that_the_refusals_mean_something(shop: Shop) -> None:
    messages = "GET /api/v1/conversations/<conversation_id:str>/messages"
    assert CANARY in shop.ask(messages, shop.owner_of_it, shop.alice.id).text
    assert CANARY in shop.socket_shows(shop.owner_of_it, shop.alice.id)
    for route, kind in EXPECTED.items():
        for role in shop.roles:
            if kind in {Kind.THE_AGENTS, Kind.THE_OWNERS} & role.may:
                told = shop.ask(route, role, shop.alice.id, accept="text/html")
                # 409: the other of the two agents has it by now; 400: these name no peak period.
                let_in = {200, 303, 409} | ({400} if "/peaks/" in route else set())
                let_in |= {404} if "/mail-aside/" in route else set()  # no mail was put aside
                assert told.status_code in let_in, f"{route} as {role.name}: {told.text}"
                assert not told.headers.get("location", "").startswith(SIGN_IN), route
                if route.startswith("GET /console/conversations"):
                    assert CANARY in told.text, f"{route} as {role.name}"
    for role in shop.roles:
        if Kind.ANY_ACCOUNTS in role.may and role.cookie:
            shop.ask("POST /console/sign-out", role, shop.alice.id)
            assert shop.services.accounts.who(role.cookie) is None, role.name
