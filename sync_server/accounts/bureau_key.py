"""The bureau's key pair on the curve P-256: phones seal to it what leaves them as a file."""

from base64 import b64decode, b64encode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from contract import unsent_file
from sync_server.store import bureau_keys
from sync_server.store.engine import Store, Tx

CURVE = ec.SECP256R1()
BYTES = 32  # of the private half
VERSION, NONCE = b"\x01", 12  # as phones seal, see contract/unsent_file.py


def public_key(store: Store) -> str:
    """The public half in Base64; the pair is made when it is asked for first."""
    with store.writing() as tx:
        tx.claim("bureau_key")
        if known := bureau_keys.public_half(tx):
            return known
        private = ec.generate_private_key(CURVE)
        point = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        public = b64encode(point).decode()
        bureau_keys.add(tx, private.private_numbers().private_value.to_bytes(BYTES), public)
        return public


def opened(tx: Tx, file: bytes) -> bytes:
    """What a phone has sealed to this bureau. Raises NotSuchAFile for what is no such file, or for
    another bureau, or damaged."""
    point, sealed = unsent_file.unpacked(file)
    half = bureau_keys.private_half(tx)
    if half is None:
        raise unsent_file.NotSuchAFile
    private = ec.derive_private_key(int.from_bytes(half), CURVE)
    try:
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, point)
        shared = private.exchange(ec.ECDH(), theirs)
        key = unsent_file.key_of(shared, point, b64decode(bureau_keys.public_half(tx)))
        return _decrypted(key, sealed)
    except (ValueError, InvalidTag) as error:
        raise unsent_file.NotSuchAFile from error


def _decrypted(key: bytes, sealed: bytes) -> bytes:
    start = len(VERSION) + NONCE
    nonce, place = sealed[len(VERSION) : start], VERSION + unsent_file.PLACE.encode()
    return AESGCM(key).decrypt(nonce, sealed[start:], place)
