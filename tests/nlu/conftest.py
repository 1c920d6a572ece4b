"""A small Rasa with the real domain, rules, channel and action server, started once."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.nlu.encoder import Encoder, encoder_folder
from bot.nlu.prepare_encoder import is_prepared, prepare, weights_folder

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 90
RASA_TOKEN = "rasa token of the tests"
ACTIONS_TOKEN = "actions token of the tests"


@dataclass
class SmallRasa:
    """The two servers; a turn is asked as the gateway asks it."""

    folder: Path
    rasa_port: int = field(default_factory=lambda: free_port())
    actions_port: int = field(default_factory=lambda: free_port())
    actions: subprocess.Popen[bytes] | None = None
    rasa: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> str:
        """What both have printed so far."""
        return "".join(path.read_text() for path in sorted(self.folder.glob("*.log")))

    def start_actions(self) -> None:
        script = ROOT / "tests" / "actions" / "server_with_orders.py"
        python = str(ROOT / ".venv" / "bin" / "python")
        self.actions = self._start(
            "actions", python, str(script), str(self.actions_port), ACTIONS_TOKEN
        )
        wait_for(self.actions_port, "/health", self.actions)

    def start_rasa(self) -> None:
        script = ROOT / "tests" / "nlu" / "small" / "serve.py"
        python = str(ROOT / ".venv-rasa" / "bin" / "python")
        models = str(self.folder / "models")
        self.rasa = self._start("rasa", python, str(script), str(self.rasa_port), models)

    def _start(self, name: str, *command: str) -> subprocess.Popen[bytes]:
        env = {
            **os.environ,
            "BOT_DATA_DIR": str(self.folder),
            "BOT_RASA_TOKEN": RASA_TOKEN,
            "BOT_ACTIONS_TOKEN": ACTIONS_TOKEN,
            "BOT_ACTIONS_URL": f"http://127.0.0.1:{self.actions_port}",
        }
        with (self.folder / f"{name}.log").open("ab") as log:
            return subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log)

    @contextlib.contextmanager
    def without_actions(self) -> Iterator[None]:
        """The action server is down, then back."""
        assert self.actions is not None
        stop(self.actions)
        try:
            yield
        finally:
            self.start_actions()

    @contextlib.contextmanager
    def with_frozen_actions(self) -> Iterator[None]:
        """The action server takes requests and says nothing, then goes on."""
        assert self.actions is not None
        self.actions.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.actions.send_signal(signal.SIGCONT)

    def post(
        self, body: Any, token: str = RASA_TOKEN, path: str = "/webhooks/gateway/turn"
    ) -> tuple[int, Any]:
        """Status and JSON of the answer; bytes are sent as they are."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {token}"}
        status, text = ask(self.rasa_port, "POST", path, data, headers)
        return status, json.loads(text) if text.startswith("{") else text

    def get(self, path: str) -> int:
        """The status alone."""
        return ask(self.rasa_port, "GET", path)[0]


def ask(
    port: int,
    method: str,
    path: str,
    body: bytes | None = None,
    headers: dict[str, str] | None = None,
) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


@dataclass
class Dialogue:
    """Alice's dialogue: `say` gives the names of the answers, the rest stands beside it."""

    rasa: SmallRasa
    facts: dict[str, Any] = field(default_factory=dict)
    id: str = field(default_factory=lambda: f"{uuid.uuid4().hex}.1")
    status: int = 0
    answer: dict[str, Any] = field(default_factory=dict)

    def say(self, text: str, button: dict[str, Any] | None = None) -> list[str]:
        """One turn."""
        self.status, self.answer = self.rasa.post(
            {"dialogue": self.id, "text": text, "button": button, "facts": self.facts}
        )
        return [reply["response"] for reply in self.answer.get("replies", [])]

    def press(self, label: str, **entities: str) -> list[str]:
        """One turn by a button."""
        return self.say("the button's title", {"label": label, "entities": entities})

    @property
    def asks(self) -> str | None:
        """What the open form asks for."""
        asked: str | None = self.answer["state"]["asks"]
        return asked

    @property
    def form(self) -> str | None:
        """The form that is open."""
        form: str | None = self.answer["state"]["form"]
        return form

    @property
    def effects(self) -> list[dict[str, Any]]:
        """What the gateway is to do."""
        return [effect for reply in self.answer["replies"] for effect in reply["effects"]]

    @property
    def args(self) -> dict[str, Any]:
        """The last answer's arguments."""
        args: dict[str, Any] = self.answer["replies"][-1]["args"]
        return args


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def wait_for(port: int, path: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError):
            ask(port, "GET", path)
            return
        time.sleep(0.2)  # between two probes of a server that starts
    raise AssertionError(f"no answer to {path} on port {port}")


def stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(10)


@pytest.fixture(scope="session")
def rasa(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallRasa]:
    """Started once: importing Rasa takes a quarter of a minute."""
    servers = SmallRasa(tmp_path_factory.mktemp("rasa"))
    try:
        servers.start_rasa()
        servers.start_actions()
        assert servers.rasa is not None
        wait_for(servers.rasa_port, "/status", servers.rasa)
        yield servers
    except AssertionError:
        print(servers.log[-4000:])
        raise
    finally:
        for process in (servers.rasa, servers.actions):
            if process is not None:
                stop(process)


@pytest.fixture
def alice(rasa: SmallRasa) -> Dialogue:
    """A new dialogue, of which nothing is known."""
    return Dialogue(rasa)


@pytest.fixture(scope="session")
def encoder_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A prepared encoder's folder: the checkout's own, or one made here."""
    folder = ROOT / encoder_folder()
    if not is_prepared(folder):
        folder = tmp_path_factory.mktemp("data") / "encoder"
        prepare(folder, weights_folder())
    return folder


@pytest.fixture(scope="session")
def encoder(encoder_files: Path) -> Encoder:
    """The sentence encoder."""
    return Encoder(encoder_files)
