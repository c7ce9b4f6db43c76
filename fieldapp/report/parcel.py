"""What goes on the road: the exact bytes that were sealed."""

from datetime import datetime
from typing import Self

from contract import wire
from contract.protocol import ArrivalKind
from contract.value import Value, When


class Parcel(Value):
    """Something sealed, as it goes on the road: the exact bytes, so that its digest never changes,
    not even when a newer app would write the same report otherwise. `patrol` names the patrol it
    belongs to (its own id for a patrol, empty for none): the newest patrol goes first."""

    digest: str
    kind: ArrivalKind
    id: str
    revision: int
    sealed_at: When
    raw: bytes
    patrol: str = ""

    @classmethod
    def of(cls, kind: ArrivalKind, value: Value, revision: int, now: datetime) -> Self:
        """Seals any wire value that has an `id`, saying no more than it must."""
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

    def pictures(self) -> set[str]:
        """The photos that it names, by SHA-256."""
        if self.kind is not ArrivalKind.REPORT:
            return set()
        return {photo["sha256"] for photo in wire.parse_json(self.raw)["body"].get("photos", ())}
