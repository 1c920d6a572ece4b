"""A visitor who uses the public API as the widget does."""

import itertools
from typing import Any, Self

import httpx

ANSWER_SECONDS = 25


class Visitor:
    """One conversation; `say` gives what came back."""

    def __init__(self, address: str, *, time_zone: str = "America/New_York") -> None:
        self.http = httpx.Client(base_url=address, timeout=40, trust_env=False)
        response = self.http.post("/api/v1/conversations", json={"time_zone": time_zone})
        assert response.status_code == 201, response.text
        self.started = response.json()
        self.id: str = self.started["id"]
        self.token: str = self.started["token"]
        self.http.headers["Authorization"] = f"Bearer {self.token}"
        self.last = int(self.started["messages"][-1]["sequence"])
        self._counter = itertools.count(1)
        self.newest: list[dict[str, Any]] = self.started["messages"]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def post(self, body: object) -> httpx.Response:
        """Post a body as it is."""
        return self.http.post(f"/api/v1/conversations/{self.id}/messages", json=body)

    def send(self, text: str | None = None, *, button: str | None = None) -> int:
        """Send without waiting; gives the sequence."""
        body = {"client_id": f"c{next(self._counter)}"}
        body |= {"text": text} if text is not None else {"button": button or ""}
        response = self.post(body)
        assert response.status_code == 202, response.text
        return int(response.json()["sequence"])

    def say(self, text: str) -> str:
        """Write, wait for the answer, and give its text."""
        return self.answer_to(self.send(text))

    def press(self, title: str) -> str:
        """Press the newest message's button with this title, and give the answer."""
        buttons = [b for m in self.newest for b in m["buttons"]]
        button = next(b for b in buttons if b["title"] == title)
        return self.answer_to(self.send(button=button["id"]))

    def wait(self) -> str:
        """What comes next without having written."""
        return self.answer_to(self.last)

    def answer_to(self, sequence: int) -> str:
        page = self.page(after=sequence, wait=ANSWER_SECONDS)
        self.newest = page["messages"]
        assert self.newest, "no answer came"
        self.last = int(self.newest[-1]["sequence"])
        return "\n".join(m["text"] for m in self.newest)

    def page(self, after: int = 0, wait: int = 0) -> dict[str, Any]:
        """What is newer than a sequence."""
        response = self.http.get(
            f"/api/v1/conversations/{self.id}/messages", params={"after": after, "wait": wait}
        )
        assert response.status_code == 200, response.text
        found: dict[str, Any] = response.json()
        return found

    @property
    def state(self) -> str:
        """Who has the conversation."""
        return str(self.page(after=self.last)["state"])

    @property
    def sections(self) -> set[str]:
        """The sections that the newest answer names."""
        return {s["section"] for m in self.newest for s in m["sources"]}
