"""Row 24: the export of a canary visitor is whole, and after the erasure nothing of it is left."""

import base64
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from bot.app import Services, delivery_of
from bot.assistant import Effect
from bot.attachments.pictures import made_anew
from bot.conversations.intake import Started
from bot.settings import ROOT
from bot.storage.tables import Base, Order, Ticket
from tests.conftest import SetClock, agent_at_work
from tests.conversations.cast import answer, lease, send
from tests.pictures import picture
from tests.web.serving import served

CANARY = "xanthippe-canary"
EMAIL = f"{CANARY}@example.com"
PICTURE = picture("PNG", (123, 77))


@dataclass
class Canary:
    """A visitor whose every detail can be told from all others."""

    services: Services
    http: httpx.Client
    visitor: Started

    @property
    def path(self) -> str:
        return f"/api/v1/conversations/{self.visitor.id}"

    def ask(self, method: str, rest: str = "", **more: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.visitor.token}"}
        return self.http.request(method, self.path + rest, headers=headers, **more)

    def left(self) -> list[str]:
        """Where the canary is found: a table, a file, a training example."""
        found = []
        with self.services.database.read() as session:
            for table in Base.metadata.sorted_tables:
                rows = session.execute(select(table)).all()
                found += [table.name for row in rows if CANARY in str(tuple(row))]
        whole = made_anew(PICTURE).content
        for file in self.files():
            content = file.read_bytes()
            if CANARY.encode() in content or base64.b64encode(CANARY.encode()) in content:
                found.append(str(file))
            if whole in content:
                found.append(f"the picture in {file}")
        for file in (ROOT / "data").rglob("*.yml"):
            found += [str(file)] if CANARY in file.read_text(encoding="utf-8") else []
        return found

    def files(self) -> list[Path]:
        folder = self.services.settings.data_dir
        url = self.services.database.url
        beside = [Path(url.removeprefix("sqlite:///")).parent] if url.startswith("sqlite") else []
        return [f for each in (folder, *beside) for f in each.rglob("*") if f.is_file()]


@pytest.fixture
def canary(services: Services) -> Iterator[Canary]:
    visitor = services.intake.start(time_zone="America/New_York", page=f"https://x/{CANARY}")
    with (
        served(services) as address,
        httpx.Client(base_url=address, timeout=30, trust_env=False) as http,
    ):
        yield Canary(services, http, visitor)


def live(canary: Canary, clock: SetClock) -> None:
    """Everything that a visitor can leave behind: words, pictures, a case, mails, a rating."""
    services, visitor = canary.services, canary.visitor
    id_ = canary.ask(
        "POST",
        "/attachments",
        files={"file": (f"{CANARY}.png", PICTURE)},
        data={"client_id": "1"},
    ).json()["id"]
    # Not by POST, so that the turn stays for the test to answer.
    services.intake.receive(
        visitor.id, visitor.token, client_id="m", text=CANARY, attachments=[id_]
    )
    opened = Effect(
        kind="open_ticket",
        category="damaged",
        order_number="1001",
        email=EMAIL,
        name=CANARY,
        description=CANARY,
    )
    services.answering.store(
        lease(services, visitor), answer("utter_report_damaged_opening", effects=[opened])
    )
    bob = agent_at_work(services)
    services.desk.reply(visitor.id, bob, f"Dear {CANARY}", "r1")
    with services.database.read() as session:
        reference = session.scalars(select(Ticket.reference)).one()
    services.codes.ask(visitor.id, reference)
    canary.ask("POST", "/transcript", json={"email": EMAIL})
    canary.ask("POST", "/rating", json={"stars": 2, "comment": CANARY})
    delivery_of(services).work()
    keep_dialogue(services.settings.data_dir, f"{visitor.id}.1")
    send(services, visitor, f"{CANARY} again")


def keep_dialogue(data_dir: Path, dialogue: str) -> None:
    """What Rasa writes of a dialogue."""
    connection = sqlite3.connect(data_dir / "rasa-trackers.sqlite3")
    with connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE trackers (dialogue TEXT PRIMARY KEY, events BLOB)")
        connection.execute(
            "CREATE TABLE answers (dialogue TEXT PRIMARY KEY, turn TEXT, answer TEXT)"
        )
        for _ in range(30):
            values = (dialogue, CANARY.encode() * 300)
            connection.execute("INSERT OR REPLACE INTO trackers VALUES (?, ?)", values)
        connection.execute("INSERT INTO answers VALUES (?, '1', ?)", (dialogue, CANARY))
        connection.execute("INSERT INTO trackers VALUES ('another.1', 'kept')")
    connection.close()


