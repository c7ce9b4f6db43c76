"""What a revoked phone may still do: hand over what it sealed before it heard of that.

It is quarantined, not recorded.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from contract.protocol import MAX_ARRIVAL_BYTES
from sync_server.intake.validate import RefusedArrival, ValidArrival
from sync_server.store import arrivals, audit_log, devices, photos
from sync_server.store.audit_log import AuditEntry
from sync_server.store.engine import Tx

CODE = "phone_revoked"
# Number, and bytes of all. Two weeks without network are 500 reports: four times that is
# kept, and still nobody can fill the disk with the token of a lost phone.
MOST, HEAVIEST = 2_000, 8 * 1024 * 1024


def keep_from_revoked(
    tx: Tx, device: str, sent: Sequence[ValidArrival | RefusedArrival], now: datetime
) -> tuple[str, ...]:
    """Quarantines what this phone sent, within the limits. Returns the digests of what the bureau
    now has for good: recorded before, from whichever phone, or in quarantine from this one."""
    by_digest = {_digest(one): one for one in sent}
    tx.claim(f"farewell/{device}")
    quarantined = arrivals.quarantined_from(tx, device)
    recorded = _recorded(tx, list(by_digest.values()))
    here = by_digest.keys() & ({digest for digest, _, _ in quarantined} | recorded)
    used = [size for _, code, size in quarantined if code == CODE]
    fitting = _fitting({name: one.raw for name, one in by_digest.items() if name not in here}, used)
    new = [{"digest": name, "device": device, "code": CODE, "raw": raw} for name, raw in fitting]
    arrivals.add_to_quarantine(tx, new, now)
    if new:
        audit_log.note(tx, AuditEntry(now, "phone", "put_aside", device))
    taken = here | {name for name, _ in fitting}
    return tuple(digest for digest in by_digest if digest in taken)


def awaited_photos(tx: Tx, device: str, asked: Collection[str]) -> set[str]:
    """Which of these photos recorded reports of this phone's duty post name."""
    author = devices.owners(tx, [device]).get(device, "")
    return {sha256 for _, sha256 in photos.named_by(tx, [author], asked)}


def _fitting(raws: dict[str, bytes], used: Sequence[int]) -> list[tuple[str, bytes]]:
    """The items that fit within the limits beside those already kept, whose sizes are `used`."""
    number, total, fitting = len(used), sum(used), []
    for name, raw in raws.items():
        if len(raw) <= MAX_ARRIVAL_BYTES and number < MOST and total + len(raw) <= HEAVIEST:
            number, total = number + 1, total + len(raw)
            fitting.append((name, raw))
    return fitting


def _recorded(tx: Tx, sent: Sequence[ValidArrival | RefusedArrival]) -> set[str]:
    """The digests of all arrivals that are recorded under the ids of these."""
    ids = {one.id if isinstance(one, ValidArrival) else str(one.refusal.id) for one in sent}
    return {row.digest for row in arrivals.by_id(tx, ids - {"None"})}


def _digest(one: ValidArrival | RefusedArrival) -> str:
    return one.digest if isinstance(one, ValidArrival) else one.refusal.digest
