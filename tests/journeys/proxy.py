"""A proxy process on 127.0.0.1 that meddles with what passes between phone and bureau.

`python -m tests.journeys.proxy <port of the bureau> <folder> <port>…`: the file in the folder that
is named as a port names the row of the table that this port follows now; while it is empty,
everything is passed on unchanged.
"""

import http.client
import socket
import struct
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread

from tests.journeys.meddling import MEDDLINGS, PHOTOS, Meddling, Message

HOPS = {"connection", "content-length", "transfer-encoding", "host", "keep-alive"}


class Proxy(ThreadingHTTPServer):
    """Follows the rule that the file names."""

    daemon_threads = True

    def __init__(self, port: int, bureau: int, rule: Path) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.bureau, self._rule = bureau, rule
        self._name, self._halved, self._lock = "", set[str](), Lock()

    def rule(self) -> Meddling:
        """The row that is named now; what it had kept is forgotten with the row before."""
        with self._lock:
            name = self._rule.read_text()
            row = MEDDLINGS.get(name, Meddling())
            if name != self._name:
                self._name, self._halved = name, set()
                row.state.clear()
            return row

    def halve(self, request: Message) -> None:
        """Lets only half of a photo through when it comes first."""
        key = request.header("upload-metadata")
        with self._lock:
            if request.path == PHOTOS and request.body and key not in self._halved:
                self._halved.add(key)
                request.body = request.body[: len(request.body) // 2]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Proxy

    def log_message(self, *_: object) -> None:
        """Says nothing."""

    def _pass_on(self) -> None:
        rule = self.server.rule()
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        request = Message(self.command, self.path, self.headers.items(), body)
        if rule.halves:
            self.server.halve(request)
        answer = rule.up(request)
        if answer is None:
            if request.twice:
                self._asked(request)
            answer = self._asked(request)
            rule.down(answer)
        self._write(answer)

    do_GET = do_POST = do_PATCH = do_HEAD = do_DELETE = do_OPTIONS = _pass_on

    def _asked(self, request: Message) -> Message:
        line = http.client.HTTPConnection("127.0.0.1", self.server.bureau, timeout=20)
        headers = {key: value for key, value in request.headers if key.lower() not in HOPS}
        body: bytes | list[bytes] = request.body
        if request.chunked and request.body:
            body = [request.body[at : at + 1000] for at in range(0, len(request.body), 1000)]
        chunked = isinstance(body, list)
        headers |= {"Transfer-Encoding": "chunked"} if chunked else {}
        line.request(request.method, request.path, body, headers, encode_chunked=chunked)
        got = line.getresponse()
        content = got.read()
        line.close()
        kept = [(key, value) for key, value in got.getheaders() if key.lower() not in HOPS]
        return Message(request.method, request.path, kept, content, got.status)

    def _write(self, answer: Message) -> None:
        if answer.cut_after == 0:
            self._reset()
            return
        if answer.continued:
            self.send_response_only(100)
            self.end_headers()
        self.send_response_only(answer.status)
        for key, value in answer.headers:
            self.send_header(key, value)
        if answer.status != 204:
            name = "Transfer-Encoding" if answer.chunked else "Content-Length"
            self.send_header(name, "chunked" if answer.chunked else str(len(answer.body)))
        if answer.closing:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD" and answer.status != 204:
            self._write_body(answer)
        if answer.cut_after:
            self._reset()

    def _write_body(self, answer: Message) -> None:
        body = answer.body[: answer.cut_after]
        if answer.chunked:
            pieces = [body[at : at + 100] for at in range(0, len(body), 100)]
            body = b"".join(b"%x\r\n%s\r\n" % (len(one), one) for one in (*pieces, b""))
        self.wfile.write(body)

    def _reset(self) -> None:
        """Ends the connection as a firewall does."""
        self.wfile.flush()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True


if __name__ == "__main__":
    to, folder, *ports = sys.argv[1:]
    proxies = [Proxy(int(port), int(to), Path(folder) / port) for port in ports]
    threads = [Thread(target=proxy.serve_forever) for proxy in proxies]
    for thread in threads:
        thread.start()
