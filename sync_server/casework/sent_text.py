"""What a phone sent, word for word, for one who has a reason to see it (rule L2)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from contract import wire
from contract.rules import MOST_NOTE
from contract.screening import personal_spans
from contract.visible_text import has_visible
from sync_server.domain.roles import Permission, Staff, permissions
from sync_server.problems import BadDecision, NotAllowed
from sync_server.store import arrivals, audit_log
from sync_server.store.arrival_key import NotOpened
from sync_server.store.audit_log import AuditEntry
from sync_server.store.engine import DatabaseRow, Store, Tx

UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class SentText:
    """The receipt number, or the digest of what lies in quarantine; and each text with the field
    in which it stands."""

    name: str
    texts: tuple[tuple[str, str], ...]


def open_sent(store: Store, staff: Staff, name: str, reason: str, now: datetime) -> SentText:
    """Opens one arrival, by its receipt number, or one item of the quarantine, by its digest; the
    audit row with the reason is written first. One at a time: many would be an export, which
    takes two people (rule L10).

    Raises NotAllowed, and BadDecision for a reason that says nothing, is too long or names
    somebody; and for a name that nothing has.
    """
    if Permission.OPEN_ARRIVALS not in permissions(staff.role):
        raise NotAllowed
    if not has_visible(reason):
        raise BadDecision("why_needed")
    if len(reason) > MOST_NOTE:
        raise BadDecision("comment_too_long")
    if spans := personal_spans(reason):
        raise BadDecision("personal_data", tuple((span.start, span.end) for span in spans))
    with store.writing() as tx:
        row, subject = _found(tx, name)
        if row is None:
            raise BadDecision("nothing_sent")
        audit_log.note(tx, AuditEntry(now, staff.staff, "open_sent", subject, reason))
        return SentText(name, tuple(_texts(tx, row)))


def _found(tx: Tx, name: str) -> tuple[DatabaseRow | None, str]:
    """The row, and what the audit log calls it."""
    if row := arrivals.numbered(tx, name):
        return row, f"{row.id} {row.number}"
    return next(iter(arrivals.quarantined(tx, name) if name else ()), None), name


def _texts(tx: Tx, row: DatabaseRow) -> Iterator[tuple[str, str]]:
    try:
        raw = arrivals.sent_bytes(tx, row)
    except NotOpened:
        return iter([(UNREADABLE, "")])
    try:
        return _leaves("", wire.parse_json(raw))
    except (wire.Unreadable, ValueError):
        return iter([(UNREADABLE, raw.decode(errors="replace"))])


def _leaves(path: str, thing: Any) -> Iterator[tuple[str, str]]:
    if isinstance(thing, dict):
        for name, one in thing.items():
            yield from _leaves(f"{path}.{name}" if path else name, one)
    elif isinstance(thing, list):
        for n, one in enumerate(thing):
            yield from _leaves(f"{path}.{n}", one)
    elif thing not in (None, ""):
        yield path, str(thing)
