"""Headers of answers, and requests that are a little unusual and right, or a little wrong."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from contract import wire
from sync_server.store.schema import uploads
from tests.sync_server.bureau import Bureau
from tests.sync_server.photographs import Sender
from tests.sync_server.serving import Server, problem, serving

ALLOWED = {
    "/v1/sync": "POST",
    "/v1/enrolments": "POST",
    "/v1/photos/": "OPTIONS, POST",
    "/v1/photos/0000": "DELETE, HEAD, OPTIONS, PATCH",
    "/v1/openapi.json": "GET, HEAD",
    "/healthz": "GET, HEAD",
    "/sign-in": "GET, HEAD, POST",
    "/sign-out": "GET, HEAD, POST",
    "/inbox": "GET, HEAD",
}
PAGES = ("/healthz", "/v1/openapi.json", "/sign-in", "/inbox", "/static/console.css", "/nothing")


@pytest.mark.parametrize("path", ALLOWED)
def test_a_method_that_is_not_there_is_told_which_are(server: Server, path: str) -> None:
    answer = server.client.request("PUT", path)
    assert problem(answer) == (405, "method_not_allowed")
    assert answer.headers["allow"] == ALLOWED[path]


@pytest.mark.parametrize("path", PAGES)
def test_head_is_get_without_its_body(server: Server, path: str) -> None:
    got, head = server.client.get(path, follow_redirects=False), server.client.head(path)
    assert (head.status_code, head.content) == (got.status_code, b"")
    assert head.headers["content-type" if got.content else "location"]
    assert head.headers.get("content-length") == got.headers.get("content-length")
    assert problem(got)[0] == 404 if path == "/nothing" else got.status_code < 400


def is_private(headers: Mapping[str, str]) -> bool:
    return "no-store" in headers["cache-control"] and headers["x-content-type-options"] == "nosniff"


def test_no_answer_with_a_token_or_content_is_kept_or_guessed_at(
    server: Server, bureau: Bureau
) -> None:
    asked = wire.canonical({"code": bureau.code()})
    enrolled = server.client.post("/v1/enrolments", content=asked)
    assert enrolled.status_code == 201 and is_private(enrolled.headers)
    assert is_private(server.sync(bureau.enrol()).headers)
    assert is_private(server.client.post("/v1/sync").headers)
    for path in ("/sign-in", "/v1/nothing", "/inbox"):
        assert is_private(server.client.get(path).headers), path


@pytest.mark.parametrize(
    ("told", "is_set"),
    [
        ({"address": "https://xuncha.example"}, True),
        ({"secure_cookie": True}, True),
        ({"address": "http://xuncha.example"}, False),
        ({}, False),
    ],
)
@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_browsers_are_told_to_use_tls_where_there_is_some(
    bureau: Bureau, told: dict[str, object], is_set: bool
) -> None:
    with serving(replace(bureau.settings, **told)) as server:  # type: ignore[arg-type]  # by name
        for path in ("/sign-in", "/v1/nothing", "/static/console.css"):
            assert ("strict-transport-security" in server.client.get(path).headers) is is_set, path


@pytest.mark.parametrize(
    "kind",
    [
        "Application/Offset+Octet-Stream",
        "APPLICATION/OFFSET+OCTET-STREAM",
        "application/offset+octet-stream; charset=binary",
    ],
)
def test_a_media_type_has_no_case(sender: Sender, bureau: Bureau, kind: str) -> None:
    created = sender.ask("POST", "/v1/photos/", **{"Upload-Length": "9"})
    place = "/v1/photos/" + created.headers["location"]
    more = {"Upload-Offset": "0", "Content-Type": kind}
    assert sender.ask("PATCH", place, b"abc", **more).headers["upload-offset"] == "3"
    more = {"Upload-Length": "10", "Content-Type": kind}
    assert sender.ask("POST", "/v1/photos/", b"abcd", **more).headers["upload-offset"] == "4"
    assert bureau.count(uploads) == 2


@pytest.mark.parametrize("length", [{"Upload-Length": "9"}, {}])
def test_a_length_that_comes_later_is_refused(
    sender: Sender, bureau: Bureau, length: dict[str, str]
) -> None:
    answer = sender.ask("POST", "/v1/photos/", **{"Upload-Defer-Length": "1"}, **length)
    assert problem(answer) == (400, "bad_header")
    assert bureau.count(uploads) == 0


@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE"])
def test_who_is_unknown_is_told_of_nothing_else(server: Server, method: str) -> None:
    path = "/v1/photos/" if method == "POST" else "/v1/photos/0000"
    for version in ({}, {"Tus-Resumable": "0.2.2"}):
        answer = server.client.request(method, path, headers=version)
        assert problem(answer) == (401, "not_signed_in")


def test_who_is_known_is_told_of_the_version(sender: Sender) -> None:
    answer = sender.server.client.patch("/v1/photos/0000", headers=sender.handset.headers)
    assert problem(answer) == (412, "tus_version")


def test_openapi_names_the_headers_of_tus(server: Server) -> None:
    paths = server.client.get("/v1/openapi.json").json()["paths"]
    post, patch = paths["/v1/photos/"]["post"], paths["/v1/photos/{upload}"]["patch"]
    needed = {one["name"] for one in post["parameters"] if one["required"]}
    assert needed == {"Tus-Resumable", "Upload-Length"}
    assert {one["name"] for one in patch["parameters"]} >= {"Upload-Offset", "Upload-Checksum"}
    told = post["responses"]["201"]["headers"].keys()
    assert {"Location", "Upload-Offset", "Photo-Digest"} <= told
    assert "application/offset+octet-stream" in patch["requestBody"]["content"]
    assert "Upload-Length" in paths["/v1/photos/{upload}"]["head"]["responses"]["200"]["headers"]
