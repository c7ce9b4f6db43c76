"""A bureau of its own for each test, on both engines, and a running server on request."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from sync_server.settings import Settings
from sync_server.store.photo_folder import PhotoFolder
from tests.postgres import postgres, postgres_database  # noqa: F401 - fixtures
from tests.sync_server.bureau import Bureau
from tests.sync_server.photographs import Sender
from tests.sync_server.serving import Server, serving

_codes = count(1)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Another bureau code each time, so that on PostgreSQL all tests share one database."""
    database = f"sqlite:///{tmp_path}/bureau.db"
    if request.param == "postgres":
        database = request.getfixturevalue("postgres")
    return Settings(database=database, photos=tmp_path / "photos", bureau=f"{next(_codes):04d}")


@pytest.fixture
def bureau(settings: Settings) -> Iterator[Bureau]:
    """A county with duty posts, and no server."""
    found = Bureau.open(settings)
    yield found
    found.store.close()


@pytest.fixture
def server(bureau: Bureau) -> Iterator[Server]:
    """The whole program of this bureau, on a port of this machine."""
    with serving(bureau.settings) as running:
        yield running


@pytest.fixture
def sender(server: Server, bureau: Bureau) -> Sender:
    """A phone that sends photos."""
    return Sender(server, bureau.enrol())


@pytest.fixture
def folder(bureau: Bureau) -> PhotoFolder:
    """Where the bureau's photos lie."""
    return PhotoFolder(bureau.settings.photos, bureau.settings.bureau)
