"""Which sent names the bureau keeps where people read them: its own for what it knows by a code,
else one in which nobody is named. The arrival itself is kept as it came."""

from collections.abc import Iterator, Mapping
from functools import lru_cache

from contract.patrol import Patrol
from contract.report import Report
from contract.rooms import room_spans
from contract.screening import personal_spans
from contract.value import Value

Names = Mapping[str, str]
# Of names that the bureau does not have, in characters and for each patrol: phones pick from its
# lists, so there is hardly ever one. More are not read, for reading 5,000 took 20 s of all phones'
# turn; the code of the compound is shown in their place.
LONGEST_UNLISTED, MOST_UNLISTED = 30, 5


def compound_codes(body: Value) -> Iterator[str]:
    """The codes of the compounds that a report or patrol names; none of anything else."""
    if isinstance(body, Report) and body.place.compound:
        yield body.place.compound
    elif isinstance(body, Patrol):
        yield from (visit.compound for visit in body.visits)


def with_known_name(report: Report, names: Names) -> Report:
    """The report with the name of its compound as the bureau may show it. `names`: code → name of
    the compounds that the bureau has."""
    place = report.place
    name = _known_name(place.compound, place.compound_name, names)
    if name == place.compound_name:
        return report
    return report.model_copy(update={"place": place.model_copy(update={"compound_name": name})})


def with_known_names(patrol: Patrol, names: Names) -> Patrol:
    """The same for the visits of a patrol."""
    unlisted = [one.name for one in patrol.visits if one.name and one.compound not in names]
    shown = {name for name in unlisted[:MOST_UNLISTED] if _is_plain(name)}
    visits = tuple(
        visit.model_copy(
            update={
                "name": _known_name(
                    visit.compound, visit.name if visit.name in shown else "", names
                )
            }
        )
        for visit in patrol.visits
    )
    return patrol.model_copy(update={"visits": visits})


@lru_cache(4096)
def unless_personal(name: str) -> str:
    """Rule L2: a sent name, "" for one in which personal data is read."""
    return "" if personal_spans(name) else name


def _known_name(code: str | None, sent: str, names: Names) -> str:
    """Of a compound that the bureau does not have, a name that tells a room is not shown either
    (rule L4): no compound is called by one."""
    if code and code in names:
        return names[code]
    return "" if room_spans(sent) else unless_personal(sent)


def _is_plain(name: str) -> bool:
    """Short and without a number: quick to read, and no room."""
    return len(name) <= LONGEST_UNLISTED and not any(sign.isnumeric() for sign in name)
