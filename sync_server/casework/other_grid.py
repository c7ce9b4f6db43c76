"""Which reports go to another grid (rule L13): a worker has an interest in the place."""

from contract.cases import CaseState
from sync_server.store import complaints, fieldwork, followers, records, tasks
from sync_server.store import staff as people
from sync_server.store.engine import DatabaseRow, Tx


def avoided_grids(tx: Tx, row: DatabaseRow) -> frozenset[str]:
    """The grids of those who declared an interest in this record's place, in the record or in one
    that follows it: none of their workers is sent there."""
    told = [one for one in (row, *followers.of(tx, row.number)) if has_interest(one)]
    return frozenset(grid for one in told if (grid := _grid_of_author(tx, one)))


def avoided_for(tx: Tx, record: str | None, complaint: str | None) -> frozenset[str]:
    """The same for a task that is made for this record, or for this complaint, which may go on with
    one."""
    taken = complaints.one(tx, complaint) if complaint else None
    ids = {record, taken.record if taken else None} - {None, ""}
    rows = [row for id in ids if id and (row := records.one(tx, id))]
    return frozenset[str]().union(*(avoided_grids(tx, row) for row in rows))


def waits_for_other_grid(tx: Tx, row: DatabaseRow) -> bool:
    """Whether this accepted record has yet to go to another grid as a task, if the bureau has
    one."""
    if row.state != CaseState.ACCEPTED:
        return False
    avoided = avoided_grids(tx, row)
    if not avoided or not fieldwork.grids_by_code(tx).keys() - avoided:
        return False
    given = (one.grid for one in tasks.made_for_record(tx, row.id) if one.withdrawn_at is None)
    return avoided.issuperset(given)


def has_interest(row: DatabaseRow) -> bool:
    """Whether the worker ticked it."""
    return isinstance(row.body, dict) and row.body.get("conflict_of_interest") is True


def _grid_of_author(tx: Tx, row: DatabaseRow) -> str | None:
    """Where the author works; where the place is, for an author of no grid."""
    post = people.one(tx, row.author)
    grid: str | None = (post.grid if post else None) or row.grid
    return grid
