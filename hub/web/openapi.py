"""The OpenAPI document, completed to what is really answered.

FastAPI knows the routes and their models. Added here: the stream, the problems every address may
answer, and the media type they come in.
"""

import copy
from typing import Any, Final

from fastapi import FastAPI

from edge.wire.topics import ID_PATTERN
from hub.identity import access
from hub.identity.sessions import COOKIE
from hub.web.errors import MEDIA_TYPE, Problem
from hub.web.live import PATH as STREAM_PATH

REF: Final = {"$ref": "#/components/schemas/Problem"}
PROBLEM: Final[dict[str, Any]] = {MEDIA_TYPE: {"schema": REF}}
ANYWHERE: Final = {
    "413": "The request has a body that is too large.",
    "414": "The address is longer than 8 KiB.",
    "421": "The Host header names a host that is not answered to.",
    "500": "Something broke on the server.",
    "503": "The database does not answer.",
}
ETAG: Final = {"ETag": {"description": "Strong.", "schema": {"type": "string"}}}
STREAM: Final[dict[str, Any]] = {
    "get": {
        "tags": ["density"],
        "operationId": "streamBoard",
        "summary": "Stream Board",
        "description": (
            "Server-sent events for as long as the connection lasts. At once, and then whenever "
            "something changed (at most once a second, at least every 10 s), one event named "
            "`density` whose data is the JSON of `/api/v1/density` for the same `site`. Events "
            "have no id: each is the whole board, and there is nothing to replay. Comments keep "
            "the connection alive while the database is away."
        ),
        "parameters": [
            {
                "name": "site",
                "in": "query",
                "required": False,
                "schema": {"type": "string", "pattern": ID_PATTERN},
                "description": "Only this office.",
            }
        ],
        "responses": {
            "200": {
                "description": "The stream.",
                "content": {
                    "text/event-stream": {
                        "schema": {"type": "string"},
                        "example": 'retry: 3210\n\nevent: density\ndata: {"now":"…"}\n\n',
                    }
                },
            },
            "404": {"description": "No such site."},
            "422": {"description": "The request cannot be read."},
            "503": {"description": "The database does not answer, or all streams are taken."},
        },
    }
}


def complete(app: FastAPI) -> dict[str, Any]:
    """The document of `app`, with everything it really answers."""
    document = FastAPI.openapi(app)
    document = copy.deepcopy(document)
    document["paths"][STREAM_PATH] = copy.deepcopy(STREAM)
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(problem.pop("$defs", {}), Problem=problem)
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    schemes = document["components"].setdefault("securitySchemes", {})
    schemes["session"] = {"type": "apiKey", "in": "cookie", "name": COOKIE}
    table = access.table(app)
    for path, operations in document["paths"].items():
        for verb, operation in operations.items():
            _say_who_may(operation, verb.upper(), table.get((verb.upper(), path), access.BOARD))
            _complete(operation)
    return document


def _say_who_may(operation: dict[str, Any], method: str, asks: access.Access) -> None:
    if asks.door in ("signed-in", "roles"):
        operation["security"] = [{"session": []}]
        operation["x-roles"] = sorted(asks.roles)
    if asks.door != "anyone":
        operation["responses"]["401"] = {"description": "Nobody is signed in."}
    if asks.door != "anyone" or method not in access.SAFE:
        told = "Another role is needed, or the request comes from a page elsewhere."
        operation["responses"]["403"] = {"description": told}


def _complete(operation: dict[str, Any]) -> None:
    responses = operation["responses"]
    for status, description in ANYWHERE.items():
        responses.setdefault(status, {"description": description})
    if "requestBody" in operation:
        responses["400"] = {"description": "The body is no JSON."}
    if "422" in responses:
        responses["422"]["description"] = "The request cannot be read."
    if "304" in responses:
        responses["200"]["headers"] = ETAG
    for status, response in responses.items():
        if int(status) >= 400:
            response["content"] = PROBLEM
    operation["responses"] = dict(sorted(responses.items()))
