"""Files with what a phone has not sent, sealed as a phone seals them."""

import asyncio
from base64 import b64decode

from contract import unsent_file
from fieldapp.adapters.cryptography_agreement import CryptographyAgreement
from fieldapp.adapters.cryptography_cipher import AesCipher
from sync_server.accounts import bureau_key
from sync_server.store.engine import Store


def sealed_to(store: Store, content: bytes) -> bytes:
    """A file with any content."""
    bureau = b64decode(bureau_key.public_key(store))
    point, shared = asyncio.run(CryptographyAgreement().agree(bureau))
    cipher = AesCipher(unsent_file.key_of(shared, point, bureau))
    return unsent_file.packed(point, cipher.seal(content, unsent_file.PLACE))
