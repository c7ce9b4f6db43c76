"""Writes what waits in the outbox into a file for the bureau, for a phone that cannot call it."""

from base64 import b64decode
from collections.abc import Callable, Sequence

import fieldapp
from contract import unsent_file, wire
from contract.unsent_file import UnsentParcels
from fieldapp.courier.trip_ports import TripPorts
from fieldapp.device import access_token
from fieldapp.ports import Cipher, KeyAgreement, Refused
from fieldapp.ports.background import in_background
from fieldapp.report.entry import UNDO
from fieldapp.report.parcel import Parcel


async def write(
    ports: TripPorts, agreement: KeyAgreement, cipher: Callable[[bytes], Cipher]
) -> bytes:
    """The file's bytes; `cipher` is made of a key. What is in it waits on as before. Raises Refused
    (not_enrolled, no_bureau_key, safe_shut, nothing_unsent) or StorageFailure."""
    identity = await in_background(ports.memory.identity)
    token = await access_token.load(ports.safe, identity.device) if identity else None
    if not token:
        raise Refused("not_enrolled")
    bureau = b64decode(await in_background(ports.memory.bureau_key))
    parcels = await in_background(_unsent, ports)
    if not parcels:
        raise Refused("nothing_unsent")
    point, shared = await agreement.agree(bureau)
    content = wire.encode(
        UnsentParcels(
            token=token,
            app=fieldapp.__version__,
            arrivals=tuple(wire.parse_json(parcel.raw) for parcel in parcels),
        )
    )
    key = unsent_file.key_of(shared, point, bureau)
    sealed = await in_background(cipher(key).seal, content, unsent_file.PLACE)
    return unsent_file.packed(point, sealed)


def _unsent(ports: TripPorts) -> Sequence[Parcel]:
    """Those that may no longer be undone."""
    before = ports.clock.now() - UNDO
    return ports.notebook.outbox(before, unsent_file.MOST_PARCELS)
