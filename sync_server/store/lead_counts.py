"""How many records there are of each building, kept in step with the records: whatever changes one
changes these numbers in the same transaction, last of all."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.dialects import postgresql

from contract.cases import CONCLUDED, NOT_COUNTED
from sync_server.store.engine import THESE, THIS_BUREAU, Tx
from sync_server.store.prepared import PreparedStatement
from sync_server.store.schema import building_record_counts as table
from sync_server.store.schema import counters, records

Building = tuple[str, str]  # area and building of a place key; "" stands for the whole area
Numbers = tuple[int, int]  # of all records, and of those with a result
KINDS = ("SITE", "AD")
COLUMNS = ("place_key", "kind", "state", "withdrawn_at")  # of a record: what it counts by
MOST_AREA, MOST_BUILDING = 40, 100  # characters, of the columns
NAME = "lead_counts"  # the counter of transactions that changed a number

_HERE = (counters.c.bureau == THIS_BUREAU, counters.c.name == NAME)
_NUMBER = PreparedStatement(select(counters.c.value).where(*_HERE))
_LOCKED_NUMBER = PreparedStatement(select(counters.c.value).where(*_HERE).with_for_update())
_SET_NUMBER = PreparedStatement(update(counters).where(*_HERE).values(value=bindparam("number")))
_NEW = postgresql.insert(table)  # SQLite understands its ON CONFLICT as well
_ADD = PreparedStatement(
    _NEW.on_conflict_do_update(
        index_elements=[table.c.bureau, table.c.compound, table.c.building],
        set_={
            "count": table.c.count + _NEW.excluded.count,
            "closed": table.c.closed + _NEW.excluded.closed,
            "changed": _NEW.excluded.changed,
        },
    )
)
_ROWS = select(
    table.c.compound, table.c.building, table.c.count, table.c.closed, table.c.changed
).where(table.c.bureau == THIS_BUREAU, table.c.changed > bindparam("number"))
_SINCE = PreparedStatement(_ROWS)
_OF_AREAS = PreparedStatement(_ROWS.where(table.c.compound.in_(THESE)))


class CountChanges:
    """What a transaction adds to the numbers of buildings."""

    def __init__(self) -> None:
        self._changes = defaultdict[Building, list[int]](lambda: [0, 0])

    def add(self, row: Mapping[str, Any], times: int) -> None:
        """Counts a record in (`times` 1) or out (-1), by its COLUMNS."""
        if row["kind"] in KINDS and row["withdrawn_at"] is None and row["state"] not in NOT_COUNTED:
            closed = times if row["state"] in CONCLUDED else 0
            self.add_numbers(row["place_key"], (times, closed))

    def add_numbers(self, place_key: str, numbers: Numbers) -> None:
        """Adds to the numbers of the building and of the area in which it stands."""
        for building in buildings_of(place_key):
            self.add_to(building, numbers)

    def add_to(self, building: Building, numbers: Numbers) -> None:
        """Adds to the numbers of this building alone."""
        held = self._changes[building]
        self._changes[building] = [held[0] + numbers[0], held[1] + numbers[1]]

    def write(self, tx: Tx) -> None:
        """Writes them under the next number: who reads up to a number misses nothing, for the
        counter is locked until the commit."""
        changes = sorted((one, n) for one, n in self._changes.items() if any(n))
        self._changes.clear()
        if not changes:
            return
        number = _next_number(tx)
        tx.run_each(
            _ADD,
            [
                {"bureau": tx.bureau, "compound": area, "building": building, "count": n}
                | {"closed": closed, "changed": number}
                for (area, building), (n, closed) in changes
            ],
        )


def buildings_of(place_key: str) -> tuple[Building, ...]:
    """What a record with this place key is counted for: the building, then the whole area. Nothing
    where its area has no name, or one that is too long to be a code."""
    area, _, rest = place_key.partition("/")
    building = rest.partition("/")[0]
    if not area or len(area) > MOST_AREA:
        return ()
    return ((area, building), (area, "")) if 0 < len(building) <= MOST_BUILDING else ((area, ""),)


def number(tx: Tx) -> int:
    """The number of transactions so far in which a number of leads changed."""
    found = tx.rows(_NUMBER)
    return int(found[0].value) if found else 0


def since(tx: Tx, number: int) -> list[Any]:
    """All buildings whose numbers changed after this one: `compound` and `building` in canonical
    form, `count`, `closed`, `changed`."""
    return tx.rows(_SINCE, number=number)


def of_areas(tx: Tx, areas: Collection[str], number: int) -> list[Any]:
    """The same of these areas alone."""
    return tx.rows(_OF_AREAS, these=list(areas), number=number) if areas else []


def held(tx: Tx) -> dict[Building, Numbers]:
    """All the numbers, as they are kept."""
    rows = tx.rows(_SINCE, number=-1)
    return {(row.compound, row.building): (row.count, row.closed) for row in rows}


def counted(tx: Tx) -> Iterable[tuple[str, Numbers]]:
    """The same counted anew from the records: (place key, numbers), several for one building."""
    wanted = (
        select(records.c.place_key, records.c.state, func.count().label("number"))
        .where(records.c.bureau == tx.bureau, records.c.kind.in_(KINDS))
        .where(records.c.withdrawn_at.is_(None), records.c.state.not_in(NOT_COUNTED))
        .group_by(records.c.place_key, records.c.state)
    )
    for row in tx.run(wanted):
        yield row.place_key, (row.number, row.number if row.state in CONCLUDED else 0)


def _next_number(tx: Tx) -> int:
    found = tx.rows(_LOCKED_NUMBER)
    if not found:
        tx.claim(f"counter/{NAME}")
        found = tx.rows(_LOCKED_NUMBER)
    if not found:
        tx.run(insert(counters).values(bureau=tx.bureau, name=NAME, value=1))
        return 1
    following = int(found[0].value) + 1
    tx.rows(_SET_NUMBER, number=following)
    return following
