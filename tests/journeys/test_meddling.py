"""Both real programs with a proxy process between them that meddles with what passes.

While it does, no good report is refused, no photo is spoiled, and no progress is shown that is not
there; all arrives once, at once or when the proxy behaves again.
"""

from collections.abc import Iterator
from dataclasses import dataclass
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
FORGIVEN = {Stage.DELIVERED, Stage.SEALED}


@dataclass(frozen=True, slots=True)
class Between:
    """A bureau behind a proxy, and the file that says what the proxy does."""

    bureau: Bureau
    address: str
    rule: Path

    def count_arrivals(self, entry: Entry) -> int:
        with self.bureau.store.reading() as tx:
            query = select(func.count()).where(arrivals.c.id == str(entry.report.id))
            return int(tx.run(query).scalar_one())


@pytest.fixture(scope="module")
def between(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Between]:
    folder = tmp_path_factory.mktemp("between")
    settings = Settings(
        database=f"sqlite:///{folder}/bureau.db", photos=folder / "photos", port=free_port()
    )
    store = Store.open(settings.database, settings.bureau)
    seed(store, COUNTY, {DESK.staff: PASSWORD})
    rule, port = folder / "rule", free_port()
    rule.write_text("")
    proxy = Program(["tests.journeys.proxy", str(port), str(settings.port), str(rule)])
    with Program.server(settings) as server, proxy:
        reachable(settings.port, server)
        reachable(port, proxy)
        yield Between(Bureau(settings, store), f"http://127.0.0.1:{port}", rule)
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


@pytest.mark.parametrize("name", MEDDLINGS)
async def test_whatever_a_proxy_does_all_arrives_once(
    between: Between, tmp_path: Path, name: str
) -> None:
    dice = Random(name)  # photos, no secrets
    between.rule.write_text("")
    async with Pocket(tmp_path / "phone") as phone:
        await between.bureau.enrolled(phone, between.address)
        entries = [
            phone.sealed(play.draft(phone, (photographed(phone, dice),))),
            phone.sealed(play.draft(phone, (photographed(phone, dice),))),
            phone.sealed(play.draft(phone, ())),
        ]
        between.rule.write_text(name)
        await unharmed(phone, entries)
        await unharmed(phone, entries)
        assert is_home(phone, entries) or not MEDDLINGS[name].at_once
        between.rule.write_text("")
        for _ in range(3):
            await unharmed(phone, entries)
        assert is_home(phone, entries)
        for entry in entries:
            assert between.count_arrivals(entry) == 1
            for photo in entry.report.photos:
                assert between.bureau.photo(photo.sha256) == phone.album.read(photo.sha256)
