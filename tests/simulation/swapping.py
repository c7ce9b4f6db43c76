"""Another thing under a module's name for a while: how a world gets between a program and its
machine."""

import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from random import Random

from cryptography.hazmat.primitives.asymmetric import ec


@contextmanager
def swapped(owner: object, **names: object) -> Iterator[None]:
    """While the block runs, `owner` has these under its names."""
    before = {name: getattr(owner, name) for name in names}
    for name, thing in names.items():
        setattr(owner, name, thing)
    try:
        yield
    finally:
        for name, thing in before.items():
            setattr(owner, name, thing)


@contextmanager
def seeded_secrets(chance: Random) -> Iterator[None]:
    """Tokens, codes, upload names by the seed and temporary names by nothing but their number, so
    that a world replays exactly."""

    def token_hex(size: int = 32) -> str:
        return chance.randbytes(size).hex()

    def private_key(curve: ec.EllipticCurve) -> ec.EllipticCurvePrivateKey:
        return ec.derive_private_key(chance.randrange(1, 2**255), curve)

    names = (f"{n:08x}" for n in count())
    with (
        swapped(ec, generate_private_key=private_key),
        swapped(tempfile, _get_candidate_names=lambda: names),
        swapped(
            secrets,
            token_hex=token_hex,
            token_urlsafe=token_hex,
            token_bytes=chance.randbytes,
            randbelow=chance.randrange,
        ),
    ):
        yield
