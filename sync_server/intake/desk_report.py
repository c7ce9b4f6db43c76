"""A complaint becomes a lead: as a report of the bureau's own desk, received like any other, so
that it has its receipt, its place in a ledger and its case."""

from datetime import datetime, time
from uuid import NAMESPACE_URL, uuid5

from contract import wire
from contract.address import parse
from contract.place import Place
from contract.protocol import GENESIS, ArrivalKind, Receipt
from contract.report import Report
from contract.rules import MOST_LANDMARK, MOST_NOTE
from contract.zone import ZONE
from sync_server.accounts.phones import Phone
from sync_server.domain.desk import desk_of
from sync_server.domain.roles import Staff
from sync_server.intake.receive import CallArrivals, receive
from sync_server.intake.validate import RefusedArrival, validate
from sync_server.problems import BadEntry
from sync_server.store import devices, places
from sync_server.store.engine import DatabaseRow, Store, Tx

SIGN = "COMPLAINT_REF"  # of the code list `sign`: that there is a complaint
NOON = time(12, tzinfo=ZONE)


def receive_complaint(
    store: Store, staff: Staff, complaint: DatabaseRow, venue: str, now: datetime
) -> Receipt:
    """The receipt of the lead made of this complaint; of one that was made before, the same lead.
    Raises BadEntry for what no report may say."""
    with store.writing() as tx:
        phone = _desk(tx, staff, now)
        report = _report(tx, phone, complaint, venue)
    thing = {"kind": ArrivalKind.REPORT.value, "body": wire.to_terse_json(report)}
    valid = validate(thing, phone.author)
    if isinstance(valid, RefusedArrival):
        raise BadEntry({flaw.field.split(".")[-1]: (flaw.code, ()) for flaw in valid.refusal.flaws})
    came = receive(store, CallArrivals(phone, 0, now, [valid]))
    if not came.receipts:
        raise BadEntry({"venue": ("not_recorded", ())})
    return came.receipts[0]


def _desk(tx: Tx, staff: Staff, now: datetime) -> Phone:
    """The desk of this duty post, which is there from its first complaint on. Its token is no
    digest of any: no phone can call in its name."""
    device = desk_of(staff.staff)
    tx.claim(f"device/{device}")
    if not devices.owners(tx, [device]):
        row = {"device": device, "staff": staff.staff, "token": f"{tx.bureau}/{device}"}
        devices.add(tx, **row, hash=GENESIS, enrolled_at=now)
    return Phone(device, staff.staff, None, None, 0, GENESIS)


def _report(tx: Tx, phone: Phone, complaint: DatabaseRow, venue: str) -> Report:
    """Always the same for one complaint and post: made twice, it is one lead."""
    return Report(
        id=uuid5(NAMESPACE_URL, f"{tx.bureau}/{complaint.complaint}"),
        revision=1,
        device=phone.device,
        author=phone.author,
        seen_at=datetime.combine(complaint.came, NOON),
        sealed_at=complaint.taken_at,
        place=_place(tx, complaint, venue),
        signs=(SIGN,),
        note=complaint.text[:MOST_NOTE],
    )


def _place(tx: Tx, complaint: DatabaseRow, venue: str) -> Place:
    row = places.compound(tx, complaint.compound) if complaint.compound else None
    if row is None:
        return Place(landmark=complaint.address[:MOST_LANDMARK], venue=venue)
    read = parse(complaint.address)
    elsewhere = bool(read.rest)  # 3号楼对面 is not the building
    return Place(
        community=row.community,
        grid=row.grid,
        compound=row.compound,
        compound_name=row.name,
        building=None if elsewhere else complaint.building,
        unit=None if elsewhere else read.door.unit,
        landmark=complaint.address[:MOST_LANDMARK] if elsewhere else "",
        venue=venue,
    )
