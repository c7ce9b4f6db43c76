"""What proxies on the way do to requests and answers: a table of functions, one row each."""

import gzip
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

Headers = list[tuple[str, str]]
PHOTOS = "/v1/photos/"
HTML = b"<html><body>please sign in</body></html>"
STATUSES = (
    *(200, 201, 204, 400, 401, 403, 404, 405, 407, 408, 411, 413, 414, 415, 422, 426, 429),
    *(451, 494, 500, 501, 502, 503, 504, 507, 511, 520, 522),
)


@dataclass
class Message:
    """A request, or an answer: then `status` is set. `cut_after` bytes of an answer's body, or
    before a request is passed on, the connection is reset. `chunked`: how it is written;
    `continued`: an interim answer goes before it; `closing`: the connection ends after it; `twice`:
    the bureau gets it two times."""

    method: str
    path: str
    headers: Headers
    body: bytes
    status: int = 0
    cut_after: int | None = None
    chunked: bool = False
    continued: bool = False
    closing: bool = False
    twice: bool = False

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name), "")

    def without(self, *names: str) -> None:
        self.headers = [(key, value) for key, value in self.headers if key.lower() not in names]

    def put(self, name: str, value: str) -> None:
        self.without(name.lower())
        self.headers.append((name, value))

    @property
    def is_photo(self) -> bool:
        return self.path.startswith(PHOTOS)

    @property
    def is_zipped(self) -> bool:
        return self.header("content-encoding") == "gzip"


Up = Callable[[Message], Message | None]
Down = Callable[[Message], None]


def _unchanged_up(_: Message) -> None:
    return None


def _unchanged_down(_: Message) -> None:
    return None


@dataclass(frozen=True)
class Meddling:
    """`up` changes a request, or answers it; `down` changes the bureau's answer. `halves`: of each
    new photo only the first half gets through at first, so that it is continued. `at_once`: all
    arrives while the proxy meddles, else when it behaves again."""

    up: Up = _unchanged_up
    down: Down = _unchanged_down
    halves: bool = False
    at_once: bool = False
    state: dict[str, Message] = field(default_factory=dict)


def page(status: int, *headers: tuple[str, str]) -> Message:
    """An answer of the proxy's own."""
    return Message("", "", [("Content-Type", "text/html"), *headers], HTML, status)


def said(status: int, kind: str, body: bytes) -> Message:
    return Message("", "", [("Content-Type", kind)], body, status)


def _unzip(request: Message) -> None:
    if request.is_zipped:
        request.body = gzip.decompress(request.body)


def _unzip_and_say_so(request: Message) -> None:
    _unzip(request)
    request.without("content-encoding")


def _zip_again(request: Message) -> None:
    if request.body and not request.is_photo:
        request.put("Content-Encoding", "gzip, gzip" if request.is_zipped else "gzip")
        request.body = gzip.compress(request.body)


def _zip_plain(request: Message) -> None:
    if request.body and not request.is_photo and not request.is_zipped:
        request.body = gzip.compress(request.body)
        request.put("Content-Encoding", "gzip")


def _stripped(*names: str) -> Callable[[Message], None]:
    return lambda message: message.without(*names)


def _put_up(name: str, value: str) -> Up:
    def put(request: Message) -> None:
        if request.is_photo and request.header(name.lower()):
            request.put(name, value)

    return put


def _put_down(name: str, value: Callable[[str], str]) -> Down:
    def put(answer: Message) -> None:
        if before := answer.header(name.lower()):
            answer.put(name, value(before))

    return put


def _answering(answer: Callable[[], Message], photos_only: bool = False) -> Up:
    return lambda request: answer() if request.is_photo or not photos_only else None


def _forbids(status: int, *methods: str, override: bool = True) -> Up:
    def forbid(request: Message) -> Message | None:
        if not override:
            request.without("x-http-method-override")
        return page(status, ("Allow", "GET, POST")) if request.method in methods else None

    return forbid


def _firewall(status: int) -> Up:
    def forbid(request: Message) -> Message | None:
        is_odd = request.method not in {"GET", "POST"} or request.header("x-http-method-override")
        return page(status) if is_odd else None

    return forbid


def _resets(*methods: str) -> Up:
    def reset(request: Message) -> Message | None:
        return Message("", "", [], b"", 200, cut_after=0) if request.method in methods else None

    return reset


def _limits(most: int) -> Up:
    return lambda request: page(413) if len(request.body) > most else None


def _no_photo_bytes(request: Message) -> Message | None:
    return page(403) if request.is_photo and request.body else None


def _cuts_requests(most: int) -> Up:
    def cut(request: Message) -> None:
        request.body = request.body[:most]

    return cut


def _spoils_photos(request: Message) -> None:
    if request.is_photo and len(request.body) > 100:
        request.body = request.body[:60] + b"\0\0\0\0" + request.body[64:]


