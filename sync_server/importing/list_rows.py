"""The lists that phones look things up in: from what was said of a thing to its row."""

from collections.abc import Mapping
from typing import Any

from contract import wire
from contract.reference import Institution, Notice, Plan, Task
from contract.value import Value
from sync_server.store.schema import institutions, notices, plans, tasks

# The name of each list is that of its table: the value it holds and the column of its id.
LISTS: dict[str, tuple[type[Value], str]] = {
    plans.name: (Plan, "plan"),
    tasks.name: (Task, "task"),
    notices.name: (Notice, "notice"),
    institutions.name: (Institution, "institution"),
}
TABLES = {table.name: table for table in (plans, tasks, notices, institutions)}


def list_row(kind: str, said: Mapping[str, Any]) -> dict[str, Any]:
    """The row of one thing in the list `kind`; `grid` and `community` say whom it is for. Raises
    wire.Unreadable with the field that does not fit."""
    model, key = LISTS[kind]
    value = wire.validate(model, said)
    columns = {name: getattr(value, name) for name in model.model_fields if name != "id"}
    if "grid" in TABLES[kind].c:
        columns |= {name: said.get(name) or None for name in ("grid", "community")}
    return {key: value.model_dump()["id"], **columns}