def dialogues(services: Services) -> list[str]:
    with sqlite3.connect(services.settings.data_dir / "rasa-trackers.sqlite3") as connection:
        found = [row[0] for row in connection.execute("SELECT dialogue FROM trackers")]
    connection.close()
    return found


def test_the_export_is_whole(canary: Canary, clock: SetClock) -> None:
    live(canary, clock)
    answer = canary.ask("GET", "/export")
    assert answer.headers["content-disposition"] == 'attachment; filename="conversation.json"'
    export = answer.json()
    assert {m["text"] for m in export["messages"]} >= {CANARY, f"Dear {CANARY}"}
    assert export["tickets"][0]["email"] == EMAIL
    assert export["promises"], "the dates that were told"
    assert export["conversation_ratings"][0]["stars"] == 2
    assert {m["template"] for m in export["outgoing_mails"]} >= {"acknowledgement", "transcript"}
    assert base64.b64decode(export["files"][0]["base64"]) == made_anew(PICTURE).content
    shown = answer.text
    for secret in ("token_hash", "stored_as", "digest", canary.visitor.token):
        assert secret not in shown


def test_after_the_erasure_the_canary_is_nowhere(canary: Canary, clock: SetClock) -> None:
    live(canary, clock)
    assert len(canary.left()) > 8, "the test finds what it looks for"
    gone = canary.ask("DELETE", "?cases=erase")
    assert gone.status_code == 204, gone.text
    assert canary.left() == []
    assert dialogues(canary.services) == ["another.1"]
    assert canary.ask("GET", "/messages").status_code == 404
    assert canary.ask("DELETE").status_code == 404
    delivery_of(canary.services).work()  # what was owed to nobody holds nothing up
    assert canary.left() == []


def test_a_case_that_is_owed_an_answer_stays_and_says_so(canary: Canary, clock: SetClock) -> None:
    live(canary, clock)
    with canary.services.database.read() as session:
        reference = session.scalars(select(Ticket.reference)).one()
    kept = canary.ask("DELETE")
    assert kept.status_code == 200
    assert reference in kept.json()["kept"]
    left = {place for place in canary.left() if "/" not in place}
    assert left == {"tickets", "outgoing_mails", "recipients"}
    with canary.services.database.read() as session:
        ticket = session.scalars(select(Ticket)).one()
        assert (ticket.email, ticket.conversation_id) == (EMAIL, None)


def test_of_a_case_that_is_done_only_its_dates_stay(canary: Canary, clock: SetClock) -> None:
    live(canary, clock)
    services = canary.services
    with services.database.read() as session:
        reference = session.scalars(select(Ticket.reference)).one()
    bob = services.accounts.sign_in("bob@example.com", "correct horse battery").account_id
    services.desk.resolve(reference, bob, f"sent {CANARY} a new one")
    assert canary.ask("DELETE").status_code == 204
    assert canary.left() == []
    assert services.promise_counts.by_clause(), "the figures stand"


def test_a_person_is_exported_and_erased_by_address(canary: Canary, clock: SetClock) -> None:
    live(canary, clock)
    services = canary.services
    with services.database.write() as session:
        session.add(
            Order(
                number="2001", email=EMAIL.upper(), name=CANARY, state="shipped", placed_at=clock()
            )
        )
        services.outbox.write(
            session,
            to=EMAIL,
            template="one_time_code",
            values={"reference": "KC-00000000", "code": "1", "name": CANARY},
            now=clock(),
        )
    mallory = services.intake.start()
    send(services, mallory, "I am nobody you know")
    export = services.people.export(f" {EMAIL.title()} ")
    assert [c["conversation"]["id"] for c in export["conversations"]] == [canary.visitor.id]
    assert [order["number"] for order in export["orders"]] == ["2001"]
    erased = services.people.erase(EMAIL.upper())
    assert (erased.conversations, erased.orders) == (1, 1)
    assert canary.left() == []
    assert len(services.intake.page(mallory.id, mallory.token, 0).messages) == 2


def test_a_dialogue_that_was_written_again_is_found_later(canary: Canary, clock: SetClock) -> None:
    live(canary, clock)
    canary.ask("DELETE", "?cases=erase")
    with sqlite3.connect(canary.services.settings.data_dir / "rasa-trackers.sqlite3") as late:
        late.execute("INSERT INTO trackers VALUES (?, ?)", (f"{canary.visitor.id}.1", CANARY))
    late.close()
    assert canary.services.erasure.tidy() == 2  # and that of the conversation called "another"
    assert canary.left() == []
