"""The field app's files under /app/: only those of its list, compressed, cached, under a policy."""

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import httpx
import pytest

from sync_server.field_app import files
from sync_server.field_app.files import TYPES, policy
from sync_server.settings import Settings
from tests.sync_server.serving import serving

CONTENT = {"index.html": b"<!DOCTYPE html>", "a.mjs": b"let a;" * 400, "fonts/b.ttf": b"font"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An app of three files, one of them packed, beside one that is not listed."""
    app = tmp_path / "app"
    (app / "fonts").mkdir(parents=True)
    for name, content in CONTENT.items():
        (app / name).write_bytes(content)
    (app / "a.mjs.br").write_bytes(b"packed")
    (app / "sw.js").write_bytes(b"// worker")
    (app / "secret.txt").write_bytes(b"secret")
    files = {name: {"sha256": sha256(content).hexdigest()} for name, content in CONTENT.items()}
    (app / "files.json").write_text(json.dumps({"version": "1" * 12, "files": files}))
    return app


@pytest.fixture
def browser(folder: Path, tmp_path: Path) -> Iterator[httpx.Client]:
    settings = Settings(
        database=f"sqlite:///{tmp_path}/b.db", photos=tmp_path / "photos", field_app=folder
    )
    with serving(settings) as server:
        yield server.client


def test_the_app_is_served_with_its_policy_and_types(browser: httpx.Client) -> None:
    assert browser.get("/app").headers["location"].endswith("/app/")
    for path, name in (("/app/", "index.html"), *((f"/app/{name}", name) for name in CONTENT)):
        answer = browser.get(path, headers={"accept-encoding": "identity"})
        assert answer.content == CONTENT[name]
        assert answer.headers["content-security-policy"] == policy(browser.base_url.netloc.decode())
        assert answer.headers["cross-origin-opener-policy"] == "same-origin"
        assert answer.headers["content-type"].startswith(TYPES[Path(name).suffix].split(";")[0])


def test_nothing_but_the_list_is_served(browser: httpx.Client) -> None:
    strays = ("secret.txt", "a.mjs.br", "../b.db", "%2e%2e/b.db", "fonts", "fonts/", "index.html/x")
    for path in strays:
        assert browser.get(f"/app/{path}").status_code == 404, path
    assert browser.post("/app/index.html", content=b"").status_code in {403, 405}


def test_what_is_packed_travels_packed_where_the_client_can_read_it(browser: httpx.Client) -> None:
    with browser.stream("GET", "/app/a.mjs", headers={"accept-encoding": "gzip, br"}) as answer:
        assert answer.headers["content-encoding"] == "br"
        assert b"".join(answer.iter_raw()) == b"packed"
    plain = browser.get("/app/a.mjs", headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers and plain.content == CONTENT["a.mjs"]


def test_a_file_by_its_digest_is_kept_for_ever_and_any_other_asked_about(
    browser: httpx.Client,
) -> None:
    digest = sha256(CONTENT["a.mjs"]).hexdigest()
    assert "immutable" in browser.get(f"/app/a.mjs?v={digest}").headers["cache-control"]
    for path in ("/app/a.mjs", "/app/a.mjs?v=other", "/app/sw.js", "/app/files.json", "/app/"):
        answer = browser.get(path)
        assert answer.headers["cache-control"] == "no-cache", path
        again = browser.get(path, headers={"if-none-match": answer.headers["etag"]})
        assert again.status_code == 304 and not again.content, path


def test_a_server_without_the_app_has_no_such_page(tmp_path: Path) -> None:
    settings = Settings(
        database=f"sqlite:///{tmp_path}/b.db", photos=tmp_path / "p", field_app=tmp_path / "none"
    )
    with serving(settings) as server:
        assert server.client.get("/app/").status_code == 404


def test_a_server_out_of_its_wheel_brings_the_app_along(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that was built beside it goes before."""
    monkeypatch.setattr(files, "BUILT", folder)
    assert files.found(tmp_path / "none") == folder
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / files.LIST).write_text("{}")
    assert files.found(tmp_path / "own") == tmp_path / "own"


def test_the_app_reaches_its_own_files_and_the_phones_addresses_alone() -> None:
    """The console may lie at the same origin."""
    reaches = {
        "bureau.example:8000": "bureau.example:8000/app/ bureau.example:8000/v1/ data: blob:",
        "bureau.example": "bureau.example/app/ bureau.example/v1/ data: blob:",
        "[::1]:8000": "'self' data: blob:",
        "a;script-src *": "'self' data: blob:",
        "": "'self' data: blob:",
    }
    found = {}
    for host in reaches:
        rules = dict(rule.split(" ", 1) for rule in policy(host).split("; "))
        found[host] = rules["connect-src"]
        assert rules["script-src"] == "'self' 'wasm-unsafe-eval'"
    assert found == reaches


def test_an_app_with_a_host_of_its_own_shares_no_origin_with_the_console(
    folder: Path, tmp_path: Path
) -> None:
    settings = Settings(
        database=f"sqlite:///{tmp_path}/b.db",
        photos=tmp_path / "photos",
        field_app=folder,
        app_host="app.example",
    )
    with serving(settings) as server:
        app, console = ({"host": f"{name}.example"} for name in ("App", "console"))
        found = [
            (host["host"], path, server.client.get(path, headers=host, follow_redirects=False))
            for host in (app, console)
            for path in ("/", "/app/", "/sign-in", "/static/console.css", "/healthz", "/v1/sync")
        ]
    said = {(host.split(".")[0], path): answer.status_code for host, path, answer in found}
    assert said == {
        ("App", "/"): 307, ("App", "/app/"): 200, ("App", "/sign-in"): 404,
        ("App", "/static/console.css"): 404, ("App", "/healthz"): 200, ("App", "/v1/sync"): 405,
        ("console", "/"): 303, ("console", "/app/"): 307, ("console", "/sign-in"): 200,
        ("console", "/static/console.css"): 200, ("console", "/healthz"): 200,
        ("console", "/v1/sync"): 405,
    }  # fmt: skip
    assert found[7][2].headers["location"] == "//app.example/app/"
