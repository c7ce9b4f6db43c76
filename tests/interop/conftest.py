"""The real server in a process of its own, and a phone's token for clients of other makers."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from contract.protocol import EnrolmentRequest
from demo.programs import Program, reachable
from sync_server.accounts import phones
from sync_server.importing.seed import seed
from sync_server.settings import Settings
from sync_server.store.engine import Store
from sync_server.store.photo_folder import PhotoFolder
from tests.journeys.conftest import COUNTY, free_port


@dataclass(frozen=True, slots=True)
class Room:
    """The photo room as another client sees it, and what it holds from behind."""

    settings: Settings
    token: str
    file: Path

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.settings.port}/v1/photos/"

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    @property
    def digest(self) -> str:
        return sha256(self.file.read_bytes()).hexdigest()

    def holds_it(self) -> bool:
        """Whether the file has become a photo, byte for byte."""
        folder = PhotoFolder(self.settings.photos, self.settings.bureau)
        return folder.holds(self.digest) and folder.read(self.digest) == self.file.read_bytes()


def a_photo() -> bytes:
    """A JPEG of about 300 KB, another one each time."""
    out = BytesIO()
    Image.effect_noise((900, 700), 60).save(out, "JPEG", quality=70)
    assert 250_000 < out.tell() < 350_000
    return out.getvalue()


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """A server that runs while the tests of one client do."""
    folder = tmp_path_factory.mktemp("bureau")
    database = f"sqlite:///{folder}/bureau.db"
    settings = Settings(database=database, photos=folder / "photos", port=free_port())
    store = Store.open(settings.database, settings.bureau)
    seed(store, COUNTY, {})
    store.close()
    with Program.server(settings) as server:
        reachable(settings.port, server)
        yield settings


@pytest.fixture
def room(settings: Settings, tmp_path: Path) -> Room:
    """A phone and a photo of its own for each test."""
    store, now = Store.open(settings.database, settings.bureau), datetime.now(UTC)
    with store.writing() as tx:
        code = phones.new_code(tx, "wg0301", now, 600)
    token = phones.enrol(store, EnrolmentRequest(code=code), now).token
    store.close()
    (tmp_path / "photo.jpg").write_bytes(a_photo())
    return Room(settings, token, tmp_path / "photo.jpg")
