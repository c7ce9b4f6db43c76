"""The bureau's server for a campaign of kills: forked, on a door that its parent holds open."""

import socket
from datetime import UTC, datetime
from pathlib import Path

import uvicorn

from demo.stage import WORKER
from sync_server.accounts.phones import new_code
from sync_server.app import build_app
from sync_server.importing.seed import seed
from sync_server.settings import UNBOUNDED, Limits, Settings
from sync_server.store.engine import Store
from tests.kills.forking import Child, Say
from tests.kills.warming import COUNTY


class Bureau:
    """One bureau that outlives its servers. While none lives, callers wait at the door: the parent
    holds the listening socket."""

    def __init__(self, folder: Path, database: str | None = None) -> None:
        database = database or f"sqlite:///{folder}/bureau.db"
        self.settings = Settings(database, folder / "photos", limits=Limits(daily=UNBOUNDED))
        self._door = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.address = f"http://127.0.0.1:{self._door.getsockname()[1]}"

    def codes(self, many: int) -> list[str]:
        """Sets the county up and returns one-time codes for its worker's phones."""

        def life(say: Say) -> None:
            store = Store.open(self.settings.database, self.settings.bureau)
            seed(store, COUNTY, {})
            with store.writing() as tx:
                for _ in range(many):
                    say(new_code(tx, WORKER, datetime.now(UTC), 3600))

        return Child.ended(life)

    def server(self) -> Child:
        """A new server; it says `ready` when it begins to answer."""

        def life(say: Say) -> None:
            app = build_app(self.settings)
            config = uvicorn.Config(app, log_level="error", ws="none")
            _Heard(config, say).run(sockets=[self._door])

        return Child(life)


class _Heard(uvicorn.Server):
    """Says `ready` once it accepts: a slow machine's kills would else all fall before that."""

    def __init__(self, config: uvicorn.Config, say: Say) -> None:
        super().__init__(config)
        self._say = say

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._say("ready")
