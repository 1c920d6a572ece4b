"""The visitor API described for machines (OpenAPI 3.1)."""

from typing import Any

from bot.web.schemas import MessageBody, StartBody


def _body(model: type[StartBody] | type[MessageBody]) -> dict[str, Any]:
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
    attachments={"type": "array"},
    created_at=_INSTANT,
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
        ]
    },
)
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
        413: "The message or body is too long.",
        429: "Too much at once; see Retry-After.",
        503: "Nothing was stored; send it again, see Retry-After.",
    }.items()
}
_ID = {"name": "id", "in": "path", "required": True, "schema": _TEXT}
_AUTHORISED: list[dict[str, list[str]]] = [{"token": []}]


def _number(name: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": {"type": "integer", "minimum": 0}}


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
                        _object(["messages", "state"], messages=_MESSAGES, state=_STATE),
                    ),
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
                    "{type: state, state}. Sending is by POST only."
                ),
                "parameters": [_number("after")],
                "responses": {"101": {"description": "Switching to the socket."}},
            },
        },
    },
    "components": {
        "schemas": {"Message": _MESSAGE, "Error": _ERROR},
        "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
    },
}
