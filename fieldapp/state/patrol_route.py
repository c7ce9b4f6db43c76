"""Which compounds a patrol is to look at, nearest first from where something was last logged."""

from collections.abc import Collection, Iterable, Iterator

from contract.place import Fix, Place
from contract.reference import Compound, Places
from contract.report import Kind
from fieldapp.report.entry import Entry, Stage
from fieldapp.state.nearby import by_distance


def last_logged_fix(newest_first: Iterable[Entry], places: Places) -> Fix | None:
    """Where the worker last logged something: no position is taken just for the list (rule L8)."""
    return next(_fixes(newest_first, places), None)


def last_place(newest_first: Iterable[Entry]) -> Place | None:
    """The place of the last sealed report of a patrol; not of a "nothing seen", which has none."""
    for entry in newest_first:
        sealed = entry.stage not in (Stage.DRAFT, Stage.WITHDRAWN)
        if sealed and entry.report.kind is not Kind.CLEAR:
            return entry.report.place
    return None


def in_visit_order(places: Places, wanted: Collection[str], fix: Fix | None) -> list[Compound]:
    """First the `wanted` ids (of plans and tasks), then the others; both nearest first."""
    return sorted(by_distance(places, fix), key=lambda compound: compound.id not in wanted)


def place_of(compound: Compound) -> Place:
    """A compound as the place of a report, without building and unit."""
    return Place(
        compound=compound.id,
        compound_name=compound.name,
        community=compound.community,
        grid=compound.grid,
        venue=compound.venue,
    )


def _fixes(entries: Iterable[Entry], places: Places) -> Iterator[Fix]:
    compounds = {compound.id: compound for compound in places.compounds}
    for entry in entries:
        report = entry.report
        if report.fix and not report.fix.mock:
            yield report.fix
        compound = compounds.get(report.place.compound or "")
        if compound and compound.lat is not None and compound.lon is not None:
            yield Fix(lat=compound.lat, lon=compound.lon, provider="manual", at=report.seen_at)
