"""The public API described as OpenAPI 3.1, its schemas generated from the types that read and write the bodies."""

from collections.abc import Mapping
from typing import Any

import msgspec

from intake.pages.errors import PROBLEM
from intake.web.api import IDEMPOTENCY_KEY
from intake.web.bodies import Conversation, NewMessage, NewReceipt, NewReport, OpenMailbox
from triage.gazetteer import Gazetteer

Json = dict[str, Any]

_SUMMARY = "Write anonymously, and read the answer with a receipt."
_TEXT_ONLY = (
    "Text only: files are not taken here, neither with a report nor with a message. Whoever has some sends them from "
    "the mailbox page, which opens with the same receipt; there what a camera wrote into a picture is removed before "
    "anybody opens it."
)
_REFUSALS: Mapping[str, str] = {
    "400": "The body is not JSON in UTF-8.",
    "413": "The body is larger than 512 KiB.",
    "415": "The body is not application/json.",
    "422": "A field is missing, unknown or not as described.",
    "503": "Nothing was written: keep the text and try again.",
}
_NO_MAILBOX = {"404": "No mailbox opens with this receipt: unknown, erased and malformed ones are alike."}
_NO_KEY = {"409": "The Idempotency-Key served for another report, or more than an hour ago."}

_PROBLEM_SCHEMA: Json = {
    "title": "Problem",
    "description": "Problem details after RFC 9457; they never repeat the input.",
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
    },
}

_KEY_HEADER: Json = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "A random secret. Within an hour the same report gets the same receipt; a message is added once.",
    "schema": {"type": "string", "pattern": f"^{IDEMPOTENCY_KEY.pattern}$"},
}


def describe(name: str, gazetteer: Gazetteer) -> bytes:
    """The whole document as JSON, for a service of this name and the codes of this gazetteer."""
    bodies = (NewReport, NewReceipt, OpenMailbox, Conversation, NewMessage)
    _, schemas = msgspec.json.schema_components(bodies, ref_template="#/components/schemas/{name}")
    report = schemas["NewReport"]["properties"]
    report["county"] |= {"enum": [*sorted(gazetteer.counties), None]}
    report["municipality"] |= {"enum": [*sorted(gazetteer.municipalities), None]}
    document = {
        "openapi": "3.1.0",
        "info": {"title": name, "version": "1", "summary": _SUMMARY, "description": _TEXT_ONLY},
        "paths": {
            "/api/v1/reports": _post("Send a report.", NewReport, _made(NewReceipt), _NO_KEY, [_KEY_HEADER]),
            "/api/v1/mailbox": _post("Read a mailbox.", OpenMailbox, _found(Conversation), _NO_MAILBOX),
            "/api/v1/mailbox/messages": _post(
                "Write one more message.",
                NewMessage,
                {"201": {"description": "It is on disk."}},
                _NO_MAILBOX,
                [_KEY_HEADER],
            ),
            "/api/v1/mailbox/erase": _post(
                "Destroy the person's side at once.", OpenMailbox, {"204": {"description": "It is gone."}}, _NO_MAILBOX
            ),
        },
        "components": {"schemas": schemas | {"Problem": _PROBLEM_SCHEMA}},
    }
    return msgspec.json.encode(document)


def _post(
    summary: str, body: type, answers: Json, refusals: Mapping[str, str], parameters: list[Json] | None = None
) -> Json:
    problems = {
        status: {"description": why, "content": {PROBLEM: {"schema": _reference("Problem")}}}
        for status, why in {**_REFUSALS, **refusals}.items()
    }
    return {
        "post": {
            "summary": summary,
            "operationId": summary.rstrip(".").lower().replace(" ", "-").replace("'", ""),
            "parameters": parameters or [],
            "requestBody": {"required": True, "content": _content(body)},
            "responses": answers | problems,
        }
    }


def _made(body: type) -> Json:
    return {"201": {"description": "It is on disk.", "content": _content(body)}}


def _found(body: type) -> Json:
    return {"200": {"description": "Here it is.", "content": _content(body)}}


def _content(body: type) -> Json:
    return {"application/json": {"schema": _reference(body.__name__)}}


def _reference(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}
