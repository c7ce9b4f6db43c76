"""The key pair to which phones seal what leaves them as a file."""

from sqlalchemy import insert, select

from sync_server.store.engine import Tx
from sync_server.store.schema import bureau_keys

NAME = "bureau_key"  # for which the private half is sealed


def public_half(tx: Tx) -> str:
    """In Base64; "" before there is a pair."""
    wanted = select(bureau_keys.c.public).where(bureau_keys.c.bureau == tx.bureau)
    return tx.run(wanted).scalar_one_or_none() or ""


def private_half(tx: Tx) -> bytes | None:
    """Raises UnfitKey or NotOpened, see arrival_key.py."""
    wanted = select(bureau_keys.c.private).where(bureau_keys.c.bureau == tx.bureau)
    sealed = tx.run(wanted).scalar_one_or_none()
    return tx.arrival_key.opened(sealed, NAME) if sealed else None


def add(tx: Tx, private: bytes, public: str) -> None:
    """Seals the private half as what phones sent is sealed."""
    sealed = tx.arrival_key.sealed(private, NAME)
    tx.run(insert(bureau_keys), {"bureau": tx.bureau, "private": sealed, "public": public})
