"""Pictures in the chat: taken in below the visitor API, fetched again by signed paths."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast
from urllib.parse import quote

from pydantic import ValidationError
from sanic import Blueprint, HTTPResponse, Request, json, raw
from sanic.exceptions import NotFound

from bot.app import Services
from bot.attachments.errors import AttachmentTooLarge, TooManyAttachments
from bot.attachments.kinds import LARGEST
from bot.web.downloads import FILE_HEADERS
from bot.web.errors import BodyRefused, body_refusal
from bot.web.schemas import UploadFields, attachment_json
from bot.web.visitor import bearer_token

# Of a body: one file and the little around it. What is larger is read on for a while and thrown
# away, since a browser that still sends does not hear an answer.
LARGEST_BODY = LARGEST + 64 * 1024
MOST_READ = 4 * LARGEST
UPLOAD_SECONDS = 180.0  # for 10 MB over a slow phone line
AT_ONCE = 16  # uploads that are held in memory


def attachment_routes(services: Services) -> Blueprint:
    """`POST /api/v1/conversations/{id}/attachments` and `GET /attachments/…`."""
    routes = Blueprint("attachments")
    places = _Places(AT_ONCE)

    @routes.post("/api/v1/conversations/<conversation_id:str>/attachments", stream=True)
    async def upload(request: Request, conversation_id: str) -> HTTPResponse:
        # The token first: a stranger's ten megabytes are not even read.
        token = bearer_token(request, conversation_id)
        await asyncio.to_thread(services.intake.authorise, conversation_id, token)
        with places.one():
            await _read_body(request)
            fields, content = _fields(request)
            kept = await asyncio.to_thread(
                services.uploads.receive,
                conversation_id,
                client_id=fields.client_id,
                name=fields.name,
                content=content,
            )
        return json(attachment_json(kept, services.attachment_links), status=201)

    @routes.get("/attachments/<rest:path>")
    async def fetch(_: Request, rest: str) -> HTTPResponse:
        named = services.attachment_links.read(rest)
        found = await asyncio.to_thread(services.uploads.open, *named) if named else None
        if named is None or found is None:
            raise NotFound
        is_original = named[1] == "original"
        told = f"{'attachment' if is_original else 'inline'}; filename*=UTF-8''{quote(found.name)}"
        return raw(
            found.content,
            content_type=found.media_type,
            headers={
                **FILE_HEADERS,
                "Content-Disposition": told,
                # A page of a shop that isolates itself may still show it; the path is the secret.
                "Cross-Origin-Resource-Policy": "cross-origin",
            },
        )

    return routes


class _Places:
    """So many uploads at once, so that the memory they take has an end."""

    def __init__(self, places: int) -> None:
        self._free = places

    @contextmanager
    def one(self) -> Iterator[None]:
        """Take a place while it is needed. Raises TooManyAttachments where none is free."""
        if not self._free:
            raise TooManyAttachments
        self._free -= 1
        try:
            yield
        finally:
            self._free += 1


async def _read_body(request: Request) -> None:
    """Read an upload, which may be larger and slower than other requests.

    Raises AttachmentTooLarge, and PayloadTooLarge for what nobody would take for a picture.
    """
    stream = cast(Any, request.stream)
    stream.request_max_size = MOST_READ
    stream.protocol.arrives_by = asyncio.get_running_loop().time() + UPLOAD_SECONDS
    kept, size = bytearray(), 0
    async for chunk in stream:
        size += len(chunk)
        if size <= LARGEST_BODY:
            kept += chunk
    if size > LARGEST_BODY:
        raise AttachmentTooLarge
    request.body = bytes(kept)


def _fields(request: Request) -> tuple[UploadFields, bytes]:
    """What the form says, and the file. Raises BodyRefused."""
    files = request.files.getlist("file") if request.files else None
    if not files or len(files) > 1:
        raise BodyRefused("The body of this request must be a form with one field “file”.")
    client_id = request.form.get("client_id") if request.form else None
    try:
        fields = UploadFields(client_id=client_id or "", name=files[0].name[:1_000])
    except ValidationError as error:
        raise body_refusal(error) from None
    return fields, files[0].body
