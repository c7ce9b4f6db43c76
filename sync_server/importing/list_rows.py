"""From the fields of a plan, task, notice or institution to its row in the database."""

from collections.abc import Mapping
from typing import Any

from contract import wire
from contract.reference import Institution, Notice, Plan, Task
from contract.value import Value
from sync_server.importing.headings import KINDS, REACH
from sync_server.store import lists

LISTS: dict[str, type[Value]] = {
    "plans": Plan,
    "tasks": Task,
    "notices": Notice,
    "institutions": Institution,
}


def list_row(kind: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The row of one entry of the list `kind`; `grid` and `community` say whom it is for. Raises
    wire.Unreadable with the field that does not fit."""
    model = LISTS[kind]
    value = wire.validate(model, fields)
    columns = {name: getattr(value, name) for name in model.model_fields if name != "id"}
    if set(REACH) <= set(KINDS[kind].fields):
        columns |= {name: fields.get(name) or None for name in REACH}
    return {lists.id_column(kind): value.model_dump()["id"], **columns}
