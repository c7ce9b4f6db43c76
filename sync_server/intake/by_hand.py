"""Takes in a file with what a phone has not sent, as if the phone had called."""

from dataclasses import dataclass
from datetime import datetime

from contract import wire
from contract.protocol import Outcome
from contract.unsent_file import MOST_PARCELS, NotSuchAFile, UnsentParcels
from sync_server.accounts import bureau_key, phones
from sync_server.accounts.phones import Phone
from sync_server.intake.receive import CallArrivals, receive
from sync_server.intake.revoked import keep_from_revoked
from sync_server.intake.validate import validate
from sync_server.problems import Problem, TokenRevoked
from sync_server.settings import UNBOUNDED
from sync_server.store import audit_log
from sync_server.store.audit_log import AuditEntry
from sync_server.store.engine import Store


@dataclass(frozen=True, slots=True)
class TakenIn:
    """How many parcels of a file are new here, were here already, and went into quarantine."""

    new: int = 0
    held: int = 0
    aside: int = 0


def take_in(store: Store, file: bytes, staff: str, now: datetime) -> TakenIn:
    """All of it or nothing; the same file again changes nothing. Its phone's quota of the day does
    not count: a person has brought it. Raises NotSuchAFile, and NotSignedIn for a phone that this
    bureau does not know. Blocks."""
    with store.reading() as tx:
        content = bureau_key.opened(tx, file)
        told = _read(content)
        [caller] = phones.phones_of(tx, [f"Bearer {told.token}"])
    taken = _received(store, told, caller, now)
    with store.writing() as tx:
        subject = caller.device if isinstance(caller, Phone | TokenRevoked) else ""
        audit_log.note(tx, AuditEntry(now, staff, "take_in_file", subject or ""))
    return taken


def _read(content: bytes) -> UnsentParcels:
    try:
        told = wire.decode(UnsentParcels, content)
    except wire.Unreadable as error:
        raise NotSuchAFile from error
    if len(told.arrivals) > MOST_PARCELS:
        raise NotSuchAFile
    return told


def _received(store: Store, told: UnsentParcels, caller: Phone | Problem, now: datetime) -> TakenIn:
    if isinstance(caller, TokenRevoked) and caller.device:
        sent = [validate(thing, "") for thing in told.arrivals]
        with store.writing() as tx:
            return TakenIn(aside=len(keep_from_revoked(tx, caller.device, sent, now)))
    if isinstance(caller, Problem):
        raise caller
    arrivals = [validate(thing, caller.author) for thing in told.arrivals]
    skew = 0  # nobody knows how the phone's clock stands now
    result = receive(store, CallArrivals(caller, skew, now, arrivals, told.app), UNBOUNDED)
    held = sum(receipt.outcome is Outcome.HELD for receipt in result.receipts)
    return TakenIn(len(result.receipts) - held, held, len(result.refusals))
