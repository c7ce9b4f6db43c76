"""What the console reads of one record: its arrivals and neighbourhood."""

from collections.abc import Sequence

from sqlalchemy import select

from sync_server.store.engine import Tx
from sync_server.store.inbox import Found
from sync_server.store.schema import (
    arrivals,
    compounds,
)


def arrivals_of(tx: Tx, id: str) -> Sequence[Found]:
    """Everything that came under this id, in order."""
    wanted = select(arrivals).where(arrivals.c.bureau == tx.bureau, arrivals.c.id == id)
    return tx.run(wanted.order_by(arrivals.c.received_at, arrivals.c.number)).all()


def compounds_near(tx: Tx, lat: float, lon: float, degrees: float) -> Sequence[Found]:
    """Compounds whose point lies in a box of ± `degrees` around."""
    return tx.run(
        select(compounds.c.compound, compounds.c.name, compounds.c.lat, compounds.c.lon).where(
            compounds.c.bureau == tx.bureau,
            compounds.c.lat.between(lat - degrees, lat + degrees),
            compounds.c.lon.between(lon - degrees, lon + degrees),
        )
    ).all()
