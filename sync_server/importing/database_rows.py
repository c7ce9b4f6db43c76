"""Turns the rows of a file into rows of the database, each with its reason where it is wrong."""

from collections.abc import Callable, Iterable
from datetime import date
from hashlib import sha256
from typing import Any

from contract import wire
from contract.visible_text import has_visible
from sync_server.importing import cells, list_rows
from sync_server.importing.headings import KINDS, heading
from sync_server.importing.initials import initials
from sync_server.importing.known_places import KnownPlaces
from sync_server.importing.row_error import RowError
from sync_server.importing.sheets import SheetRow
from sync_server.store import lists

Fields = dict[str, Any]  # what a row says, by field
ReadCell = Callable[[str, Any], Any]
READERS: dict[str, ReadCell] = {  # by field; all others are plain text
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
PLACE_FIELDS = {"community": "communities", "grid": "grids", "compound": "compounds"}


def to_database_rows(
    kind: str, rows: Iterable[SheetRow], known: KnownPlaces
) -> tuple[dict[str, Fields], list[RowError]]:
    """The good rows by id, and an error for each of the others."""
    found: dict[str, Fields] = {}
    bad: list[RowError] = []
    lines: dict[str, int] = {}
    for row in rows:
        try:
            fields = _fields(kind, row, known)
            id = fields["id"] or _made_id(kind, fields)
            if id in found:
                raise RowError(0, "twice", cell=str(lines[id]))
            found[id], lines[id] = _database_row(kind, fields | {"id": id}), row.line
        except RowError as error:
            error.line = row.line
            bad.append(error)
    return found, bad


def _fields(kind: str, row: SheetRow, known: KnownPlaces) -> Fields:
    """Every field of this kind of list, read and checked; places by their codes."""
    columns = KINDS[kind]
    by_field = {columns.field(name): cell for name, cell in row.cells.items()}
    fields: Fields = {}
    for name in columns.fields:
        read: ReadCell = READERS.get(name) or cells.text
        fields[name] = read(name, by_field.get(name))
    for name in columns.needed:
        if fields[name] is None or not has_visible(str(fields[name])):
            raise RowError(0, "empty", heading(name))
    for name, places in PLACE_FIELDS.items():
        if name in fields:
            fields[name] = known.code(name, places, fields[name])
    if "compounds" in fields:
        codes = [known.code("compounds", "compounds", one) for one in fields["compounds"]]
        fields["compounds"] = codes
    COMPLETE.get(kind, _complete_as_is)(fields, known)
    return fields


def _complete_as_is(fields: Fields, known: KnownPlaces) -> None:
    """The other kinds of list need nothing more."""


def _complete_compound(fields: Fields, known: KnownPlaces) -> None:
    if (fields["lat"] is None) != (fields["lon"] is None):
        raise RowError(0, "half_a_position")
    fields["initials"] = initials(fields["name"])


def _complete_institution(fields: Fields, known: KnownPlaces) -> None:
    """Rule L14: an organisation that can be looked up where it was published."""
    if not fields["code"] and not fields["licence"]:
        raise RowError(0, "not_registered")
    fields["initials"] = initials(fields["name"])
    if not fields["compound"]:
        compound, building = known.of_address(fields["address"])
        fields |= {"compound": compound, "building": fields["building"] or building}


def _complete_plan(fields: Fields, known: KnownPlaces) -> None:
    fields["form"] = fields["form"] or "ROUTINE"
    if fields["first"] > fields["last"]:
        raise RowError(0, "ends_before")


# What is checked and added where all fields of a row are known.
COMPLETE: dict[str, Callable[[Fields, KnownPlaces], None]] = {
    "compounds": _complete_compound,
    "institutions": _complete_institution,
    "plans": _complete_plan,
}
IDENTITY = {  # the fields that make two rows the same thing, where the file gives no id
    "compounds": ("community", "name"),
    "institutions": ("code", "licence"),
    "plans": ("title", "first", "grid", "community"),
    "tasks": ("title", "grid", "community", "compound", "building"),
    "notices": ("title", "issued", "grid", "community"),
}


def _made_id(kind: str, fields: Fields) -> str:
    """An id made of the row's content, so that next month's file changes the row and adds none."""
    content = "\n".join(str(fields[name] or "") for name in IDENTITY[kind])
    return f"{kind[0]}-{sha256(content.encode()).hexdigest()[:12]}"


def _database_row(kind: str, fields: Fields) -> Fields:
    if kind in list_rows.LISTS:
        try:
            plain = {name: _plain(value) for name, value in fields.items()}
            return list_rows.list_row(kind, plain)
        except wire.Unreadable as error:
            field = error.field.partition(".")[0]
            raise RowError(0, "wrong_shape", heading(field), str(fields.get(field))) from error
    others = {name: value for name, value in fields.items() if name != "id"}
    return {lists.id_column(kind): fields["id"], **others}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
