"""A case officer adds floor and room to a record of a home, sees them with a reason, corrects,
removes and purges them (rule L4); each is an audit row (rule L11)."""

from dataclasses import asdict, dataclass
from datetime import datetime

from contract import wire
from contract.cases import CLOSED
from sync_server.domain.roles import Permission, Staff, permissions
from sync_server.domain.rooms import HOME, HomeRoom, room_flaws, why_flaw
from sync_server.domain.screened_text import TextFlaw
from sync_server.problems import BadEntry, NotAllowed, NotFound, StateChanged
from sync_server.store import audit_log, records, rooms
from sync_server.store.arrival_key import NotOpened
from sync_server.store.audit_log import AuditEntry
from sync_server.store.engine import DatabaseRow, Store, Tx

WHY = "why"  # the field of the reason


@dataclass(frozen=True, slots=True)
class SeenRoom:
    """The record, the number of the last sealed row that somebody looked at (0 for none), and the
    reason for what they do."""

    record: str
    last: int
    why: str


@dataclass(frozen=True, slots=True)
class RoomState:
    """What may be said of a room without opening it. `is_sealed`: there is something to open, which
    may be a removal. `may_add`: its case is open."""

    last: int
    is_sealed: bool
    may_add: bool
    at: datetime | None = None
    why: str = ""


def room_state(tx: Tx, row: DatabaseRow) -> RoomState | None:
    """Where the room of a record stands; None for one that is of no home, unless something was
    sealed while it was: elsewhere a worker may write floor and room down."""
    kept, is_home = rooms.of_record(tx, row.id), _venue(row) == HOME
    if not kept and not is_home:
        return None
    may_add = is_home and row.state not in CLOSED and row.withdrawn_at is None
    if not kept:
        return RoomState(0, False, may_add)
    last = kept[-1]
    return RoomState(last.n, last.sealed is not None, may_add, last.at, last.reason)


def _venue(row: DatabaseRow) -> object:
    body = row.body if isinstance(row.body, dict) else {}
    place = body.get("place")
    return place.get("venue") if isinstance(place, dict) else None


def keep_room(store: Store, staff: Staff, seen: SeenRoom, room: HomeRoom, now: datetime) -> None:
    """Adds floor and room, or others in their place. Raises NotAllowed, NotFound, BadEntry for what
    cannot be kept, and StateChanged if the case was closed or somebody else was first."""
    flaws = dict(room_flaws(room)) | _flaws_of_reason(seen.why)
    _check(staff, flaws)
    with store.writing() as tx:
        if not _held(tx, seen).may_add:
            raise StateChanged
        _add(tx, staff, seen, room, ("keep_room", now))


def remove_room(store: Store, staff: Staff, seen: SeenRoom, now: datetime) -> None:
    """Says that there is no room (any more); what was kept before stays sealed until it is purged.
    Raises as `keep_room` does; a closed case is no hindrance."""
    _check(staff, _flaws_of_reason(seen.why))
    with store.writing() as tx:
        if not _held(tx, seen).is_sealed:
            raise StateChanged
        _add(tx, staff, seen, HomeRoom(), ("remove_room", now))


def purge_room(store: Store, staff: Staff, seen: SeenRoom, now: datetime) -> None:
    """Destroys all that was ever sealed of this record. Raises as `remove_room` does."""
    _check(staff, _flaws_of_reason(seen.why))
    with store.writing() as tx:
        _held(tx, seen)
        if not rooms.purge(tx, seen.record):
            raise StateChanged
        audit_log.note(tx, AuditEntry(now, staff.staff, "purge_room", seen.record, seen.why))


def view_room(
    store: Store, staff: Staff, seen: SeenRoom, now: datetime, what: str = "view_room"
) -> HomeRoom | None:
    """Floor and room, after the audit row that says who looks and why; None where there is nothing
    to open, or what is kept does not open. `what`: of the audit row. Raises NotAllowed, NotFound,
    BadEntry, and StateChanged if it is another one than was looked at."""
    _check(staff, _flaws_of_reason(seen.why))
    with store.writing() as tx:
        _held(tx, seen)
        audit_log.note(tx, AuditEntry(now, staff.staff, what, seen.record, seen.why))
        kept = rooms.of_record(tx, seen.record)
        try:
            return HomeRoom(**wire.parse_json(rooms.opened(tx, kept[-1]))) if kept else None
        except (NotOpened, ValueError, TypeError):
            return None


def _check(staff: Staff, flaws: dict[str, TextFlaw]) -> None:
    if Permission.SEE_ROOMS not in permissions(staff.role):
        raise NotAllowed
    if flaws:
        raise BadEntry({name: (flaw.code, flaw.spans) for name, flaw in flaws.items()})


def _flaws_of_reason(why: str) -> dict[str, TextFlaw]:
    flaw = why_flaw(why)
    return {WHY: flaw} if flaw else {}


def _state(tx: Tx, record: str) -> RoomState:
    row = records.one(tx, record)
    state = room_state(tx, row) if row is not None else None
    if state is None:
        raise NotFound
    return state


def _held(tx: Tx, seen: SeenRoom) -> RoomState:
    """The room as it was looked at, and claimed. Raises NotFound, StateChanged."""
    tx.claim(f"record/{seen.record}")
    state = _state(tx, seen.record)
    if state.last != seen.last:
        raise StateChanged
    return state


def _add(tx: Tx, staff: Staff, seen: SeenRoom, room: HomeRoom, noted: tuple[str, datetime]) -> None:
    what, now = noted
    plain = wire.canonical(asdict(room))
    rooms.add(tx, seen.record, plain, seen.why, (staff.staff, now))
    audit_log.note(tx, AuditEntry(now, staff.staff, what, seen.record, seen.why))
