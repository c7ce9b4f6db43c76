"""The parcel: the exact bytes that were sealed and that the courier delivers."""

from datetime import datetime
from typing import Self

from contract import wire
from contract.protocol import ArrivalKind
from contract.value import Value, When


class Parcel(Value):
    """Something sealed. `raw` is sent exactly as it is, so that `digest`, its SHA-256, never
    changes, not even when a newer app would encode the same report otherwise. `patrol` is the id of
    the patrol it belongs to (its own for a patrol, "" for none): the newest patrol goes first."""

    digest: str
    kind: ArrivalKind
    id: str
    revision: int
    sealed_at: When
    raw: bytes
    patrol: str = ""

    @classmethod
    def of(cls, kind: ArrivalKind, value: Value, revision: int, now: datetime) -> Self:
        """Seals any wire value that has an `id`; fields at their defaults are left out."""
        body = wire.to_terse_json(value)
        thing = {"kind": kind.value, "body": body}
        return cls(
            digest=wire.digest(thing),
            raw=wire.canonical(thing),
            patrol=body["id"] if kind is ArrivalKind.PATROL else body.get("patrol", ""),
            kind=kind,
            id=body["id"],
            revision=revision,
            sealed_at=now,
        )

    def photos(self) -> set[str]:
        """The digests (SHA-256) of the photos that the report in it shows."""
        if self.kind is not ArrivalKind.REPORT:
            return set()
        return {photo["sha256"] for photo in wire.parse_json(self.raw)["body"].get("photos", ())}
