"""The OpenAPI document of protocol v1, made from the contract's own models."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from pydantic.json_schema import models_json_schema

from contract import wire
from contract.patrol import Patrol
from contract.protocol import (
    MAX_ARRIVALS,
    MAX_PHOTOS_ASKED,
    PROTOCOL,
    Enrolment,
    EnrolmentRequest,
    ProblemDetails,
    SyncReply,
    SyncRequest,
)
from contract.report import Objection, Report, Suggestion, Withdrawal
from sync_server.settings import Limits

REFERENCE = "#/components/schemas/{model}"
MODELS = (
    *(Enrolment, EnrolmentRequest, ProblemDetails, SyncReply, SyncRequest),
    *(Report, Patrol, Withdrawal, Suggestion, Objection),
)
Json = dict[str, Any]
TEXT, BINARY = {"type": "string"}, {"type": "string", "format": "binary"}
BYTES = "application/offset+octet-stream"
LENGTH: Json = {"type": "integer", "minimum": 0, "maximum": Limits().photo}
DIGITS = r"[A-Za-z0-9+/]"
ASKED: dict[str, Json] = {
    "Tus-Resumable": {"type": "string", "enum": ["1.0.0"]},
    "Upload-Length": LENGTH,
    "Upload-Offset": LENGTH,
    "Upload-Metadata": {"type": "string", "maxLength": 1_000},
    "Upload-Checksum": {
        "type": "string",
        "pattern": f"^(sha256 {DIGITS}{{43}}=|sha1 {DIGITS}{{27}}=)$",
    },
}
EVERY_ANSWER = ("Tus-Resumable", "Tus-Version")


@dataclass(frozen=True, slots=True)
class TusHeaders:
    """The headers of one request of tus, and whether each is required; and those of its answer."""

    asked: Mapping[str, bool] = field(default_factory=dict)
    told: Sequence[str] = ()
    has_body: bool = False
    needs_version: bool = True


UPLOAD = ("Upload-Offset", "Upload-Expires", "Photo-Digest")
OPTIONS = TusHeaders(
    told=("Tus-Extension", "Tus-Max-Size", "Tus-Checksum-Algorithm"), needs_version=False
)
POST = TusHeaders(
    {"Upload-Length": True, "Upload-Metadata": False, "Upload-Checksum": False},
    ("Location", *UPLOAD),
    has_body=True,
)
HEAD = TusHeaders(told=(*UPLOAD, "Upload-Length", "Upload-Metadata", "Cache-Control"))
PATCH = TusHeaders({"Upload-Offset": True, "Upload-Checksum": False}, UPLOAD, has_body=True)
DELETE = TusHeaders()


@cache
def document() -> bytes:
    """Canonical bytes of the OpenAPI 3.1 document."""
    _, schemas = models_json_schema(
        [(model, "validation") for model in MODELS], ref_template=REFERENCE
    )
    return wire.canonical(
        {
            "openapi": "3.1.0",
            "info": {"title": "xuncha", "version": f"v{PROTOCOL}"},
            "paths": _paths(),
            "components": {
                "schemas": _with_limits(schemas["$defs"]),
                "securitySchemes": {"phone": {"type": "http", "scheme": "bearer"}},
            },
        }
    )


def _with_limits(schemas: Json) -> Json:
    """With what the server asks of a sync call before the contract's model looks at it."""
    sync = schemas["SyncRequest"]["properties"]
    sync["protocol"] |= {"minimum": 1}
    sync["arrivals"] |= {"maxItems": MAX_ARRIVALS}
    sync["photos"] |= {"maxItems": MAX_PHOTOS_ASKED}
    return schemas


def _paths() -> Json:
    upload = {"name": "upload", "in": "path", "required": True, "schema": {"type": "string"}}
    return {
        "/v1/enrolments": {
            "post": _call("Spend a one-time code for a token", EnrolmentRequest, "201", Enrolment)
        },
        "/v1/sync": {
            "post": _call("One round trip both ways", SyncRequest, "200", SyncReply) | _SIGNED
        },
        "/v1/photos/": {
            "options": _tus("What this server speaks of tus 1.0.0", "204", OPTIONS),
            "post": _tus("Create an upload, with its first bytes if wanted", "201", POST) | _SIGNED,
        },
        "/v1/photos/{upload}": {
            "parameters": [upload],
            "head": _tus("How far the upload has come", "200", HEAD) | _SIGNED,
            "patch": _tus("More bytes, from Upload-Offset", "204", PATCH) | _SIGNED,
            "delete": _tus("Give the upload up", "204", DELETE) | _SIGNED,
        },
    }


def _link(method: str) -> Json:
    """From a creation to the upload that it named."""
    operation = f"#/paths/~1v1~1photos~1{{upload}}/{method}"
    return {"operationRef": operation, "parameters": {"path.upload": "$response.header.Location"}}


_SIGNED: Json = {"security": [{"phone": []}]}


def _body(model: type[Any], kind: str = "application/json") -> Json:
    return {"content": {kind: {"schema": {"$ref": REFERENCE.format(model=model.__name__)}}}}


def _no() -> Json:
    return {
        "default": {"description": "A problem"} | _body(ProblemDetails, "application/problem+json")
    }


def _call(summary: str, asked: type[Any], status: str, answered: type[Any]) -> Json:
    return {
        "summary": summary,
        "requestBody": {"required": True} | _body(asked),
        "responses": {status: {"description": summary} | _body(answered)} | _no(),
    }


def _tus(summary: str, status: str, known: TusHeaders) -> Json:
    asked = {"Tus-Resumable": True, **known.asked} if known.needs_version else known.asked
    parameters = [
        {"name": name, "in": "header", "required": required, "schema": ASKED[name]}
        for name, required in asked.items()
    ]
    told = {name: {"schema": TEXT} for name in (*EVERY_ANSWER, *known.told)}
    body = {"requestBody": {"content": {BYTES: {"schema": BINARY}}}} if known.has_body else {}
    answer: Json = {"description": summary, "headers": told}
    if "Location" in told:
        answer["links"] = {name: _link(name) for name in ("head", "patch", "delete")}
    responses = {status: answer} | _no()
    return {"summary": summary, "parameters": parameters, "responses": responses} | body
