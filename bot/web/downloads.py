"""A file from outside, given out to be saved: never shown, never guessed at by the browser."""

import asyncio
from pathlib import Path
from urllib.parse import quote

from sanic import HTTPResponse, raw
from sanic.exceptions import NotFound

NO_SUCH_FILE = "There is no such file."


async def download(path: Path, name: str, content_type: str) -> HTTPResponse:
    """The file under the name it came with. Raises NotFound where it is no longer there."""
    try:
        content = await asyncio.to_thread(path.read_bytes)
    except FileNotFoundError as gone:
        raise NotFound(NO_SUCH_FILE) from gone
    return raw(
        content,
        content_type=content_type,
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
            "X-Content-Type-Options": "nosniff",
        },
    )
