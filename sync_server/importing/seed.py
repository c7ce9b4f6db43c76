"""Sets a bureau up from a county file: its ground and its duty posts."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from contract import wire
from sync_server.accounts import passwords
from sync_server.domain.roles import Role
from sync_server.importing import list_rows
from sync_server.store import places
from sync_server.store import staff as people
from sync_server.store.engine import Store
from sync_server.store.schema import bureaus, communities, compounds, grids


def seed(store: Store, county: Path, secrets: Mapping[str, str]) -> bool:
    """Loads a county file into an empty bureau, in one transaction; False when it was not empty.

    `secrets` gives the console's duty posts their passwords, by code; who has none cannot sign in.
    """
    known: dict[str, Any] = wire.parse_json(county.read_bytes())
    with store.writing() as tx:
        if places.known(tx):
            return False
        places.fill(tx, bureaus, [{"name": known["bureau"]["name"]}])
        for table in (communities, grids, compounds):
            places.fill(tx, table, known[table.name])
        for name, table in list_rows.TABLES.items():
            places.fill(tx, table, [list_rows.list_row(name, one) for one in known.get(name, ())])
        for row in known["staff"]:
            secret = secrets.get(row["staff"])
            fixed = {**row, "role": Role(row["role"]).value}
            hashed = passwords.hash_password(secret) if secret else None
            people.add(tx, failures=0, password_hash=hashed, **fixed)
    return True
