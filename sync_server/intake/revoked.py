"""What a revoked phone may still do: have put aside what was sealed before it heard of its end."""

from collections.abc import Sequence
from datetime import datetime

from sync_server.intake.validate import RefusedArrival, ValidArrival
from sync_server.store import arrivals, case_events
from sync_server.store.case_events import AuditEntry
from sync_server.store.engine import Tx

CODE = "phone_revoked"
# A fortnight without network is 500 reports (DOMAIN): four times that, and nobody fills our disk
# with a token that was found.
MOST, HEAVIEST, LARGEST = 2_000, 8 * 1024 * 1024, 64 * 1024


def keep_from_revoked(
    tx: Tx, device: str, brought: Sequence[ValidArrival | RefusedArrival], now: datetime
) -> tuple[str, ...]:
    """The digests of those that are here for good: recorded before, from whichever phone, or in
    quarantine from this one, before or by now. What goes beyond the limits is not among them."""
    things = {_digest(one): one for one in brought}
    tx.claim(f"farewell/{device}")
    lie = arrivals.lying(tx, device)
    here = things.keys() & ({digest for digest, _, _ in lie} | _recorded(tx, list(things.values())))
    ours = [size for _, code, size in lie if code == CODE]
    fitting = _fitting({name: things[name].raw for name in things if name not in here}, ours)
    new = [{"digest": name, "device": device, "code": CODE, "raw": raw} for name, raw in fitting]
    arrivals.set_aside(tx, new, now)
    if new:
        case_events.note(tx, AuditEntry(now, "phone", "put_aside", device))
    taken = here | {name for name, _ in fitting}
    return tuple(digest for digest in things if digest in taken)


def _fitting(raws: dict[str, bytes], lie: Sequence[int]) -> list[tuple[str, bytes]]:
    """Those for which there is room beside what lies there with these sizes."""
    many, heavy, fitting = len(lie), sum(lie), []
    for name, raw in raws.items():
        if len(raw) <= LARGEST and many < MOST and heavy + len(raw) <= HEAVIEST:
            many, heavy = many + 1, heavy + len(raw)
            fitting.append((name, raw))
    return fitting


def _recorded(tx: Tx, things: Sequence[ValidArrival | RefusedArrival]) -> set[str]:
    ids = {one.id if isinstance(one, ValidArrival) else str(one.refusal.id) for one in things}
    return {row.digest for row in arrivals.about(tx, ids - {"None"})}


def _digest(one: ValidArrival | RefusedArrival) -> str:
    return one.digest if isinstance(one, ValidArrival) else one.refusal.digest
