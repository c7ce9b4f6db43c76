"""What the console shows of one record besides itself: its arrivals, and compounds nearby."""

from collections.abc import Sequence

from sqlalchemy import select

from sync_server.store.engine import DatabaseRow, Tx
from sync_server.store.readable import ReadRow, readable_rows
from sync_server.store.schema import (
    arrivals,
    compounds,
)


def arrivals_of(tx: Tx, id: str) -> Sequence[ReadRow]:
    """All arrivals with this id, in the order in which they were received; `number` of one that
    cannot be read."""
    wanted = select(arrivals).where(arrivals.c.bureau == tx.bureau, arrivals.c.id == id)
    ordered = wanted.order_by(arrivals.c.received_at, arrivals.c.number)
    return readable_rows(tx, ordered, (arrivals.c.number,))


def compounds_near(tx: Tx, lat: float, lon: float, degrees: float) -> Sequence[DatabaseRow]:
    """Compounds whose point is within ± `degrees` of latitude and longitude: `compound`, `name`,
    `lat`, `lon`."""
    return tx.run(
        select(compounds.c.compound, compounds.c.name, compounds.c.lat, compounds.c.lon).where(
            compounds.c.bureau == tx.bureau,
            compounds.c.lat.between(lat - degrees, lat + degrees),
            compounds.c.lon.between(lon - degrees, lon + degrees),
        )
    ).all()
