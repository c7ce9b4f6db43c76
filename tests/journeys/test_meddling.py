"""Both real programs with a proxy process between them that meddles with what passes.

While it does, no good report is refused, no photo is spoiled, and no progress is shown that is not
there; all arrives once, at once or when the proxy behaves again.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from random import Random

import pytest
from PIL import Image
from sqlalchemy import func, select

from contract.report import Photo
from demo import play
from demo.pocket import Pocket
from demo.programs import Program, reachable
from fieldapp.ports import Frame
from fieldapp.report.entry import Entry, Stage
from sync_server.importing.seed import seed
from sync_server.settings import Settings
from sync_server.store.engine import Store
from sync_server.store.schema import arrivals
from tests.journeys.conftest import COUNTY, DESK, PASSWORD, Bureau, free_port
from tests.journeys.meddling import MEDDLINGS

pytestmark = pytest.mark.asyncio
SIZE = (160, 120)
ROWS_OF_A_PHONE = 20
AT_ONCE = 4  # rows, each on a road of its own
PARTS = 5  # of the table, for several test processes
FORGIVEN = {Stage.DELIVERED, Stage.SEALED}


@dataclass(frozen=True, slots=True)
class Road:
    """A way to the bureau through a proxy, and the file that says what the proxy does."""

    bureau: Bureau
    port: int
    folder: Path
    rows: list[bool] = field(default_factory=list)  # whether all had arrived at its end

    def meddle(self, name: str) -> None:
        (self.folder / f"{self.port}").write_text(name)

    @asynccontextmanager
    async def phone(self) -> AsyncIterator[Pocket]:
        """A phone whose app starts now. Enrolling costs more than a row does, so the same phone is
        taken again, but after a row that failed and when it holds many reports."""
        self.meddle("")
        taken = len(self.rows) // ROWS_OF_A_PHONE + self.rows.count(False)
        async with Pocket(self.folder / f"phone{self.port}-{taken}") as phone:
            if phone.memory.identity() is None:
                await self.bureau.enrolled(phone, f"http://127.0.0.1:{self.port}")
            self.rows.append(False)
            yield phone
            self.rows[-1] = True

    def count_arrivals(self, entry: Entry) -> int:
        with self.bureau.store.reading() as tx:
            query = select(func.count()).where(arrivals.c.id == str(entry.report.id))
            return int(tx.run(query).scalar_one())


@pytest.fixture(scope="module")
def roads(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Road]]:
    folder = tmp_path_factory.mktemp("between")
    settings = Settings(
        database=f"sqlite:///{folder}/bureau.db", photos=folder / "photos", port=free_port()
    )
    store = Store.open(settings.database, settings.bureau)
    seed(store, COUNTY, {DESK.staff: PASSWORD})
    made = [Road(Bureau(settings, store), free_port(), folder) for _ in range(AT_ONCE)]
    for road in made:
        road.meddle("")
    ports = [str(road.port) for road in made]
    proxy = Program(["tests.journeys.proxy", str(settings.port), str(folder), *ports])
    with Program.server(settings) as server, proxy:
        reachable(settings.port, server)
        for road in made:
            reachable(road.port, proxy)
        yield made
    store.close()


def photographed(phone: Pocket, dice: Random) -> Photo:
    """Noise, which no encoding makes small."""
    out = BytesIO()
    Image.frombytes("RGB", SIZE, dice.randbytes(3 * SIZE[0] * SIZE[1])).save(out, "JPEG")
    return phone.kept(Frame(out.getvalue(), *SIZE))


def is_home(phone: Pocket, entries: list[Entry]) -> bool:
    here = all(phone.entry(entry).stage is Stage.DELIVERED for entry in entries)
    return here and all(photo.stored for photo in phone.notebook.photos())


async def unharmed(phone: Pocket, entries: list[Entry]) -> None:
    """One round, after which nothing good is refused and no progress is claimed."""
    result = await phone.courier.round()
    assert (result.refused, dict(result.photos_refused)) == (0, {})
    assert {phone.entry(entry).stage for entry in entries} <= FORGIVEN
    assert all(photo.stored or photo.sent < photo.size for photo in phone.notebook.photos())


async def all_arrives_once(road: Road, name: str) -> None:
    dice = Random(name)  # photos, no secrets
    async with road.phone() as phone:
        entries = [
            phone.sealed(play.draft(phone, (photographed(phone, dice),))),
            phone.sealed(play.draft(phone, (photographed(phone, dice),))),
            phone.sealed(play.draft(phone, ())),
        ]
        road.meddle(name)
        await unharmed(phone, entries)
        await unharmed(phone, entries)
        assert is_home(phone, entries) or not MEDDLINGS[name].at_once
        road.meddle("")
        for _ in range(3):
            await unharmed(phone, entries)
        assert is_home(phone, entries)
        for entry in entries:
            assert road.count_arrivals(entry) == 1
            for photo in entry.report.photos:
                assert road.bureau.photo(photo.sha256) == phone.album.read(photo.sha256)


@pytest.mark.parametrize("part", range(PARTS))
async def test_whatever_a_proxy_does_all_arrives_once(roads: list[Road], part: int) -> None:
    names = iter(list(MEDDLINGS)[part::PARTS])
    faults: list[str] = []

    async def travelled(road: Road) -> None:
        """Rows one after the other: most of their time is waiting for the bureau."""
        for name in names:
            try:
                await all_arrives_once(road, name)
            except Exception as error:
                faults.append(f"{name}: {error!r}")

    await asyncio.gather(*map(travelled, roads))
    assert faults == []
