"""Sets a bureau up from a county file: its places, its lists and its duty posts."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from contract import wire
from contract.screening import personal_spans
from sync_server.accounts import passwords
from sync_server.domain.roles import Role
from sync_server.importing import list_rows
from sync_server.importing.cells import SCREENED
from sync_server.importing.personal_texts import personal_texts
from sync_server.importing.row_error import RowError
from sync_server.store import lists, places
from sync_server.store import staff as people
from sync_server.store.engine import Store


def seed(store: Store, county: Path, secrets: Mapping[str, str], *, named: bool = False) -> bool:
    """Loads a county file (demo/county.json shows its shape) into an empty bureau, in one
    transaction; False, and nothing is written, if the bureau has been set up already.

    `secrets` are the passwords of the console's duty posts, by code; a post without one cannot sign
    in. Raises wire.Unreadable, with the list and the field, for an entry that no phone could read,
    and RowError for one with personal data (rule L2); `named` as in an import.
    """
    content: dict[str, Any] = wire.parse_json(county.read_bytes())
    with store.writing() as tx:
        if places.known(tx):
            return False
        places.name_bureau(tx, content["bureau"]["name"])
        for kind in list_rows.LISTS:
            rows = [_row(kind, n, one) for n, one in enumerate(content.get(kind, ()))]
            _screen(kind, rows, named)
            lists.replace(tx, kind, rows)
        for row in content["staff"]:
            secret = secrets.get(row["staff"])
            hashed = passwords.hash_password(secret) if secret else None
            post = {**row, "role": Role(row["role"]).value}
            people.add(tx, failures=0, password_hash=hashed, **post)
    return True


def _screen(kind: str, rows: Sequence[Mapping[str, Any]], named: bool) -> None:
    for n, row in enumerate(rows):
        texts = [one for one in SCREENED if personal_spans(row.get(one) or "")]
        found = [RowError("personal", one, row[one]) for one in texts]
        found += [x for x in personal_texts(row) if not (named and x.code == "reads_personal")]
        if found:
            found[0].file = f"{kind}.{n}"
            raise found[0]


def _row(kind: str, n: int, entry: Mapping[str, Any]) -> dict[str, Any]:
    """An entry of a list; places name their id as the database does."""
    try:
        own = entry.get(lists.id_column(kind)) if kind in list_rows.PLACES else entry.get("id")
        return list_rows.list_row(kind, {**entry, "id": own})
    except wire.Unreadable as error:
        raise wire.Unreadable(error.code, f"{kind}.{n}.{error.field}") from error
