"""The compounds that phones pick from, read once for each grid until somebody changes them."""

from contract.reference import Places
from sync_server.store import places
from sync_server.store.engine import Tx


class Ground:
    """In this process's memory; every change of the ground gets a new stamp in the database."""

    def __init__(self) -> None:
        self._held: dict[str | None, tuple[int, Places]] = {}

    def stamp(self, tx: Tx) -> int:
        """Which state of the ground the database holds."""
        return places.stamp(tx)

    def of(self, tx: Tx, grid: str | None, stamp: int) -> Places:
        """What a phone of this grid is sent."""
        held = self._held.get(grid)
        if held is None or held[0] != stamp:
            held = self._held[grid] = (stamp, places.for_phone(tx, grid))
        return held[1]
