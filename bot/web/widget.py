"""The widget's files, compressed once and asked for again each time, and its settings."""

import asyncio
import gzip
import hashlib
import mimetypes
import re
from dataclasses import dataclass
from pathlib import Path

from sanic import Blueprint, HTTPResponse, Request, empty, json, raw
from sanic.exceptions import NotFound

from bot.app import Services
from bot.web.schemas import notice_json

FOLDER = Path(__file__).resolve().parent / "static" / "widget"
# The names of our files. What the file system makes of others is not worth finding out.
FILE = re.compile(r"([\w-]+/){0,4}[\w-]+(\.[\w-]+)+", re.ASCII)
LONGEST_NAME = 150
# The languages that the widget's own texts are written in.
LANGUAGES = ("en", "es", "fr", "de", "it", "pt", "ar", "zh", "ja", "ko")
COMPRESSED = ("text/", "application/json", "image/svg+xml")
# An open page must not mix old and new modules, so each is asked for again; what has not changed
# is answered without its content.
CACHING = {"Cache-Control": "no-cache", "Vary": "Accept-Encoding"}


@dataclass(frozen=True)
class _File:
    stamp: tuple[int, int]  # when it was written, in nanoseconds, and its size in bytes
    media_type: str
    plain: bytes
    compressed: bytes | None
    etag: str


class WidgetFiles:
    """The files of a folder, read and compressed when they are first asked for, or changed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self._files: dict[str, _File] = {}

    def get(self, name: str) -> _File | None:
        """The file of this name; None where there is none."""
        if len(name) > LONGEST_NAME or not FILE.fullmatch(name):
            return None
        path = self._folder / name
        try:
            found = path.stat()
            stamp = (found.st_mtime_ns, found.st_size)
            known = self._files.get(name)
            if known is None or known.stamp != stamp:
                known = self._files[name] = _read(path, stamp)
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None
        return known


def _read(path: Path, stamp: tuple[int, int]) -> _File:
    plain = path.read_bytes()
    media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    if media_type.startswith("text/"):
        media_type += "; charset=utf-8"
    compressed = gzip.compress(plain, 9, mtime=0) if media_type.startswith(COMPRESSED) else None
    smaller = compressed if compressed and len(compressed) < len(plain) else None
    return _File(stamp, media_type, plain, smaller, hashlib.sha256(plain).hexdigest()[:20])


def widget_routes(services: Services) -> Blueprint:
    """`/widget/settings.json` and the files below `/widget/`."""
    routes = Blueprint("widget", url_prefix="/widget")
    files = WidgetFiles(FOLDER)
    settings = services.settings

    @routes.get("/settings.json")
    async def tell_settings(_: Request) -> HTTPResponse:
        return json(
            {
                "greeting": settings.widget_greeting,
                "position": settings.widget_position,
                "languages": LANGUAGES,
                "notice": notice_json(await asyncio.to_thread(services.peaks.notice)),
            },
            headers={"Cache-Control": "no-cache"},
        )

    async def send(request: Request, name: str) -> HTTPResponse:
        file = await asyncio.to_thread(files.get, name)
        if file is None:
            raise NotFound
        packed = file.compressed if _takes_gzip(request) else None
        etag = f'"{file.etag}{"-gzip" if packed else ""}"'
        headers = {**CACHING, "ETag": etag, **({"Content-Encoding": "gzip"} if packed else {})}
        if etag in _etags(request):
            return empty(status=304, headers={**CACHING, "ETag": etag})
        return raw(packed or file.plain, content_type=file.media_type, headers=headers)

    routes.add_route(send, "/<name:path>", methods=("GET", "HEAD"), name="file")
    return routes


def _takes_gzip(request: Request) -> bool:
    offered = [
        o.strip().replace(" ", "") for o in request.headers.get("accept-encoding", "").split(",")
    ]
    return any(o == "gzip" or (o.startswith("gzip;q=") and o[7:].strip("0.")) for o in offered)


def _etags(request: Request) -> list[str]:
    named = request.headers.get("if-none-match", "")
    return [tag.strip().removeprefix("W/") for tag in named.split(",")]
