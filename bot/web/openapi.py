"""The visitor API described for machines (OpenAPI 3.1)."""

from typing import Any

from pydantic import BaseModel

from bot.web.schemas import (
    EmptyBody,
    MessageBody,
    RatingBody,
    StartBody,
    TranscriptBody,
)


def _body(model: type[BaseModel]) -> dict[str, Any]:
    return {
        "required": True,
        "content": {"application/json": {"schema": model.model_json_schema()}},
    }


def _answer(description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _object(required: list[str], **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": required, "properties": properties}


_TEXT = {"type": "string"}
_INSTANT = {"type": "string", "format": "date-time"}
_STATE = {"enum": ["bot", "waiting", "agent", "closed"]}
_ERROR = _object(
    ["error"], error=_object(["code", "message"], code=_TEXT, message={**_TEXT, "minLength": 1})
)
_MESSAGE = _object(
    ["sequence", "sender", "text", "lang", "buttons", "sources", "attachments", "created_at"],
    sequence={"type": "integer", "minimum": 1},
    sender={"enum": ["visitor", "bot", "agent", "system"]},
    text=_TEXT,
    lang=_TEXT,
    buttons={"type": "array", "items": _object(["id", "title"], id=_TEXT, title=_TEXT)},
    sources={
        "type": "array",
        "items": _object(
            ["document", "section", "title"], document=_TEXT, section=_TEXT, title=_TEXT
        ),
    },
    attachments={"type": "array", "items": {"$ref": "#/components/schemas/Attachment"}},
    cards={"type": "array", "items": {"$ref": "#/components/schemas/Card"}},
    created_at=_INSTANT,
    client_id={**_TEXT, "description": "Of the visitor's own messages, as they were sent."},
    agent=_object(["name"], name=_TEXT),
    promise=_object(["due_at", "clause"], due_at=_INSTANT, clause=_TEXT),
    ticket=_object(["reference"], reference=_TEXT),
    asks={
        "enum": [
            "name",
            "email",
            "order_number",
            "description",
            "attachments",
            "confirm",
            "choice",
            "code",
            "rating",
        ]
    },
)
_WHOLE = {"type": "integer", "minimum": 0}
_SIZE = {"type": ["integer", "null"], "minimum": 1}
_MAYBE_TEXT = {"type": ["string", "null"]}
_ATTACHMENT = _object(
    ["id", "name", "media_type", "bytes", "width", "height", "url", "thumbnail"],
    id=_TEXT,
    name=_TEXT,
    media_type={"enum": ["image/jpeg", "image/png", "image/webp"]},
    bytes=_WHOLE,
    width=_SIZE,
    height=_SIZE,
    url={**_MAYBE_TEXT, "description": "A path on this origin that holds for a while."},
    thumbnail=_MAYBE_TEXT,
)
_CARD = _object(
    ["kind", "title", "lines", "image", "link", "status"],
    kind={"enum": ["product", "order"]},
    title=_TEXT,
    lines={"type": "array", "items": _TEXT},
    image=_MAYBE_TEXT,
    link=_MAYBE_TEXT,
    status=_MAYBE_TEXT,
)
_UPLOAD = {
    "required": True,
    "content": {
        "multipart/form-data": {
            "schema": _object(
                ["file", "client_id"],
                file={"type": "string", "contentMediaType": "application/octet-stream"},
                client_id={**_TEXT, "minLength": 1, "maxLength": 64},
            )
        }
    },
}
_NOTICE = {
    "type": ["object", "null"],
    "description": "What the site announces, as in a peak period, and the policy's clause.",
    "required": ["text", "clause"],
    "properties": {"text": _TEXT, "clause": _TEXT},
}
_MESSAGES = {"type": "array", "items": {"$ref": "#/components/schemas/Message"}}
_REFUSALS = {
    str(status): _answer(why, {"$ref": "#/components/schemas/Error"})
    for status, why in {
        400: "The request is not what the call wants.",
        403: "The page that sent it may not.",
        404: "No such conversation for this token.",
        409: "The client id was used with another body.",
        413: "The message, body or file is too large.",
        415: "The file is not a picture that can be taken.",
        429: "Too much at once; see Retry-After.",
        503: "Nothing was stored; send it again, see Retry-After.",
    }.items()
}
_ID = {"name": "id", "in": "path", "required": True, "schema": _TEXT}
_AUTHORISED: list[dict[str, list[str]]] = [{"token": []}]


def _number(name: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": {"type": "integer", "minimum": 0}}


def _done(summary: str, body: type[BaseModel]) -> dict[str, Any]:
    return {
        "summary": summary,
        "security": _AUTHORISED,
        "requestBody": _body(body),
        "responses": {"204": {"description": "Done."}, **_REFUSALS},
    }


OPENAPI: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Visitor API", "version": "1"},
    "paths": {
        "/api/v1/conversations": {
            "post": {
                "summary": "Open a conversation",
                "requestBody": _body(StartBody),
                "responses": {
                    "201": _answer(
                        "The conversation and its token, shown this once.",
                        _object(
                            ["id", "token", "state", "notice", "messages"],
                            id=_TEXT,
                            token=_TEXT,
                            state=_STATE,
                            notice=_NOTICE,
                            messages=_MESSAGES,
                        ),
                    ),
                    **_REFUSALS,
                },
            }
        },
        "/api/v1/notice": {
            "get": {
                "summary": "What the site announces now",
                "responses": {
                    "200": _answer("The notice, if any.", _object(["notice"], notice=_NOTICE)),
                    **_REFUSALS,
                },
            }
        },
        "/api/v1/conversations/{id}/messages": {
            "parameters": [_ID],
            "post": {
                "summary": "Send a message",
                "description": "The same client_id with the same body gives the same answer.",
                "security": _AUTHORISED,
                "requestBody": _body(MessageBody),
                "responses": {
                    "202": _answer("Stored.", _object(["sequence"], sequence={"type": "integer"})),
                    **_REFUSALS,
                },
            },
            "get": {
                "summary": "Read what is new",
                "description": "Waits up to `wait` seconds (25 at most) for something newer.",
                "security": _AUTHORISED,
                "parameters": [_number("after"), _number("wait")],
                "responses": {
                    "200": _answer(
                        "The messages after that sequence.",
                        _object(
                            ["messages", "state", "seen"],
                            messages=_MESSAGES,
                            state=_STATE,
                            seen=_WHOLE,
                        ),
                    ),
                    **_REFUSALS,
                },
            },
        },
        "/api/v1/conversations/{id}/attachments": {
            "parameters": [_ID],
            "post": {
                "summary": "Upload a picture for the next message",
                "description": "It is made anew; nobody sees it until a message names it.",
                "security": _AUTHORISED,
                "requestBody": _UPLOAD,
                "responses": {"201": _answer("Kept.", _ATTACHMENT), **_REFUSALS},
            },
        },
        "/api/v1/conversations/{id}/typing": {
            "parameters": [_ID],
            "post": _done("Tell that the visitor is typing", EmptyBody),
        },
        "/api/v1/conversations/{id}/rating": {
            "parameters": [_ID],
            "post": _done("Rate the conversation; again replaces", RatingBody),
        },
        "/api/v1/conversations/{id}/transcript": {
            "parameters": [_ID],
            "post": {
                "summary": "Have the conversation mailed to an address",
                "security": _AUTHORISED,
                "requestBody": _body(TranscriptBody),
                "responses": {"202": _answer("It will be sent.", _object([])), **_REFUSALS},
            },
        },
        "/api/v1/conversations/{id}/export": {
            "parameters": [_ID],
            "get": {
                "summary": "Everything that is kept of the conversation",
                "security": _AUTHORISED,
                "responses": {"200": _answer("A file.", _object(["conversation"])), **_REFUSALS},
            },
        },
        "/api/v1/conversations/{id}": {
            "parameters": [_ID],
            "delete": {
                "summary": "Erase the conversation",
                "description": "Cases that are owed an answer stay, unless `cases=erase`.",
                "security": _AUTHORISED,
                "parameters": [
                    {"name": "cases", "in": "query", "schema": {"enum": ["keep", "erase"]}}
                ],
                "responses": {
                    "200": _answer("What stays, and why.", _object(["kept"], kept=_MAYBE_TEXT)),
                    "204": {"description": "Nothing stays."},
                    **_REFUSALS,
                },
            },
        },
        "/api/v1/conversations/{id}/socket": {
            "parameters": [_ID],
            "get": {
                "summary": "Follow a conversation by WebSocket",
                "description": (
                    "Sub-protocols `chat.v1` and the token. Frames: {type: message, message}, "
                    "{type: state, state}, {type: typing, sender}, {type: seen, sequence}. "
                    "Sending is by POST only."
                ),
                "parameters": [_number("after")],
                "responses": {"101": {"description": "Switching to the socket."}},
            },
        },
    },
    "components": {
        "schemas": {
            "Message": _MESSAGE,
            "Attachment": _ATTACHMENT,
            "Card": _CARD,
            "Error": _ERROR,
        },
        "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
    },
}
