"""A file from outside, given out to be saved, and never guessed at by the browser."""

import asyncio
from pathlib import Path
from urllib.parse import quote

from sanic import HTTPResponse, raw
from sanic.exceptions import NotFound

FILE_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
}
NO_SUCH_FILE = "There is no such file."


async def download(
    path: Path, name: str, content_type: str, *, shown: bool = False
) -> HTTPResponse:
    """The file under the name it came with; `shown` is for pictures that we made ourselves.

    Raises NotFound where it is no longer there.
    """
    how = "inline" if shown else "attachment"
    try:
        content = await asyncio.to_thread(path.read_bytes)
    except FileNotFoundError as gone:
        raise NotFound(NO_SUCH_FILE) from gone
    return raw(
        content,
        content_type=content_type,
        headers={
            **FILE_HEADERS,
            "Content-Disposition": f"{how}; filename*=UTF-8''{quote(name, safe='')}",
        },
    )
