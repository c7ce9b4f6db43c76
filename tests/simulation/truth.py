"""What really happened, as somebody knows it who saw every phone and the bureau from above."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from contract.protocol import ArrivalKind
from fieldapp.report.parcel import Parcel
from sync_server.domain.site_rulings import Ruling

RETENTION = timedelta(days=6, hours=23)  # within which a restored bureau gets all again


@dataclass
class Sealed:
    """Something a worker sealed. `holders` are the phones whose storage has known it ever since;
    without any it went down with its phone. `handed` are those that were revoked and emptied
    themselves while they held it: the bureau had told each that it has it. `rolled_back`: the
    bureau had it, and was restored from before; `late`: and that longer ago than phones keep
    things."""

    parcel: Parcel
    post: str
    pictures: tuple[str, ...]
    holders: set[int]
    undone: bool = False
    unfit: bool = False
    handed: set[int] = field(default_factory=set)
    rolled_back: bool = False
    late: bool = False

    @property
    def pictures_stay(self) -> bool:
        """Whether its report's pictures may end on the phone without ever leaving it."""
        return self.undone or self.unfit or self.parcel.kind is ArrivalKind.WITHDRAWAL


@dataclass
class Kept:
    """A backup: the folder and what was known then."""

    folder: Path
    digests: frozenset[str]
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    rulings: frozenset[Ruling] | None = None


@dataclass
class Truth:
    """All that was sealed, every picture that was ever taken, and what people said of sites."""

    sealed: dict[str, Sealed] = field(default_factory=dict)
    pictures: dict[str, bytes] = field(default_factory=dict)
    lost_pictures: set[str] = field(default_factory=set)  # with a phone, or rolled back too late
    rolled_back_pictures: set[str] = field(default_factory=set)
    rulings: frozenset[Ruling] | None = None  # what binds of sites; None while it is not known

    @property
    def reports(self) -> int:
        return sum(one.parcel.kind is ArrivalKind.REPORT for one in self.sealed.values())

    def add(self, sealed: Sealed) -> None:
        self.sealed[sealed.parcel.digest] = sealed

    def held_by(self, phone: int) -> frozenset[str]:
        return frozenset(d for d, one in self.sealed.items() if phone in one.holders)

    def replaced(self, phone: int, digests: Iterable[str]) -> None:
        """From now on this phone's storage knows these and no others."""
        known = set(digests)
        for digest, one in self.sealed.items():
            (one.holders.add if digest in known else one.holders.discard)(phone)

    def emptied(self, phone: int, sure: bool) -> None:
        """This phone has destroyed what it held; `sure` that the bureau still had it then."""
        for one in self.sealed.values():
            if phone in one.holders and sure:
                one.handed.add(phone)
            one.holders.discard(phone)

    def nobody_has(self, here: set[str]) -> None:
        """The bureau was restored: what is not here now it will not get from an emptied phone."""
        for digest, one in self.sealed.items():
            if digest not in here:
                one.handed.clear()

    def rolled_back(self, gone: Mapping[str, datetime], now: datetime) -> None:
        """The bureau no longer has these, which it received at that time."""
        for digest, at in gone.items():
            one = self.sealed[digest]
            one.rolled_back = True
            one.late = one.late or now - at >= RETENTION
