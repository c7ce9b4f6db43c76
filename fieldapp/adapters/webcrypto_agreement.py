"""ECDH on P-256 by the browser's own WebCrypto."""

from fieldapp.adapters.page_scripts import PageScripts, ScriptFailure
from fieldapp.ports import Refused


class WebCryptoAgreement:
    """Port KeyAgreement."""

    def __init__(self, scripts: PageScripts) -> None:
        self._scripts = scripts

    async def agree(self, public: bytes) -> tuple[bytes, bytes]:
        try:
            return await self._scripts.agree(public)
        except ScriptFailure as error:
            raise Refused("no_bureau_key") from error
