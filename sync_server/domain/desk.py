"""What is taken in at the bureau itself comes from a desk: a device like a phone, with a ledger of
its own, that nobody carries and that can never call."""

from hashlib import sha256

PREFIX = "desk-"
DIGITS = 16  # hexadecimal, of the duty post's digest


def desk_of(post: str) -> str:
    """The device of a duty post's desk."""
    return PREFIX + sha256(post.encode()).hexdigest()[:DIGITS]


def is_desk(device: str) -> bool:
    """Whether a record was taken in at the bureau and not sent by a phone."""
    return device.startswith(PREFIX)
