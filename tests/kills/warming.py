"""Runs both programs once in the parent, so that no child spends its short life on first times."""

import asyncio
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import httpx

from demo.pocket import Pocket
from demo.stage import WORKER
from fieldapp.adapters.httpx_link import HttpxLink
from fieldapp.device.access_token import StoredCredentials
from sync_server.accounts.phones import new_code
from sync_server.app import build_app
from sync_server.importing.seed import seed
from sync_server.settings import Settings
from sync_server.store.engine import Store
from tests.kills import lives

COUNTY = Path(__file__).parent.parent.parent / "demo/county.json"
PATIENCE_S = 10


def warm(folder: Path) -> None:
    """On return this process has one thread again: only such a one may be forked."""
    settings = Settings(database=f"sqlite:///{folder}/warm.db", photos=folder / "warm")
    delivered(settings, folder / "warm-phone")
    deadline = time.monotonic() + PATIENCE_S
    while threading.active_count() > 1:
        if time.monotonic() > deadline:
            raise RuntimeError(f"threads are left: {threading.enumerate()}")
        time.sleep(0.01)


def delivered(settings: Settings, folder: Path) -> list[str]:
    """A new bureau and a new phone, and one report with a picture brought from here to there;
    returns what the phone said of its sealing."""
    store = Store.open(settings.database, settings.bureau)
    seed(store, COUNTY, {})
    with store.writing() as tx:
        code = new_code(tx, WORKER, datetime.now(UTC), 3600)
    store.close()
    return asyncio.run(_delivered(settings, folder, code))


async def _delivered(settings: Settings, folder: Path, code: str) -> list[str]:
    lines: list[str] = []
    app = build_app(settings)
    async with app.router.lifespan_context(app), Pocket(folder) as phone:
        source = StoredCredentials(phone.memory, phone.safe)
        link = HttpxLink(source, httpx.ASGITransport(app))
        courier = phone.courier_over(link)
        await courier.enrol(code, "warm", "http://127.0.0.1")
        await courier.round()
        lives.seal(phone, lines.append, pictures=1)
        if why := (await courier.round()).why:
            raise RuntimeError(why)
        await link.close()
    return lines
