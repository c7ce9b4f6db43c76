"""Rule L8: once a case is closed, its record no longer says where the worker stood. What the phone
sent stays sealed in the arrival."""

from contract import wire
from contract.cases import CLOSED
from contract.report import Report
from sync_server.domain.case_events import effective
from sync_server.domain.sent_names import compound_codes, with_known_name
from sync_server.store import arrivals, case_events, places, record_details, records
from sync_server.store.engine import DatabaseRow, Tx
from sync_server.store.readable import UnreadableRow


def was_closed(tx: Tx, record: str) -> bool:
    """Whether the case was closed once, and that was not undone: the position is gone then, also
    where it was opened again."""
    steps = case_events.events(case_events.of_record(tx, record))
    return any(step.after in CLOSED for step in effective(steps))


def coarsen_if_closed(tx: Tx, row: DatabaseRow, state: str) -> None:
    """Drops the fix of a record that moves to this state, if it is closed by it: the centre of its
    compound is then all that a map can show."""
    if state in CLOSED and isinstance(row.body, dict) and row.body.get("fix"):
        records.alter(tx, row.id, {"body": {**row.body, "fix": None}})


def restore(tx: Tx, row: DatabaseRow) -> None:
    """Gives a record its fix back from the arrival, for its closing was undone."""
    for one in record_details.arrivals_of(tx, row.id):
        if not isinstance(one, UnreadableRow) and one.digest == row.digest:
            report = wire.validate(Report, wire.parse_json(arrivals.sent_bytes(tx, one))["body"])
            names = places.compound_names(tx, compound_codes(report))
            records.alter(tx, row.id, {"body": with_known_name(report, names)})
            return
