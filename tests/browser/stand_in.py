"""A chat server that follows the visitor API and does what a test tells it, in memory.

It stands in where a test must decide what comes when: frames, refusals, slow uploads. What the
real server does with the same calls is tested on the real server.
"""

import asyncio
import json as notation
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from sanic import HTTPResponse, Request, Sanic, Websocket, empty, file, json, raw
from sanic.config import Config

from bot.settings import ROOT
from tests.web.serving import end_what_goes_on

WIDGET = ROOT / "bot" / "web" / "static" / "widget"
LANGUAGES = ["en", "es", "fr", "de", "it", "pt", "ar", "zh", "ja", "ko"]
PICTURE = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="72" height="72">'
    b'<rect width="72" height="72" fill="#c9a66b"/></svg>'
)


class StandIn:
    """One conversation's server; the test speaks through it."""

    def __init__(self) -> None:
        self.address = ""
        self.settings: dict[str, Any] = {
            "greeting": None,
            "position": None,
            "languages": LANGUAGES,
            "notice": None,
        }
        self.messages: list[dict[str, Any]] = []
        self.state = "bot"
        self.by_client: dict[str, int] = {}
        self.calls: list[tuple[str, str, Any]] = []
        self.begun = 0
        self.gone = False
        self.refusals: list[tuple[int, str]] = []  # for the next messages, in order
        self.sockets_refused = False
        self.upload_answer: tuple[int, str] | None = None
        self.kept: str | None = None
        self.origins: set[str] = set()
        self.uploads = threading.Event()  # uploads are answered once it is set
        self.uploads.set()
        self._loop = asyncio.new_event_loop()
        self._sockets: set[asyncio.Queue[dict[str, Any]]] = set()
        self._news = asyncio.Event()

    def say(self, sender: str, text: str, **more: Any) -> int:
        """Store a message and push it into every window; gives its sequence."""
        sequence = len(self.messages) + 1
        message = {
            "sequence": sequence,
            "sender": sender,
            "text": text,
            "lang": "en",
            "buttons": [],
            "sources": [],
            "attachments": [],
            "created_at": datetime(2026, 11, 17, 15, 0, sequence % 60, tzinfo=UTC).isoformat(),
            **more,
        }
        self.messages.append(message)
        self.push({"type": "message", "message": message})
        return sequence

    def become(self, state: str) -> None:
        """Change the conversation's state and tell every window."""
        self.state = state
        self.push({"type": "state", "state": state})

    def push(self, frame: dict[str, Any]) -> None:
        """Send a frame to every open socket."""
        self._loop.call_soon_threadsafe(self._push, frame)

    def cut(self, code: int = 1012) -> None:
        """End every socket with this code."""
        self.push({"close": code})

    def bodies(self, path: str) -> list[Any]:
        """What was sent to calls that end so, in order."""
        return [body for _, called, body in self.calls if called.endswith(path)]

    def _push(self, frame: dict[str, Any]) -> None:
        for queue in self._sockets:
            queue.put_nowait(frame)
        self._news.set()
        self._news = asyncio.Event()

    def app(self) -> Sanic[Any, Any]:
        """The routes."""
        app: Sanic[Any, Any] = Sanic(
            "stand-in",
            config=Config({"ACCESS_LOG": False, "REQUEST_MAX_SIZE": 20_000_000, "OAS": False}),
            configure_logging=False,
        )
        app.config.TOUCHUP = False

        @app.on_request
        async def ask_first(request: Request) -> HTTPResponse | None:
            return empty() if request.method == "OPTIONS" else None

        @app.on_response  # type: ignore[untyped-decorator]
        async def open_to_the_shop(request: Request, response: HTTPResponse) -> None:
            origin = request.headers.get("origin")
            if origin in self.origins:
                response.headers["Access-Control-Allow-Origin"] = origin
                response.headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type"
                response.headers["Access-Control-Allow-Methods"] = "GET, POST, DELETE"
                response.headers["Vary"] = "Origin"
            response.headers["Cache-Control"] = "no-cache"

        @app.get("/widget/settings.json")
        async def settings(_: Request) -> HTTPResponse:
            return json(self.settings)

        @app.get("/widget/<path:path>")
        async def widget(_: Request, path: str) -> HTTPResponse:
            return await file(WIDGET / path)

        @app.get("/pictures/<name:str>")
        async def picture(_: Request, name: str) -> HTTPResponse:
            return raw(PICTURE, content_type="image/svg+xml")

        @app.post("/api/v1/conversations")
        async def begin(request: Request) -> HTTPResponse:
            self.calls.append(("POST", request.path, request.json))
            self.begun += 1
            self.gone = False
            if not self.messages:
                self.say("bot", "Hello! I am an automated assistant.")
            begun = {
                "id": f"{self.begun:032x}",
                "token": "t" * 32,
                "notice": self.settings["notice"],
            }
            return json({**begun, "state": self.state, "messages": self.messages}, status=201)

        @app.get("/api/v1/conversations/<of:str>/messages")
        async def read(request: Request, of: str) -> HTTPResponse:
            if self.gone:
                return refused(404, "There is no such conversation.")
            after = int(request.args.get("after", "0"))
            if int(request.args.get("wait", "0")) and len(self.messages) <= after:
                with suppress(TimeoutError):
                    async with asyncio.timeout(20):
                        await self._news.wait()
            return json({"messages": self.messages[after:], "state": self.state})

        @app.post("/api/v1/conversations/<of:str>/messages")
        async def receive(request: Request, of: str) -> HTTPResponse:
            body = request.json
            self.calls.append(("POST", request.path, body))
            if self.gone:
                return refused(404, "There is no such conversation.")
            if self.refusals:
                return refused(*self.refusals.pop(0))
            if body["client_id"] not in self.by_client:
                titles = {b["id"]: b["title"] for m in self.messages for b in m["buttons"]}
                text = body.get("text") or titles.get(body.get("button"), "") or ""
                attachments = [attachment(id_) for id_ in body.get("attachments") or []]
                self.by_client[body["client_id"]] = self.say(
                    "visitor", text, attachments=attachments, client_id=body["client_id"]
                )
            return json({"sequence": self.by_client[body["client_id"]]}, status=202)

        @app.post("/api/v1/conversations/<of:str>/attachments")
        async def upload(request: Request, of: str) -> HTTPResponse:
            assert request.files
            assert request.form
            given = request.files["file"][0]
            client_id = str(request.form.get("client_id"))
            self.calls.append(("POST", request.path, (client_id, given.name, len(given.body))))
            await asyncio.to_thread(self.uploads.wait, 30)
            if self.upload_answer:
                return refused(*self.upload_answer)
            return json(attachment(client_id, given.name), status=201)

        @app.post("/api/v1/conversations/<of:str>/<call:typing|rating|transcript>")
        async def take(request: Request, of: str, call: str) -> HTTPResponse:
            self.calls.append(("POST", request.path, request.json))
            if call == "transcript" and request.json["email"].startswith("mallory"):
                return refused(429, "That is enough mail for today.")
            return json({}, status=202) if call == "transcript" else empty()

        @app.get("/api/v1/conversations/<of:str>/export")
        async def export(request: Request, of: str) -> HTTPResponse:
            return json({"messages": self.messages})

        @app.delete("/api/v1/conversations/<of:str>")
        async def erase(request: Request, of: str) -> HTTPResponse:
            self.calls.append(("DELETE", request.path, None))
            self.messages, self.state = [], "bot"
            return json({"kept": self.kept}) if self.kept else empty()

        @app.websocket(  # type: ignore[untyped-decorator]
            "/api/v1/conversations/<of:str>/socket", subprotocols=["chat.v1"]
        )
        async def follow(request: Request, socket: Websocket, of: str) -> None:
            if self.sockets_refused:
                await socket.close(1013)
                return
            await self._follow(socket, int(request.args.get("after", "0")))

        return app

    async def _follow(self, socket: Websocket, after: int) -> None:
        if self.gone:
            await socket.close(4404)
            return
        queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._sockets.add(queue)
        for message in self.messages[after:]:
            queue.put_nowait({"type": "message", "message": message})
        queue.put_nowait({"type": "state", "state": self.state})
        ended = asyncio.ensure_future(socket.wait_for_connection_lost())
        try:
            while True:
                news = asyncio.ensure_future(queue.get())
                try:
                    await asyncio.wait({news, ended}, return_when=asyncio.FIRST_COMPLETED)
                except asyncio.CancelledError:
                    news.cancel()
                    raise
                if not news.done():
                    news.cancel()
                    return
                frame = news.result()
                if "close" in frame:
                    await socket.close(frame["close"])
                    return
                await socket.send(notation.dumps(frame))
        finally:
            ended.cancel()
            self._sockets.discard(queue)

    @contextmanager
    def served(self) -> Iterator["StandIn"]:
        """Serve in a thread, on any free port of loopback."""
        listening = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        started, ended = threading.Event(), asyncio.Event()

        async def serve() -> None:
            app = self.app()
            app.config.TOUCHUP = False  # it rewrites Sanic's classes, which works once a process
            server: Any = await app.create_server(sock=listening, return_asyncio_server=True)
            await server.startup()
            started.set()
            await ended.wait()
            for connection in list(server.connections):
                connection.abort()
            server.close()
            await server.wait_closed()
            await end_what_goes_on()
            Sanic.unregister_app(app)

        thread = threading.Thread(target=self._loop.run_until_complete, args=(serve(),))
        thread.start()
        assert started.wait(10), "the stand-in did not start"
        try:
            yield self
        finally:
            self._loop.call_soon_threadsafe(ended.set)
            thread.join(10)
            self._loop.close()


def refused(status: int, sentence: str) -> HTTPResponse:
    return json({"error": {"code": "refused", "message": sentence}}, status=status)


def attachment(id_: str, name: str = "photo.jpg") -> dict[str, Any]:
    return {
        "id": id_,
        "name": name,
        "media_type": "image/jpeg",
        "bytes": 1000,
        "width": 720,
        "height": 720,
        "url": f"/pictures/{id_}",
        "thumbnail": f"/pictures/{id_}",
    }


@contextmanager
def page_of_a_shop(html: str, policy: str) -> Iterator[str]:
    """A page on an origin of its own, with this Content-Security-Policy; gives its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = self.path in ("/", "/other")
            self.send_response(200 if found else 204)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(html.encode() if found else b"")

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=partial(server.serve_forever, poll_interval=0.05))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()


def picture_file(folder: Path, name: str = "photo.png") -> Path:
    """A small real picture."""
    path = folder / name
    path.write_bytes(
        bytes.fromhex(
            "89504e470d0a1a0a0000000d494844520000000100000001080600000"
            "01f15c4890000000d4944415478da63fcff9fa11e0007820280"
            "3d3f1f0a0000000049454e44ae426082"
        )
    )
    return path
