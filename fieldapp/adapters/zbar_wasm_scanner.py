"""Reads QR codes in a browser by zbar-wasm, on this device alone: the code of an invitation."""

from fieldapp.adapters.page_scripts import PageScripts, ScriptFailure
from fieldapp.adapters.picture_limits import is_whole_picture
from fieldapp.ports import Refused


class ZbarWasmScanner:
    """Port Scanner."""

    def __init__(self, scripts: PageScripts) -> None:
        self._scripts = scripts

    async def scan(self, jpeg: bytes) -> str | None:
        if not is_whole_picture(jpeg):
            raise Refused("not_a_picture")
        try:
            content = await self._scripts.look("scan", jpeg)
        except ScriptFailure as failure:
            raise Refused("no_scanner") from failure
        return bytes(content).decode(errors="replace") if content is not None else None
