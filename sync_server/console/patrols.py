"""GET /patrols: what was patrolled, by day and grid: form, shift, compounds and results. Not who,
not when on the day, no count (rules L1, L8, L9)."""

import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import Response

from contract import wire
from contract.patrol import Patrol
from contract.zone import ZONE
from sync_server.console.access import needs
from sync_server.console.context import ConsoleContext
from sync_server.console.printer import wording_of
from sync_server.console.words import Wording
from sync_server.domain.roles import Permission
from sync_server.private_traceback import private_traceback
from sync_server.store import fieldwork
from sync_server.store.engine import DatabaseRow
from sync_server.store.readable import ReadRow, UnreadableRow

log = logging.getLogger("xuncha")
SIZE = 60  # patrols a page


@dataclass(frozen=True, slots=True)
class PatrolLine:
    form: str
    visits: Sequence[tuple[str, str]]  # name of the compound, results


@dataclass(frozen=True, slots=True)
class GridDay:
    """The patrols of one grid on one day."""

    day: str
    grid: str
    patrols: Sequence[PatrolLine]


def routes(router: APIRouter, console: ConsoleContext) -> None:
    @router.get("/patrols")
    @needs(Permission.READ_RECORDS)
    def show(request: Request) -> Response:
        visitor = console.visitor(request)
        wording, before = wording_of(request), _time(request.query_params.get("before", ""))
        with console.store.reading() as tx:
            rows = fieldwork.patrols_before(tx, before, SIZE + 1)
            grids = fieldwork.grids_by_code(tx)
        own, shown = visitor.only_community, rows[:SIZE]
        is_limited = own is not None
        if is_limited:
            grids = {code: row for code, row in grids.items() if row.community == own}
        values = {
            "title": wording.say("patrols.title"),
            "section": "patrols",
            "days": _days(shown, grids, is_limited, wording),
            "is_later_page": before is not None,
            "older": _older(shown) if len(rows) > SIZE else "",
        }
        return console.printer.page(request, "patrols.html", values)


def _days(
    rows: Sequence[ReadRow], grids: Mapping[str, DatabaseRow], is_limited: bool, wording: Wording
) -> list[GridDay]:
    found: dict[tuple[str, str], list[PatrolLine]] = defaultdict(list)
    for row in rows:
        patrol = None if isinstance(row, UnreadableRow) else _read(row)
        if patrol is None or (is_limited and patrol.grid not in grids):
            continue
        grid = grids.get(patrol.grid or "")
        name = grid.name if grid else patrol.grid or wording.say("patrols.no_grid")
        day = patrol.started_at.astimezone(ZONE).date().isoformat()
        found[day, name].append(_line(patrol, wording))
    return [GridDay(day, grid, lines) for (day, grid), lines in sorted(found.items(), reverse=True)]


def _read(row: DatabaseRow) -> Patrol | None:
    try:
        return wire.validate(Patrol, row.body)
    except wire.Unreadable as error:
        log.error("patrol %r cannot be shown: %s", row.id, private_traceback(error))
        return None


def _line(patrol: Patrol, wording: Wording) -> PatrolLine:
    codes = (("shift", patrol.shift), ("patrol_form", patrol.form))
    words = [wording.word(name, code) for name, code in codes]
    words += [wording.word("key_period", patrol.key_period)] if patrol.key_period else []
    dot = wording.say("join.dot")
    visits = [(name, dot.join(results)) for name, results in _results(patrol, wording)]
    return PatrolLine(dot.join(words), visits)


def _results(patrol: Patrol, wording: Wording) -> list[tuple[str, list[str]]]:
    """The name of each compound that was visited, once, with all that was seen there."""
    found: dict[str, tuple[str, list[str]]] = {}
    for visit in patrol.visits:
        _, results = found.setdefault(visit.compound, (visit.name or visit.compound, []))
        results.append(wording.word("obs_type", visit.result))
    return list(found.values())


def _older(rows: Sequence[ReadRow]) -> str:
    last = next((row for row in reversed(rows) if not isinstance(row, UnreadableRow)), None)
    return f"/patrols?before={last.started_at.timestamp():.6f}" if last else ""


def _time(written: str) -> datetime | None:
    """A time from the URL, in seconds since 1970; None for what is none."""
    try:
        return datetime.fromtimestamp(float(written), ZONE)
    except (ValueError, OverflowError, OSError):
        return None
