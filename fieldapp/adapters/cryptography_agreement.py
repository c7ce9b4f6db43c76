"""ECDH on P-256 by cryptography, on phones and hosts."""

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from fieldapp.ports import Refused

CURVE = ec.SECP256R1()


class CryptographyAgreement:
    """Port KeyAgreement."""

    async def agree(self, public: bytes) -> tuple[bytes, bytes]:
        try:
            theirs = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, public)
        except ValueError as error:
            raise Refused("no_bureau_key") from error
        ours = ec.generate_private_key(CURVE)
        point = ours.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return point, ours.exchange(ec.ECDH(), theirs)
