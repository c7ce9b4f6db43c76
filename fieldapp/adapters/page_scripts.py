"""The scripts of the page that this Python runs in, in a browser: bytes go in and come out."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

CONVERTED = (str, int, float)


class ScriptFailure(Exception):
    """A script raised; its own words are the message."""


class PageScripts(Protocol):
    """browser_app/page/scripts.js, as Python sees it. Every method raises ScriptFailure."""

    def aes_seal(self, key: bytes, nonce: bytes, place: bytes, content: bytes) -> bytes: ...

    def aes_open(self, key: bytes, nonce: bytes, place: bytes, sealed: bytes) -> bytes | None: ...

    def scrypt(self, password: bytes, salt: bytes, cost: tuple[int, int, int, int]) -> bytes:
        """`cost` is n, r, p and the length in bytes."""
        ...

    def free_bytes(self) -> int: ...

    def restart(self) -> None:
        """The page begins again."""
        ...

    async def is_lasting(self) -> bool:
        """Whether the browser deletes nothing of this origin by itself."""
        ...

    async def agree(self, public: bytes) -> tuple[bytes, bytes]:
        """See port KeyAgreement."""
        ...

    async def safe_get(self, name: str) -> str | None: ...

    async def safe_put(self, name: str, text: str | None) -> None: ...

    async def look(self, verb: str, *what: Any) -> Any:
        """Work on a picture in a worker of its own; see eyes-worker.js. Arrays of bytes in the
        result are bytes, other arrays are lists."""
        ...

    async def send(
        self,
        request: tuple[str, str, Mapping[str, str], bytes],
        timeout_ms: int,
        told: Callable[[int], None] | None,
    ) -> tuple[int, str, bytes]:
        """One request (method, address, headers, body); `told` gets the bytes that have left. The
        status, the headers as lines, the body."""
        ...


class OwnPageScripts:
    """PageScripts over Pyodide's bridge to JavaScript."""

    def __init__(self) -> None:
        import xuncha_page
        from pyodide.ffi import JsException, create_proxy, to_js

        self._page, self._to_js, self._proxy, self._error = (
            xuncha_page,
            to_js,
            create_proxy,
            JsException,
        )

    def aes_seal(self, key: bytes, nonce: bytes, place: bytes, content: bytes) -> bytes:
        return bytes(self._call("aesSeal", key, nonce, place, content))

    def aes_open(self, key: bytes, nonce: bytes, place: bytes, sealed: bytes) -> bytes | None:
        opened: bytes | None = self._call("aesOpen", key, nonce, place, sealed)
        return opened

    def scrypt(self, password: bytes, salt: bytes, cost: tuple[int, int, int, int]) -> bytes:
        return bytes(self._call("scryptHash", password, salt, *cost))

    def free_bytes(self) -> int:
        return int(self._call("freeBytes"))

    def restart(self) -> None:
        self._call("restart")

    async def is_lasting(self) -> bool:
        return bool(await self._await("isLasting"))

    async def agree(self, public: bytes) -> tuple[bytes, bytes]:
        point, shared = await self._await("agree", public)
        return point, shared

    async def safe_get(self, name: str) -> str | None:
        kept: str | None = await self._await("safeGet", name)
        return kept

    async def safe_put(self, name: str, text: str | None) -> None:
        await self._await("safePut", name, text)

    async def look(self, verb: str, *what: Any) -> Any:
        return await self._await("look", verb, *what)

    async def send(
        self,
        request: tuple[str, str, Mapping[str, str], bytes],
        timeout_ms: int,
        told: Callable[[int], None] | None,
    ) -> tuple[int, str, bytes]:
        method, address, headers, body = request
        proxy = self._proxy(told) if told else None
        try:
            status, lines, content = await self._await(
                "send", method, address, list(headers.items()), body, timeout_ms, proxy
            )
        finally:
            if proxy:
                proxy.destroy()
        return int(status), str(lines), bytes(content)

    def _call(self, verb: str, *what: Any) -> Any:
        try:
            return self._to_python(getattr(self._page, verb)(*map(self._to_js, what)))
        except self._error as error:
            raise ScriptFailure(str(error)) from error

    async def _await(self, verb: str, *what: Any) -> Any:
        try:
            return self._to_python(await getattr(self._page, verb)(*map(self._to_js, what)))
        except self._error as error:
            raise ScriptFailure(str(error)) from error

    def _to_python(self, result: Any) -> Any:
        """A Uint8Array becomes bytes, an array a list; what Pyodide has converted already stays.
        Its proxies of arrays count as Python's own sequences, and are none."""
        if isinstance(result, CONVERTED):
            return result
        if hasattr(result, "to_bytes"):
            return result.to_bytes()
        if hasattr(result, "length"):
            return [self._to_python(part) for part in result]
        return None if _is_null(result) else result


def _is_null(result: Any) -> bool:
    """JavaScript's null is an object of its own; its undefined is None."""
    return type(result).__name__ == "JsNull"
