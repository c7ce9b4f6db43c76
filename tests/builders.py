"""Values to test with, fit unless a test asks for something else. All places are invented."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from itertools import count
from typing import Any
from uuid import UUID

from contract.ids import uuid7
from contract.place import Fix, Place
from contract.protocol import GENESIS, Answer, ArrivalKind, Outcome, Receipt, link_hash
from contract.report import Photo, Report
from fieldapp.memory.memory import Identity
from fieldapp.report.entry import Entry
from fieldapp.report.parcel import Parcel

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=timezone(timedelta(hours=8)))
SERVER_NOON = NOON.astimezone(UTC)
_names = count(1)


def a_name(at: datetime = NOON) -> UUID:
    """A new report id; later calls give later names."""
    return uuid7(at, next(_names).to_bytes(10, "big"))


def a_place(**changes: Any) -> Place:
    return Place(
        community="150626001001",
        grid="0301",
        compound="yly",
        compound_name="样例苑",
        building="3号楼",
        unit="2单元",
        venue="RESIDENTIAL",
    ).changed(**changes)


def a_fix(**changes: Any) -> Fix:
    return Fix(lat=38.60123, lon=108.84567, accuracy_m=8, at=NOON).changed(**changes)


def a_photo(n: int = 1, **changes: Any) -> Photo:
    return Photo(
        sha256=f"{n:064x}",
        bytes=200_000,
        width=1600,
        height=1200,
        taken_at=NOON,
        redaction_reviewed=True,
    ).changed(**changes)


def a_report(**changes: Any) -> Report:
    """A fit draft of a site, with what the notice asks for."""
    plain = Report(
        id=changes.pop("id", None) or a_name(),
        device="d1",
        author="wg0301",
        seen_at=NOON,
        fix=a_fix(),
        place=a_place(),
        signs=("PUPILS_ENTERING",),
        disguises=("HOMEWORK",),
        subjects=("MA",),
        stage="PRIMARY",
        note="3号楼2单元18:30有学生进出",
    )
    return plain.changed(**changes)


def an_entry(**changes: Any) -> Entry:
    """A draft around `a_report(**changes)`."""
    return Entry(report=a_report(**changes))


def a_parcel(value: Any = None, kind: ArrivalKind = ArrivalKind.REPORT, **changes: Any) -> Parcel:
    """A sealed report, or any other value, as it goes on the road."""
    now = changes.pop("now", NOON)
    value = value or a_report(**changes).next_revision(now)
    return Parcel.of(kind, value, value.revision, now)


def a_receipt(parcel: Parcel, position: int = 1, before: str = GENESIS, **changes: Any) -> Receipt:
    """What a truthful bureau gives for a parcel, as the next link after `before`."""
    number = f"R-{position:04d}"
    return Receipt(
        kind=parcel.kind,
        id=UUID(parcel.id),
        revision=parcel.revision,
        outcome=Outcome.RECORDED,
        digest=parcel.digest,
        number=number,
        position=position,
        hash=link_hash(before, position, parcel.digest, number),
        at=SERVER_NOON,
    ).changed(**changes)


def an_answer(report: UUID, seq: int = 1, **changes: Any) -> Answer:
    return Answer(
        seq=seq, report=report, at=SERVER_NOON, state="20", by="SUPERVISOR", place="样例苑"
    ).changed(**changes)


def an_identity(**changes: Any) -> Identity:
    fields: Mapping[str, Any] = {
        "device": "d1",
        "author": "wg0301",
        "bureau": "9999",
        "bureau_name": "示例旗教体局",
        "grid": "0301",
        "grid_name": "第三网格",
        "address": "https://bureau.example",
    }
    return Identity(**(dict(fields) | changes))
