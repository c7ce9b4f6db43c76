"""Turns the rows of a file into rows of the database, each with its reason where it is wrong."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from contract import wire
from contract.visible_text import has_visible
from sync_server.importing import cells, house_lists, list_rows
from sync_server.importing.headed_rows import HeadedRow, HeadedRows
from sync_server.importing.headings import ALIASES, KINDS, REACH, REACHING
from sync_server.importing.identity import Fields, Identities
from sync_server.importing.initials import initials
from sync_server.importing.known_places import EVERYBODY, KnownPlaces
from sync_server.importing.reading.table import Cell, column_letters
from sync_server.importing.row_error import RowError

ReadCell = Callable[[str, Cell | None], Any]
READERS: dict[str, ReadCell] = {  # by field; all others are plain text
    "id": cells.code,
    "aliases": house_lists.names,
    "lat": cells.number,
    "lon": cells.number,
    "venue": cells.code_of("venue"),
    "buildings": house_lists.buildings,
    "code": cells.credit_code,
    "licence": cells.code,
    "published": cells.day,
    "form": cells.code_of("patrol_form"),
    "shift": cells.code_of("shift"),
    "key_period": cells.code_of("key_period"),
    "first": cells.day,
    "last": cells.day,
    "compounds": house_lists.names,
    "due": cells.day,
    "issued": cells.day,
    "until": cells.day,
    "urgent": cells.boolean,
    "day": cells.day,
    "works": cells.stated_boolean,
}
PLACE_FIELDS = {"community": "communities", "grid": "grids", "compound": "compounds"}
CODES = ("id", "community", "grid", "compound")
DEFAULT_FORM = "ROUTINE"


@dataclass(frozen=True, slots=True)
class NewRows:
    """The good rows by id with the line each came from, and an error for each of the others."""

    rows: dict[str, Fields]
    lines: dict[str, int]
    bad: list[RowError]


def to_database_rows(
    kind: str, table: HeadedRows, known: KnownPlaces, held: Mapping[str, Mapping[str, Any]]
) -> NewRows:
    """The rows of the file as rows of the list `kind`, of which the bureau has `held`."""
    made = NewRows({}, {}, [])
    identities = Identities(kind, held)
    for row in table.rows:
        try:
            fields = _fields(kind, row, known)
            id = fields["id"] or identities.id_of(fields)
            if id in made.rows:
                raise RowError("twice", found=str(made.lines[id]))
            new = _database_row(kind, fields | {"id": id})
            made.rows[id], made.lines[id] = _kept(kind, row, held.get(id, {}), new), row.line
        except RowError as error:
            error.line = row.line
            made.bad.append(located(error, table))
    return made


def located(error: RowError, table: HeadedRows) -> RowError:
    """The error with the address and the heading of its column."""
    if column := table.columns.get(error.field):
        error.column = column.heading
        if not table.features:
            error.address = error.address or f"{column_letters(column.index)}{error.line or ''}"
    error.feature = table.features
    return error


def _fields(kind: str, row: HeadedRow, known: KnownPlaces) -> Fields:
    """Every field of this kind of list, read and checked; places by their codes."""
    columns = KINDS[kind]
    fields: Fields = {}
    for name in columns.fields:
        read: ReadCell = READERS.get(name) or cells.text
        fields[name] = read(name, row.cells.get(name))
    for name in columns.needed:
        if fields[name] is None or not has_visible(str(fields[name])):
            raise RowError("empty", name)
    if kind in REACHING:
        _check_reach(row, fields)
    for name, places in PLACE_FIELDS.items():
        if name in fields:
            fields[name] = known.code(name, places, fields[name])
    _check_grid(fields, known)
    if "compounds" in fields:
        codes = [known.code("compounds", "compounds", one) for one in fields["compounds"]]
        fields["compounds"] = codes
    COMPLETE.get(kind, _complete_as_is)(fields, known)
    return fields


def _check_reach(row: HeadedRow, fields: Fields) -> None:
    """An empty cell may have been lost on its way, so everybody has to be said. A community may be
    left out where the row is for one grid: it could not widen that."""
    for name in REACH:
        for_all = fields[name].lower() in EVERYBODY
        if name in row.cells and not fields[name] and not (name == "community" and fields["grid"]):
            raise RowError("no_reach", name)
        fields[name] = "" if for_all else fields[name]


def _check_grid(fields: Fields, known: KnownPlaces) -> None:
    """What is for a grid outside of its community would reach nobody."""
    grid, community = fields.get("grid"), fields.get("community")
    own = known.communities.get(grid or "")
    if grid and community and own != community:
        raise RowError("grid_elsewhere", "grid", f"{grid} → {own}")


def _complete_as_is(fields: Fields, known: KnownPlaces) -> None:
    """The other kinds of list need nothing more."""


def _complete_compound(fields: Fields, known: KnownPlaces) -> None:
    if (fields["lat"] is None) != (fields["lon"] is None):
        raise RowError("half_a_position", "lat" if fields["lat"] is None else "lon")
    fields["initials"] = initials(fields["name"])


def _complete_institution(fields: Fields, known: KnownPlaces) -> None:
    """Rule L14: an organisation that can be looked up where it was published."""
    if not fields["code"] and not fields["licence"]:
        raise RowError("not_registered", "code")
    fields["initials"] = initials(fields["name"])
    if not fields["compound"]:
        compound, building = known.of_address(fields["address"])
        fields |= {"compound": compound, "building": fields["building"] or building}


def _complete_plan(fields: Fields, known: KnownPlaces) -> None:
    fields["form"] = fields["form"] or DEFAULT_FORM
    if fields["first"] > fields["last"]:
        raise RowError("ends_before", "last", fields["last"].isoformat())


def _complete_holiday(fields: Fields, known: KnownPlaces) -> None:
    """A day is its own id, and stands in the list once."""
    fields["id"], fields["title"] = fields["day"].isoformat(), fields["holiday"]


# What is checked and added where all fields of a row are known.
COMPLETE: dict[str, Callable[[Fields, KnownPlaces], None]] = {
    "compounds": _complete_compound,
    "institutions": _complete_institution,
    "plans": _complete_plan,
    "holidays": _complete_holiday,
}


def _database_row(kind: str, fields: Fields) -> Fields:
    try:
        plain = {name: _plain(value) for name, value in fields.items()}
        return list_rows.list_row(kind, plain)
    except wire.Unreadable as error:
        name = error.field.partition(".")[0]
        field = name if name in ALIASES else ""
        raise RowError(_wanted(kind, field), field, str(fields.get(name))) from error


def _kept(kind: str, row: HeadedRow, held: Mapping[str, Any], new: Fields) -> Fields:
    """The new row with what the bureau has of fields that the file has no column for; whom a row is
    for is always said anew."""
    reach = {*REACH} if kind in REACHING else set()
    missing = {name for name in new if name not in row.cells and name in held} - reach
    unsaid = {name for name in missing if new[name] in (None, "", [], False, DEFAULT_FORM)}
    return new | {name: held[name] for name in unsaid}


def _wanted(kind: str, field: str) -> str:
    if field == "community" or (kind, field) == ("communities", "id"):
        return "not_a_community_code"
    return "not_a_code" if field in CODES else "wrong_shape"


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
