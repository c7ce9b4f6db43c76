"""Which listed records have a fix that is far from the compound that was chosen."""

from collections.abc import Sequence

from contract import wire
from contract.far_fix import FarFix, far_fix
from contract.place import Fix
from contract.report import Report
from sync_server.console.words import Say
from sync_server.store import places
from sync_server.store.engine import Tx
from sync_server.store.readable import ReadRow, UnreadableRow


def far_rows(tx: Tx, rows: Sequence[ReadRow]) -> frozenset[str]:
    """The ids of those rows of a list. One whose fix cannot be read is not among them."""
    listed = [row for row in rows if not isinstance(row, UnreadableRow)]
    codes = {row.compound for row in listed if isinstance(row.compound, str)}
    points = places.points(tx, codes)
    found = set()
    for row in listed:
        point = points.get(row.compound) if isinstance(row.compound, str) else None
        if point and far_fix(_fix(row.fix), *point):
            found.add(row.id)
    return frozenset(found)


def far_of(tx: Tx, report: Report) -> FarFix | None:
    """How far the fix of a report is from its compound, if that is too far."""
    compound = report.place.compound
    point = places.points(tx, [compound]).get(compound) if compound else None
    return far_fix(report.fix, *point) if point else None


def far_words(far: FarFix, say: Say) -> str:
    """The distance in words, and the datum where it fits."""
    away = say("far.km", km=far.km) if far.km is not None else say("far.m", m=far.metres)
    return say("hint.far_shifted" if far.is_shifted else "hint.far", away=away)


def _fix(written: object) -> Fix | None:
    try:
        return wire.validate(Fix, written)
    except wire.Unreadable:
        return None
