"""Which rows are the same thing: by the id that a file gives, else by what the row says."""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

from contract.folded_text import fold
from sync_server.importing.row_error import RowError

Fields = dict[str, Any]  # what a row says, by field
IDENTITY = {  # the fields that make two rows the same thing, where the file gives no id
    "compounds": ("community", "name"),
    "institutions": ("code", "licence"),
    "plans": ("title", "first", "grid", "community"),
    "tasks": ("title", "grid", "community", "compound", "building"),
    "notices": ("title", "issued", "grid", "community"),
}
# Lists in which no two rows may have the same name in the same place.
UNIQUE = {
    "communities": ("name",),
    "grids": ("community", "name"),
    "compounds": ("community", "name"),
}


def key(names: Iterable[str], row: Mapping[str, Any]) -> tuple[str, ...]:
    """What these fields of a row say, in one width and case, without white space and invisible
    characters."""
    return tuple("".join(fold(str(row.get(name) or "")).text.split()) for name in names)


class Identities:
    """Finds the id of a row among those that the bureau has."""

    def __init__(self, kind: str, held: Mapping[str, Mapping[str, Any]]) -> None:
        self._kind = kind
        self._ids: dict[tuple[str, ...], list[str]] = {}
        for id, row in held.items():
            self._ids.setdefault(key(IDENTITY.get(kind, ()), row), []).append(id)

    def id_of(self, fields: Fields) -> str:
        """The id of the row that says the same, else one made of the content, so that next month's
        file changes the row and adds none. Raises RowError if several say the same."""
        own = key(IDENTITY[self._kind], fields)
        known = self._ids.get(own, [])
        if len(known) > 1:
            raise RowError("several", "id", "、".join(known))
        digest = sha256("\n".join(own).encode()).hexdigest()
        return known[0] if known else f"{self._kind[0]}-{digest[:12]}"


def same_names(
    kind: str, new: Mapping[str, Mapping[str, Any]], changed: Iterable[str]
) -> dict[str, str]:
    """Of the rows `changed`: those that have the name of another row, with the other's id."""
    names = UNIQUE.get(kind)
    if not names:
        return {}
    by_key: dict[tuple[str, ...], list[str]] = {}
    for id, row in new.items():
        by_key.setdefault(key(names, row), []).append(id)
    found: dict[str, str] = {}
    for id in changed:
        others = [one for one in by_key[key(names, new[id])] if one != id]
        if others:
            found[id] = others[0]
    return found
