"""Both real programs: a server process on either engine, and phones that belong to its grids."""

import asyncio
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from contract.report import Report
from demo.pocket import Pocket
from demo.programs import Program, reachable
from sync_server.accounts import phones
from sync_server.casework import review
from sync_server.domain.decisions import Decision
from sync_server.domain.roles import Role, Staff
from sync_server.importing.seed import seed
from sync_server.settings import Settings
from sync_server.store import devices, records
from sync_server.store.engine import DatabaseRow, Store
from sync_server.store.photo_folder import PhotoFolder
from sync_server.store.schema import arrivals, photos
from sync_server.store.schema import devices as devices_table
from sync_server.store.schema import records as records_table
from sync_server.store.sealing import with_key
from tests.postgres import postgres, postgres_database

__all__ = ["postgres", "postgres_database"]
COUNTY = Path(__file__).parents[2] / "demo/county.json"
DESK = Staff("shenhe1", Role.SUPERVISOR)
PASSWORD = "a password for tests"
ENGINES = ("sqlite", pytest.param("postgres", marks=pytest.mark.postgres))


@pytest.fixture(params=ENGINES)
def database(request: pytest.FixtureRequest) -> str:
    """The address of an empty PostgreSQL database; "" for a file of SQLite's."""
    is_ours = request.param == "sqlite"
    return "" if is_ours else str(request.getfixturevalue("postgres_database"))


def free_port() -> int:
    """A port of this machine that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True, slots=True)
class Bureau:
    """A running server, and its database from behind."""

    settings: Settings
    store: Store

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.settings.port}"

    def code(self, worker: str = "wg0301") -> str:
        with self.store.writing() as tx:
            return phones.new_code(tx, worker, datetime.now(UTC), 600)

    async def enrolled(self, phone: Pocket, road: str, worker: str = "wg0301") -> Pocket:
        await phone.courier.enrol(self.code(worker), "test", road)
        await phone.courier.round()
        return phone

    def revoke_all(self) -> None:
        with self.store.writing() as tx:
            for row in tx.run(select(devices_table.c.device)):
                devices.revoke(tx, row.device, datetime.now(UTC))

    async def decide(self, report: Report, to: str, comment: str = "", state: str = "10") -> None:
        decision = Decision(to, state, report.revision, comment=comment)
        now = datetime.now(UTC)
        await asyncio.to_thread(review.decide, self.store, DESK, str(report.id), decision, now)

    def record(self, report: Report) -> DatabaseRow:
        with self.store.reading() as tx:
            row = records.one(tx, str(report.id))
        assert row is not None, "the bureau has no record of it"
        return row

    def count(self, what: str) -> int:
        table = {"records": records_table, "arrivals": arrivals, "photos": photos}[what]
        with self.store.reading() as tx:
            return int(tx.run(select(func.count()).select_from(table)).scalar_one())

    def photo(self, sha256: str) -> bytes:
        return PhotoFolder(self.settings.photos, self.settings.bureau).read(sha256)


@pytest.fixture
def bureau(database: str, tmp_path: Path) -> Iterator[Bureau]:
    """The real server in a process of its own, on SQLite and on PostgreSQL."""
    at = database or f"sqlite:///{tmp_path}/bureau.db"
    settings = Settings(database=at, photos=tmp_path / "photos", port=free_port())
    store = with_key(Store.open(settings.database, settings.bureau), settings.key_file)
    seed(store, COUNTY, {DESK.staff: PASSWORD})
    with Program.server(settings) as server:
        reachable(settings.port, server)
        yield Bureau(settings, store)
    store.close()
