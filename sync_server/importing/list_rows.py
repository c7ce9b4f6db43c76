"""From the fields of an entry of a list to its row in the database, through the very type that
phones are sent: what they could not read is refused here."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any

from pydantic import StringConstraints

from contract import wire
from contract.reference import Compound, Institution, Notice, Plan, Task
from contract.value import Code, Name, Value
from sync_server.importing.headings import REACH, REACHING
from sync_server.store import lists

CommunityCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{12}$")]


class _Community(Value):
    """A community; its code is that of the national list, 12 digits."""

    id: CommunityCode
    name: Name


class _Grid(Value):
    """A grid of a community."""

    id: Code
    name: Name
    community: CommunityCode


class _Holiday(Value):
    """A day that is not what its weekday says: 2026-10-01."""

    id: date
    works: bool
    title: Name


LISTS: dict[str, type[Value]] = {
    "communities": _Community,
    "grids": _Grid,
    "compounds": Compound,
    "plans": Plan,
    "tasks": Task,
    "notices": Notice,
    "institutions": Institution,
    "holidays": _Holiday,
}
PLACES = ("communities", "grids", "compounds")


def list_row(kind: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The row of one entry of the list `kind`; `grid` and `community` say whom it is for. Raises
    wire.Unreadable with the field that does not fit."""
    model = LISTS[kind]
    value = wire.validate(model, {name: fields[name] for name in fields if name in _known(kind)})
    plain = value.model_dump()
    columns = {name: plain[name] for name in model.model_fields if name != "id"}
    for name in _REQUIRED_TEXTS & columns.keys():
        if not str(columns[name]).strip():
            raise wire.Unreadable("wrong_shape", name)
    if kind in REACHING:
        reach = {name: fields.get(name) or None for name in REACH}
        columns |= {name: wire.validate(_Reach, {"code": reach[name]}).code for name in REACH}
    json = wire.to_json(value)
    listed = {name: json[name] for name in columns if isinstance(columns[name], tuple)}
    return {lists.id_column(kind): json["id"], **columns, **listed}


_REQUIRED_TEXTS = {"name", "title", "source"}


class _Reach(Value):
    """A grid or community that something is for."""

    code: Code | None


def _known(kind: str) -> set[str]:
    return {*LISTS[kind].model_fields, *REACH}
