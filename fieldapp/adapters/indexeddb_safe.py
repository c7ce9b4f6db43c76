"""The safe in a browser: IndexedDB, sealed under a WebCrypto key that no script can read out."""

from fieldapp.adapters.page_scripts import PageScripts, ScriptFailure
from fieldapp.adapters.settling import settle_alone


class IndexedDbSafe:
    """Port Safe. One page at a time has this origin's lock, so nobody writes between a reading and
    the writing after it."""

    def __init__(self, scripts: PageScripts) -> None:
        self._scripts = scripts

    async def get(self, name: str) -> str | None:
        try:
            return await self._scripts.safe_get(name)
        except ScriptFailure as failure:
            raise OSError(str(failure)) from failure

    async def put(self, name: str, text: str | None) -> None:
        try:
            await self._scripts.safe_put(name, text)
        except ScriptFailure as failure:
            raise OSError(str(failure)) from failure

    async def settle(self, name: str, text: str) -> str:
        return await settle_alone(self, name, text)
