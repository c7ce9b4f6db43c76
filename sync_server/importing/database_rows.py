"""Rows of a file as rows of the database, each with its reason where it is none."""

from collections.abc import Callable, Iterable
from datetime import date
from hashlib import sha256
from typing import Any

from contract import wire
from sync_server.importing import cells, list_rows
from sync_server.importing.headings import KINDS, heading
from sync_server.importing.initials import initials
from sync_server.importing.known_places import KnownPlaces
from sync_server.importing.row_error import RowError
from sync_server.importing.sheets import SheetRow

Said = dict[str, Any]
Judge = Callable[[str, Any], Any]
READ: dict[str, Judge] = {
    "aliases": cells.names,
    "lat": cells.number,
    "lon": cells.number,
    "venue": cells.code_of("venue"),
    "buildings": cells.buildings,
    "code": cells.credit_code,
    "published": cells.day,
    "form": cells.code_of("patrol_form"),
    "shift": cells.code_of("shift"),
    "key_period": cells.code_of("key_period"),
    "first": cells.day,
    "last": cells.day,
    "compounds": cells.names,
    "due": cells.day,
    "issued": cells.day,
    "until": cells.day,
    "urgent": cells.boolean,
}
PLACES = ("community", "grid", "compound")


def to_database_rows(
    kind: str, rows: Iterable[SheetRow], known: KnownPlaces
) -> tuple[dict[str, Said], list[RowError]]:
    """The rows by id, and what is wrong with the others."""
    found: dict[str, Said] = {}
    bad: list[RowError] = []
    lines: dict[str, int] = {}
    for row in rows:
        try:
            said = _said(kind, row, known)
            name = said["id"] or _named(kind, said)
            if name in found:
                raise RowError(0, "twice", said=str(lines[name]))
            found[name], lines[name] = _row(kind, said | {"id": name}), row.line
        except RowError as error:
            error.line = row.line
            bad.append(error)
    return found, bad


def _said(kind: str, row: SheetRow, known: KnownPlaces) -> Said:
    columns = KINDS[kind]
    under = {columns.field(name): cell for name, cell in row.cells.items()}
    said: Said = {}
    for name in columns.fields:
        judge: Judge = READ.get(name) or cells.text
        said[name] = judge(name, under.get(name))
    for name in columns.needed:
        if said[name] in (None, ""):
            raise RowError(0, "empty", heading(name))
    for name in PLACES:
        if name in said:
            said[name] = known.code(name, name, said[name])
    if "compounds" in said:
        some = [known.code("compounds", "compound", one) for one in said["compounds"]]
        said["compounds"] = some
    CHECKS.get(kind, _nothing)(said, known)
    return said


def _nothing(said: Said, known: KnownPlaces) -> None:
    """Nothing more to ask."""


def _compound(said: Said, known: KnownPlaces) -> None:
    if (said["lat"] is None) != (said["lon"] is None):
        raise RowError(0, "half_a_position")
    said["initials"] = initials(said["name"])


def _institution(said: Said, known: KnownPlaces) -> None:
    """Rule L14: an organisation that can be looked up where it was published."""
    if not said["code"] and not said["licence"]:
        raise RowError(0, "not_registered")
    said["initials"] = initials(said["name"])
    if not said["compound"]:
        compound, building = known.standing_at(said["address"])
        said |= {"compound": compound, "building": said["building"] or building}


def _plan(said: Said, known: KnownPlaces) -> None:
    said["form"] = said["form"] or "ROUTINE"
    if said["first"] > said["last"]:
        raise RowError(0, "ends_before")


CHECKS: dict[str, Callable[[Said, KnownPlaces], None]] = {
    "compounds": _compound,
    "institutions": _institution,
    "plans": _plan,
}
NAMED_BY = {  # what makes two rows one, where no column says it
    "compounds": ("community", "name"),
    "institutions": ("code", "licence"),
    "plans": ("title", "first", "grid", "community"),
    "tasks": ("title", "grid", "community", "compound", "building"),
    "notices": ("title", "issued", "grid", "community"),
}


def _named(kind: str, said: Said) -> str:
    """The same row in next month's file is the same thing."""
    words = "\n".join(str(said[name] or "") for name in NAMED_BY[kind])
    return f"{kind[0]}-{sha256(words.encode()).hexdigest()[:12]}"


def _row(kind: str, said: Said) -> Said:
    if kind in list_rows.LISTS:
        try:
            return list_rows.list_row(kind, {name: _plain(value) for name, value in said.items()})
        except wire.Unreadable as error:
            column = error.field.partition(".")[0]
            raise RowError(0, "wrong_shape", heading(column), str(said.get(column))) from error
    key = {"communities": "community", "grids": "grid", "compounds": "compound"}[kind]
    return {key: said["id"], **{name: value for name, value in said.items() if name != "id"}}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
