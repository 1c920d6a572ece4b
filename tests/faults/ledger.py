"""Visitors who write down what was acknowledged to them, to be compared with the database."""

import itertools
import threading
from collections import Counter
from collections.abc import Callable, Iterable

import httpx
from sqlalchemy import select

from bot.storage import Database
from bot.storage.tables import Message


class Sender:
    """A visitor who sends until told to stop, and sends again whatever was not acknowledged."""

    def __init__(self, address: str, conversation_id: str, token: str) -> None:
        self.id, self.token = conversation_id, token
        self.acknowledged: dict[str, int] = {}
        self.refused: list[httpx.Response] = []
        self.told_to_wait = threading.Event()
        self._http = httpx.Client(
            base_url=address,
            headers={"Authorization": f"Bearer {token}"},
            timeout=30,
            trust_env=False,
        )

    def send_until(self, enough: threading.Event) -> None:
        """One message after the other; the last one is acknowledged, too."""
        with self._http:
            for number in itertools.count(1):
                if enough.is_set():
                    return
                self._send(f"message {number}")

    def _send(self, text: str) -> None:
        path = f"/api/v1/conversations/{self.id}/messages"
        while True:
            try:
                answer = self._http.post(path, json={"client_id": text, "text": text})
            except httpx.TransportError:
                continue
            if answer.status_code == 202:
                self.acknowledged[text] = int(answer.json()["sequence"])
                return
            self.refused.append(answer)
            self.told_to_wait.set()
            # These visitors are in a hurry and wait for a tenth of what they are asked to.
            threading.Event().wait(float(answer.headers.get("Retry-After", 1)) / 10)


def begin(senders: Iterable[Sender], enough: threading.Event) -> list[threading.Thread]:
    """All of them at once, each in a thread."""
    threads = [threading.Thread(target=s.send_until, args=(enough,)) for s in senders]
    for thread in threads:
        thread.start()
    return threads


def progress(senders: Iterable[Sender], messages: int) -> Callable[[], bool]:
    """Whether each has so many more messages acknowledged than at the time of this call."""
    wanted = [(sender, len(sender.acknowledged) + messages) for sender in senders]
    return lambda: all(len(sender.acknowledged) >= number for sender, number in wanted)


def lost_and_doubled(database: Database, senders: Iterable[Sender]) -> tuple[int, int]:
    """How many acknowledged messages are not where they were said to be, and how many twice."""
    lost = doubled = 0
    for sender in senders:
        with database.read() as session:
            stored = session.execute(
                select(Message.text, Message.sequence).where(
                    Message.conversation_id == sender.id, Message.sender == "visitor"
                )
            ).all()
        places = {row.text: row.sequence for row in stored}
        lost += sum(places.get(text) != n for text, n in sender.acknowledged.items())
        doubled += sum(n - 1 for n in Counter(row.text for row in stored).values())
    return lost, doubled
