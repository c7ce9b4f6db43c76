"""Makes parcel and entry of each other, where damage to the phone's files took one of the two."""

from collections.abc import Collection

from contract import wire
from contract.protocol import ArrivalKind
from contract.report import Report, Withdrawal
from fieldapp.report.entry import Entry, EventKind, Stage
from fieldapp.report.parcel import Parcel

ParcelName = tuple[ArrivalKind, str, int]


def name_of(parcel: Parcel) -> ParcelName:
    """What a parcel is, whatever its bytes."""
    return parcel.kind, parcel.id, parcel.revision


def missing_parcel(entry: Entry, held: Collection[ParcelName]) -> Parcel | None:
    """The parcel that this entry waits for and that is not among those `held`; None if there is
    none. Sealed anew from the same content, under the same revision, it is the same arrival."""
    report = entry.report
    if entry.stage is Stage.SEALED:
        if (ArrivalKind.REPORT, str(report.id), report.revision) in held:
            return None
        at = report.sealed_at or report.seen_at
        return Parcel.of(ArrivalKind.REPORT, report, report.revision, at)
    if entry.stage is Stage.WITHDRAWN and not _is_withdrawal_known(entry, held):
        events = [e.at for e in entry.story if e.what is EventKind.WITHDRAWN]
        taken_back = Withdrawal(
            id=report.id,
            revision=report.revision,
            device=report.device,
            author=report.author,
            at=events[-1] if events else report.seen_at,
        )
        parcel = Parcel.of(ArrivalKind.WITHDRAWAL, taken_back, report.revision, taken_back.at)
        return parcel.changed(patrol=str(report.patrol or ""))
    return None


def entry_in(parcel: Parcel) -> Entry:
    """A sealed entry with the report that a parcel carries: what was answered to it is not known.
    Raises wire.Unreadable."""
    body = wire.parse_json(parcel.raw)["body"]
    return Entry(report=wire.decode(Report, wire.canonical(body)), stage=Stage.SEALED)


def _is_withdrawal_known(entry: Entry, held: Collection[ParcelName]) -> bool:
    receipted = entry.receipt is not None and entry.receipt.kind is ArrivalKind.WITHDRAWAL
    return receipted or any(
        kind is ArrivalKind.WITHDRAWAL and name == str(entry.report.id) for kind, name, _ in held
    )
