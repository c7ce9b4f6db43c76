"""The field app for browsers, built once, and a bureau that serves it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from browser_app import assemble
from sync_server.importing.seed import seed
from sync_server.settings import Settings
from sync_server.store.engine import Store
from tests.journeys.conftest import COUNTY, PASSWORD, Bureau, free_port

BUILT = Path(__file__).parents[2] / "build/app-for-tests"


@pytest.fixture(scope="session")
def built() -> Path:
    """The app as `make run` builds it; built anew only where a source is newer."""
    BUILT.parent.mkdir(exist_ok=True)
    with FileLock(BUILT.with_suffix(".lock")):  # several workers of pytest may want it at once
        if not assemble.is_current(BUILT):
            assemble.build(BUILT, quick=True)
    return BUILT


@pytest.fixture
def bureau(built: Path, tmp_path: Path) -> Iterator[Bureau]:
    """Seeded; its server is started by the test."""
    settings = Settings(
        database=f"sqlite:///{tmp_path}/bureau.db",
        photos=tmp_path / "photos",
        port=free_port(),
        field_app=built,
        hold_s=0,
    )
    store = Store.open(settings.database, settings.bureau)
    seed(store, COUNTY, {"shenhe1": PASSWORD})
    yield Bureau(settings, store)
    store.close()
