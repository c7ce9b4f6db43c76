"""The files of the field app under /app/, compressed as they were built, with their own policy."""

import re
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import FileResponse, Response
from starlette.types import Receive, Scope, Send

from contract import wire
from contract.value import Value

BUILT = Path(__file__).parent / "built"  # in the server's wheel
LIST = "files.json"
START = "index.html"
ALWAYS = ("sw.js", LIST)  # in no list: they name the version
CODINGS = (("br", ".br"), ("gzip", ".gz"))  # as clients name them, best first
TYPES = {
    ".bin": "application/octet-stream",
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".otf": "font/otf",
    ".png": "image/png",
    ".ttf": "font/ttf",
    ".wasm": "application/wasm",
    ".woff2": "font/woff2",
    ".zip": "application/zip",
}
# A host as policies name it; others, such as IPv6 addresses, they cannot.
NAMEABLE = re.compile(r"[A-Za-z0-9.-]+(:[0-9]+)?")
# Flutter writes styles into the page, and draws from blobs. Everything comes from this server, and
# goes to it alone: see policy.
POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "media-src 'self' blob:",
        "font-src 'self' data:",
        "connect-src {reached} data: blob:",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "frame-ancestors 'none'",
        "base-uri 'self'",
        "form-action 'none'",
    )
)
HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=()",
    "Referrer-Policy": "no-referrer",
    "Vary": "Accept-Encoding",
    "X-Content-Type-Options": "nosniff",
}
REACHED = ("/app/", "/v1/")
FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"


class ListedFile(Value):
    """One file of the app."""

    sha256: str


class FileList(Value):
    """What `python -m browser_app` writes beside the files, as far as it matters here."""

    version: str
    files: dict[str, ListedFile]


def policy(host: str) -> str:
    """The policy of an app that was asked for from this host: it reaches its own files and the
    phones' addresses, not the console, which may lie at the same origin."""
    named = NAMEABLE.fullmatch(host)
    return POLICY.format(reached=" ".join(host + path for path in REACHED) if named else "'self'")


def found(folder: Path) -> Path | None:
    """Where the app to serve lies: in this folder, else in the wheel; None if there is none."""
    return next((place for place in (folder, BUILT) if (place / LIST).is_file()), None)


class FieldAppFiles:
    """An ASGI app for the folder that `python -m browser_app` has made. Only what its list names is
    served. A URL with `?v=` and the file's digest never changes; for any other, clients ask each
    time whether theirs is the one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        listed = wire.decode(FileList, (folder / LIST).read_bytes())
        self._digests = {name: file.sha256 for name, file in listed.files.items()}
        self._digests |= dict.fromkeys(ALWAYS, listed.version)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = self._response(scope) if scope["type"] == "http" else Response(status_code=404)
        await response(scope, receive, send)

    def _response(self, scope: Scope) -> Response:
        if scope["method"] not in {"GET", "HEAD"}:
            return Response(status_code=405, headers={"Allow": "GET, HEAD"})
        name = scope["path"].removeprefix(scope.get("root_path", "")).strip("/") or START
        digest = self._digests.get(name)
        if digest is None:
            return Response(status_code=404, headers=HEADERS)
        is_named = scope["query_string"] == f"v={digest}".encode()
        asked = Headers(scope=scope)
        headers = HEADERS | {
            "Content-Security-Policy": policy(asked.get("host", "")),
            "Cache-Control": FOR_EVER if is_named else ASK_AGAIN,
            "ETag": f'"{digest[:32]}"',
        }
        if headers["ETag"] in asked.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        return self._file(name, asked.get("accept-encoding", ""), headers)

    def _file(self, name: str, codings: str, headers: dict[str, str]) -> Response:
        path = self._folder / name
        kind = TYPES.get(path.suffix, "text/plain; charset=utf-8")
        known = {coding.split(";")[0].strip() for coding in codings.split(",")}
        for coding, suffix in CODINGS:
            packed = path.with_name(path.name + suffix)
            if coding in known and packed.is_file():
                coded = headers | {"Content-Encoding": coding}
                return FileResponse(packed, media_type=kind, headers=coded)
        return FileResponse(path, media_type=kind, headers=headers)