def _adds_mark(request: Message) -> None:
    if not request.is_photo and not request.is_zipped:
        request.body = b"\xef\xbb\xbf" + request.body


def _unzipped(answer: Message) -> None:
    if answer.is_zipped:
        answer.body = gzip.decompress(answer.body)
        answer.without("content-encoding")


def _with_mark(answer: Message) -> None:
    _unzipped(answer)
    answer.body = b"\xef\xbb\xbf" + answer.body


def _zipped(answer: Message) -> None:
    if answer.body and not answer.is_zipped:
        answer.body = gzip.compress(answer.body)
        answer.put("Content-Encoding", "gzip")


def _zipped_twice(answer: Message) -> None:
    if answer.body:
        answer.body = gzip.compress(answer.body)
        answer.put("Content-Encoding", "gzip")


def _shortened(answer: Message) -> None:
    answer.body = answer.body[: len(answer.body) // 2]


def _cut_off(answer: Message) -> None:
    answer.cut_after = len(answer.body) // 2


def _lost(answer: Message) -> None:
    answer.cut_after = 0


def _chunked(answer: Message) -> None:
    answer.chunked = True


def _continued(answer: Message) -> None:
    answer.continued = True


def _closing(answer: Message) -> None:
    answer.closing = True


def _twice(request: Message) -> None:
    request.twice = True


def _asks_more(request: Message) -> None:
    request.path += "?from=proxy"


def _always_200(answer: Message) -> None:
    answer.status = 200 if answer.status in {201, 202, 204} else answer.status


def _advertised(answer: Message) -> None:
    _unzipped(answer)
    answer.body += b"<script>/* an offer */</script>"


def _lower(answer: Message) -> None:
    answer.headers = [(key.lower(), value) for key, value in answer.headers]


def _upper(answer: Message) -> None:
    answer.headers = [(key.upper(), value) for key, value in answer.headers]


def _doubled(answer: Message) -> None:
    once = {"content-encoding"}  # said twice it means zipped twice
    answer.headers = [
        pair for pair in answer.headers for _ in range(1 if pair[0].lower() in once else 2)
    ]


def _garbled(answer: Message) -> None:
    with suppress(zlib.error, OSError):
        _unzipped(answer)
    answer.body = answer.body.replace(b"a", b"\xe4", 3)


def _cached() -> Meddling:
    """A stale answer for every request that looks like one before."""
    state: dict[str, Message] = {}

    def known(request: Message) -> Message | None:
        return state.get(f"{request.method} {request.path}")

    def keep(answer: Message) -> None:
        state.setdefault(f"{answer.method} {answer.path}", answer)

    return Meddling(known, keep, halves=True, state=state)


def _json(text: bytes, status: int = 200) -> Up:
    return _answering(lambda: said(status, "application/json; charset=UTF-8", text))


PROBLEM = b'{"type":"about:blank","title":"Bad Request","status":400,"code":"unreadable"}'
ELSEWHERE = ("Location", "http://127.0.0.1:9/login")

MEDDLINGS: dict[str, Meddling] = {
    "unzips the body, keeps the header": Meddling(_unzip, at_once=True),
    "unzips the body, drops the header": Meddling(_unzip_and_say_so, at_once=True),
    "drops the header, keeps the body zipped": Meddling(
        _stripped("content-encoding"), at_once=True
    ),
    "zips again": Meddling(_zip_again, at_once=True),
    "zips what is plain": Meddling(_zip_plain, at_once=True),
    "adds a byte order mark to requests": Meddling(_adds_mark),
    "cuts long requests": Meddling(_cuts_requests(300)),
    "cuts very short": Meddling(_cuts_requests(60)),
    "spoils photos": Meddling(_spoils_photos),
    "limits bodies to 100 bytes": Meddling(_limits(100)),
    "limits bodies to 3 KB": Meddling(_limits(3_000)),
    "lets no photo's bytes through": Meddling(_no_photo_bytes),
    "strips Tus-Resumable up": Meddling(_stripped("tus-resumable")),
    "strips Upload-Offset up": Meddling(_stripped("upload-offset"), halves=True),
    "strips Upload-Length and -Metadata up": Meddling(
        _stripped("upload-length", "upload-metadata")
    ),
    "strips Upload-Metadata up": Meddling(_stripped("upload-metadata"), at_once=True),
    "strips Content-Type up": Meddling(_stripped("content-type"), halves=True),
    "strips Authorization": Meddling(_stripped("authorization")),
    "changes the photo's Content-Type": Meddling(
        _put_up("Content-Type", "application/octet-stream")
    ),
    "forbids PATCH with 405": Meddling(_forbids(405, "PATCH"), halves=True, at_once=True),
    "forbids PATCH with 403": Meddling(_forbids(403, "PATCH"), halves=True, at_once=True),
    "forbids PATCH with 400": Meddling(_forbids(400, "PATCH"), halves=True, at_once=True),
    "forbids PATCH with 404": Meddling(_forbids(404, "PATCH"), halves=True, at_once=True),
    "forbids PATCH, HEAD, DELETE with 501": Meddling(
        _forbids(501, "PATCH", "HEAD", "DELETE"), halves=True, at_once=True
    ),
    "forbids PATCH and HEAD, strips the override": Meddling(
        _forbids(405, "PATCH", "HEAD", override=False), halves=True, at_once=True
    ),
    "forbids PATCH and its override": Meddling(_firewall(403), halves=True, at_once=True),
    "resets on PATCH": Meddling(_resets("PATCH"), halves=True, at_once=True),
    "resets on PATCH and HEAD": Meddling(_resets("PATCH", "HEAD"), halves=True),
    "resets on POST": Meddling(_resets("POST")),
    "redirects to another host": Meddling(_answering(lambda: page(302, ELSEWHERE))),
    "redirects photos with 307": Meddling(_answering(lambda: page(307, ELSEWHERE), True)),
    "says {}": Meddling(_json(b"{}")),
    "says a gateway's JSON": Meddling(_json(b'{"code":0,"msg":"ok","data":null}')),
    "says a gateway's 401": Meddling(_json(b'{"error":"token"}', 401)),
    "says another program's problem": Meddling(
        _answering(lambda: said(400, "application/problem+json", PROBLEM))
    ),
    "says another program's problem to photos": Meddling(
        _answering(lambda: said(422, "application/problem+json", PROBLEM), True)
    ),
    "strips Upload-Offset": Meddling(down=_stripped("upload-offset"), halves=True),
    "strips Location": Meddling(down=_stripped("location"), halves=True),
    "strips Photo-Digest": Meddling(down=_stripped("photo-digest"), at_once=True),
    "strips Tus-Resumable": Meddling(down=_stripped("tus-resumable"), at_once=True),
    "strips Content-Type": Meddling(down=_stripped("content-type")),
    "strips Upload-Expires": Meddling(down=_stripped("upload-expires"), at_once=True),
    "says text/plain": Meddling(down=_put_down("Content-Type", lambda _: "text/plain")),
    "adds a charset": Meddling(
        down=_put_down("Content-Type", lambda kind: f"{kind}; charset=utf-8"), at_once=True
    ),
    "names an inner host in Location": Meddling(
        down=_put_down("Location", lambda name: f"http://10.0.0.5:8000{PHOTOS}{name}"),
        halves=True,
        at_once=True,
    ),
    "names another path in Location": Meddling(
        down=_put_down("Location", lambda name: f"/elsewhere/{name}"), halves=True
    ),
    "writes the digest in capitals": Meddling(
        down=_put_down("Photo-Digest", str.upper), at_once=True
    ),
    "says another digest": Meddling(down=_put_down("Photo-Digest", lambda _: "0" * 64)),
    "lower-cases headers": Meddling(down=_lower, halves=True, at_once=True),
    "upper-cases headers": Meddling(down=_upper, halves=True, at_once=True),
    "repeats headers": Meddling(down=_doubled, halves=True, at_once=True),
    "adds a byte order mark": Meddling(down=_with_mark, at_once=True),
    "zips answers": Meddling(down=_zipped, at_once=True),
    "zips answers twice": Meddling(down=_zipped_twice),
    "unzips answers": Meddling(down=_unzipped, at_once=True),
    "garbles answers": Meddling(down=_garbled),
    "shortens answers": Meddling(down=_shortened),
    "cuts answers off": Meddling(down=_cut_off),
    "loses answers": Meddling(down=_lost, halves=True),
    "sends answers in chunks": Meddling(down=_chunked, halves=True, at_once=True),
    "says 100 Continue first": Meddling(down=_continued, halves=True, at_once=True),
    "sends requests in chunks": Meddling(_chunked, halves=True, at_once=True),
    "sends each request twice": Meddling(_twice, halves=True),
    "adds a query": Meddling(_asks_more, halves=True, at_once=True),
    "strips Accept-Encoding": Meddling(_stripped("accept-encoding"), at_once=True),
    "closes after each answer": Meddling(down=_closing, halves=True, at_once=True),
    "says 200 for every success": Meddling(down=_always_200, halves=True, at_once=True),
    "adds an advertisement": Meddling(down=_advertised),
    "answers from a stale cache": _cached(),
    **{f"answers {n} in HTML": Meddling(_answering(lambda n=n: page(n))) for n in STATUSES},  # type: ignore[misc]
    **{
        f"answers photos {n} in HTML": Meddling(_answering(lambda n=n: page(n), True))  # type: ignore[misc]
        for n in (200, 201, 204, 404, 409, 410, 412, 413, 415, 422, 460, 501, 503)
    },
}
