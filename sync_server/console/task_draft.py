"""What a new task begins with, from the complaint, the lead or the task that it is made for."""

from collections.abc import Callable, Mapping
from datetime import date

from sync_server.casework.tasks import MOST_ADDRESS, MOST_NOTE, MOST_TITLE
from sync_server.console.forms import Form
from sync_server.console.words import Say
from sync_server.domain.clocks import after_working_days
from sync_server.store import complaints, records, tasks
from sync_server.store.calendar import work_calendar
from sync_server.store.engine import Tx

FIELDS = ("title", "note", "grid", "address", "due", "complaint", "record", "again")
DAYS = 3  # working days until a task is due, if nothing else is chosen


def task_draft(tx: Tx, asked: Mapping[str, str], today: date, say: Say) -> Form:
    """The fields of the form; `asked` names a `complaint`, a `record`, or with `again` a task that
    is to be given to another grid."""
    begun = {"due": after_working_days(today, DAYS, work_calendar(tx)).isoformat()}
    for name, begin in BEGINNINGS.items():
        if asked.get(name):
            begun |= begin(tx, asked[name][:40], say)
            break
    return dict.fromkeys(FIELDS, "") | begun


def _of_complaint(tx: Tx, number: str, say: Say) -> Form:
    row = complaints.one(tx, number)
    if row is None:
        return {}
    return {
        "title": say("tasks.look_at", place=row.address)[:MOST_TITLE],
        "note": say("tasks.said", text=row.text)[:MOST_NOTE],
        "address": row.address,
        "grid": _grid_of(tx, row.compound),
        "complaint": number,
    }


def _of_record(tx: Tx, record: str, say: Say) -> Form:
    row = records.one(tx, record)
    if row is None:
        return {}
    return {
        "title": say("tasks.look_again", place=row.place)[:MOST_TITLE],
        "address": row.place[:MOST_ADDRESS],
        "grid": row.grid or "",
        "record": record,
    }


def _again(tx: Tx, task: str, say: Say) -> Form:
    """The same task for another grid; which one is chosen anew."""
    row = tasks.one(tx, task)
    if row is None:
        return {}
    known = complaints.known_compounds(tx)
    name = next((one.name for one in known if one.compound == row.compound), "")
    place = " ".join(part for part in (name, row.building) if part)
    return {
        "title": row.title,
        "note": row.note,
        "address": place,
        "complaint": row.complaint or "",
        "record": row.record or "",
        "again": task,
    }


def _grid_of(tx: Tx, compound: str | None) -> str:
    rows = complaints.known_compounds(tx) if compound else ()
    return next((row.grid or "" for row in rows if row.compound == compound), "")


BEGINNINGS: Mapping[str, Callable[[Tx, str, Say], Form]] = {
    "complaint": _of_complaint,
    "record": _of_record,
    "again": _again,
}
