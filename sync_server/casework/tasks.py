"""The bureau gives a grid a task, or takes one back (乌教体发〔2024〕100号, 三(十): 跟踪办理)."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from contract.address import Door, display, parse
from contract.zone import ZONE
from sync_server.casework.other_grid import avoided_for
from sync_server.domain.known_compounds import KnownCompounds
from sync_server.domain.roles import Permission, Staff, permissions
from sync_server.domain.screened_text import TextFlaw, text_flaw
from sync_server.problems import BadEntry, NotAllowed, NotFound, StateChanged
from sync_server.store import audit_log, complaints, fieldwork, tasks
from sync_server.store.audit_log import AuditEntry
from sync_server.store.engine import Store, Tx

MOST_TITLE, MOST_NOTE, MOST_ADDRESS = 40, 200, 100  # characters
LATEST = timedelta(days=366)  # from today


@dataclass(frozen=True, slots=True)
class NewTask:
    """What was entered. `address` in any spelling, "" for no particular place; `due` the last day,
    None for no deadline; `complaint` and `record` what it is made for; `again` the task in whose
    place it comes, which is then taken back."""

    title: str
    note: str
    grid: str
    address: str
    due: date | None
    complaint: str | None = None
    record: str | None = None
    again: str | None = None


def give_task(store: Store, staff: Staff, new: NewTask, now: datetime) -> str:
    """The number of the new task; the phones of its grid are sent it with their next call. Raises
    NotAllowed, and BadEntry for what cannot be taken."""
    if Permission.TAKE_IN not in permissions(staff.role):
        raise NotAllowed
    with store.writing() as tx:
        grids = fieldwork.grids_by_code(tx)
        flaws = dict(task_flaws(new, grids, now.astimezone(ZONE).date()))
        if new.grid in avoided_for(tx, new.record, new.complaint):
            flaws["grid"] = TextFlaw("grid_with_interest")
        if flaws:
            raise BadEntry({name: (flaw.code, flaw.spans) for name, flaw in flaws.items()})
        number = tasks.add(tx, _row(tx, new) | {"made_at": now, "made_by": staff.staff})
        if new.again:
            tasks.withdraw(tx, new.again, now)
        audit_log.note(tx, AuditEntry(now, staff.staff, "give_task", number))
        return number


def take_task_back(store: Store, staff: Staff, task: str, now: datetime) -> None:
    """Phones are not sent it any more. Raises NotAllowed, NotFound, or StateChanged if it was taken
    back before."""
    if Permission.TAKE_IN not in permissions(staff.role):
        raise NotAllowed
    with store.writing() as tx:
        if tasks.one(tx, task) is None:
            raise NotFound
        if not tasks.withdraw(tx, task, now):
            raise StateChanged
        audit_log.note(tx, AuditEntry(now, staff.staff, "take_task_back", task))


def task_flaws(new: NewTask, grids: Collection[str], today: date) -> Iterator[tuple[str, TextFlaw]]:
    """Each field that cannot be taken, with what is wrong with it."""
    if new.grid not in grids:
        yield "grid", TextFlaw("grid_needed")
    if new.due is not None and not today <= new.due <= today + LATEST:
        yield "due", TextFlaw("day_not_possible")
    for name, text, most, needed in (
        ("title", new.title, MOST_TITLE, "title_needed"),
        ("address", new.address, MOST_ADDRESS, ""),
        ("note", new.note, MOST_NOTE, ""),
    ):
        flaw = text_flaw(text, most, needed=needed, without_rooms=True)
        if flaw:
            yield name, flaw


def _row(tx: Tx, new: NewTask) -> dict[str, Any]:
    compound, building = place_of(tx, new.address)
    return {
        "title": new.title.strip(),
        "note": new.note.strip(),
        "grid": new.grid,
        "compound": compound,
        "building": building,
        "due": new.due,
        "complaint": new.complaint or None,
        "record": new.record or None,
    }


def place_of(tx: Tx, address: str) -> tuple[str | None, str | None]:
    """The compound of the bureau's list that an address names, and the building as that list calls
    it, else as it is written in full; None for what it does not name."""
    compound, building = known_compounds(tx).of_address(address)
    if compound and not building and (number := parse(address).door.building):
        building = display("", Door(number))
    return compound, building


def known_compounds(tx: Tx) -> KnownCompounds:
    """The bureau's compounds, to find one by an address."""
    return KnownCompounds.of(
        (row.compound, (row.name, *row.aliases), [one["name"] for one in row.buildings])
        for row in complaints.known_compounds(tx)
    )
