"""What must hold after every step of the monkey."""

from collections.abc import Mapping
from uuid import UUID

import flet as ft
from flet.controls.base_control import BaseControl

from fieldapp.report.entry import Entry, Stage
from tests.fieldapp.headless import Headless, walk
from tests.monkey.phone import Phone

Held = Mapping[str, str]  # report id: its stage, or EMPTY
EMPTY = "EMPTY"  # a draft to which the worker has not said a word
ANSWERS = (
    *("signs", "photos", "note", "disguises", "subjects", "stage", "count_band", "time_slots"),
    *("institution", "conflict_of_interest"),
)
OF_PLACE = ("building", "unit", "floor", "room", "landmark")


def held(phone: Phone) -> Held:
    stages = dict(phone.notebook._db.rows("SELECT id, stage FROM entries"))
    return {id: EMPTY if is_empty(entry_of(phone, id)) else stages[id] for id in stages}


def is_empty(entry: Entry) -> bool:
    report = entry.report
    said = [getattr(report, name) for name in ANSWERS]
    said += [getattr(report.place, name) for name in OF_PLACE]
    return entry.stage is Stage.DRAFT and not report.revision and not any(said)


def tappable(app: Headless) -> list[tuple[str, BaseControl]]:
    """Identifier and control of all that a finger could press on the screen on top."""
    found, name = list[tuple[str, BaseControl]](), ""
    for part in walk(app.top()):
        if isinstance(part, ft.Semantics) and part.identifier:
            name = part.identifier
        if getattr(part, "on_click", None):
            found.append((name, part))
    return found


def fields(app: Headless) -> list[ft.TextField]:
    return app.all(ft.TextField)


def no_crash(app: Headless, troubles: list[str]) -> None:
    assert not app.silent.crashes, app.silent.crashes
    assert not troubles, troubles


def no_dead_end(app: Headless) -> None:
    assert tappable(app), f"nothing to press at {app.page.route}"


def nothing_vanished(before: Held, after: Held, dropped: bool) -> None:
    """A draft with an answer goes only when it was thrown away by hand; what was sealed goes
    never."""
    gone = {name for name in before.keys() - after.keys() if before[name] != EMPTY}
    assert all(before[name] == Stage.DRAFT for name in gone), gone
    assert len(gone) <= dropped, f"lost drafts: {gone}"


def the_draft_is_written_down(phone: Phone) -> None:
    """What stands on the screen is in the notebook before the next tap."""
    draft = phone.state.draft.entry
    if not draft or draft.stage is not Stage.DRAFT or phone.brim.full:
        return
    kept = phone.notebook.entry(draft.report.id)
    assert kept and kept.report == draft.report, f"not kept: {draft.report}"


def nothing_is_half_written(phone: Phone) -> None:
    """A transaction that was left open would take everything after it along when the app dies."""
    with phone.notebook._db._lock:
        assert not phone.notebook._db._db.conn.in_transaction, "a transaction was left open"


def what_is_sealed_waits_or_is_known(phone: Phone) -> None:
    """A sealed revision stands in the outbox; it leaves with a receipt, a refusal or an undo."""
    waiting = set(
        phone.notebook._db.rows("SELECT id, revision FROM parcels WHERE position IS NULL")
    )
    for name, stage in held(phone).items():
        if stage == Stage.SEALED:
            entry = entry_of(phone, name)
            assert (name, entry.report.revision) in waiting, f"sealed and nowhere: {name}"


def entry_of(phone: Phone, name: str) -> Entry:
    found = phone.notebook.entry(UUID(name))
    assert found, name
    return found
