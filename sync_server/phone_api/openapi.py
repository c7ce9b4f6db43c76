"""The OpenAPI document of protocol v1, made from the contract's own models."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from pydantic.json_schema import models_json_schema

from contract import wire
from contract.patrol import Patrol
from contract.protocol import (
    PROTOCOL,
    Enrolment,
    EnrolmentRequest,
    ProblemDetails,
    SyncReply,
    SyncRequest,
)
from contract.report import Report, Suggestion, Withdrawal

REFERENCE = "#/components/schemas/{model}"
MODELS = (
    *(Enrolment, EnrolmentRequest, ProblemDetails, SyncReply, SyncRequest),
    *(Report, Patrol, Withdrawal, Suggestion),
)
Json = dict[str, Any]
TEXT, BINARY = {"type": "string"}, {"type": "string", "format": "binary"}
BYTES = "application/offset+octet-stream"
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
                "schemas": schemas["$defs"],
                "securitySchemes": {"phone": {"type": "http", "scheme": "bearer"}},
            },
        }
    )


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
        {"name": name, "in": "header", "required": required, "schema": TEXT}
        for name, required in asked.items()
    ]
    told = {name: {"schema": TEXT} for name in (*EVERY_ANSWER, *known.told)}
    body = {"requestBody": {"content": {BYTES: {"schema": BINARY}}}} if known.has_body else {}
    responses = {status: {"description": summary, "headers": told}} | _no()
    return {"summary": summary, "parameters": parameters, "responses": responses} | body
