"""The console by itself, over a real database and photo folder. SQLite unless a test asks
for both engines: then it is marked with BOTH of `office`."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from shutil import copyfile

import pytest
from fastapi import FastAPI

from sync_server.console import all_pages
from sync_server.photos.thumbnails import ThumbnailMaker
from sync_server.settings import Settings
from sync_server.store.engine import Store
from sync_server.store.photo_folder import PhotoFolder
from sync_server.store.sealing import with_key
from sync_server.store.thumbnail_folder import ThumbnailFolder
from tests.postgres import postgres
from tests.sync_server.console.browser import browser
from tests.sync_server.console.office import Office, set_up

__all__ = ["postgres"]
_codes = count(1)


@pytest.fixture(scope="session")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database that is set up, to be copied."""
    path = tmp_path_factory.mktemp("county") / "bureau.db"
    store = Store.open(f"sqlite:///{path}", "9999")
    set_up(store)
    with store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    store.close()
    return path


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path, county: Path) -> Settings:
    """A bureau's database, set up; on PostgreSQL all tests share one, each under its own code."""
    if getattr(request, "param", "sqlite") == "sqlite":
        copyfile(county, tmp_path / "bureau.db")
        return Settings(f"sqlite:///{tmp_path}/bureau.db", tmp_path / "photos", hold_s=0)
    address = str(request.getfixturevalue("postgres"))
    settings = Settings(address, tmp_path / "photos", f"k{next(_codes):03d}", hold_s=0)
    store = Store.open(address, settings.bureau)
    set_up(store)
    store.close()
    return settings


@pytest.fixture
def office(database: Settings) -> Iterator[Office]:
    store = with_key(Store.open(database.database, database.bureau), database.key_file)
    folder = PhotoFolder(database.photos, database.bureau)
    app = FastAPI()
    thumbnails = ThumbnailMaker(folder, ThumbnailFolder(database.photos, database.bureau))
    app.include_router(all_pages(store, database, thumbnails))
    with browser(app) as client:
        yield Office(store, folder, client)
    store.close()
