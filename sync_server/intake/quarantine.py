"""`python -m sync_server quarantine`: lists what is in quarantine, or shows one item of it."""

import sys
from datetime import UTC, datetime

from contract import wire
from sync_server.settings import Settings
from sync_server.store import arrivals, audit_log, devices
from sync_server.store.audit_log import TECHNICIAN, AuditEntry
from sync_server.store.engine import Store
from sync_server.store.sealing import with_key


def command(settings: Settings, digest: str) -> int:
    """Lists what is in quarantine: when, from which post's phone, why and what. With a digest it
    writes that item to stdout as text without control characters, and notes in the audit log that
    it did."""
    with with_key(Store.open(settings.database, settings.bureau), settings.key_file) as store:
        return _show(store, digest) if digest else _list(store)


def _list(store: Store) -> int:
    with store.reading() as tx:
        rows = arrivals.quarantined(tx)
        posts = devices.owners(tx, {row.device for row in rows})
        for row in rows:
            at, raw = f"{row.received_at:%Y-%m-%d %H:%M}", arrivals.sent_bytes(tx, row)
            post = posts.get(row.device, "?")
            print(at, post, row.device, row.code, _kind(raw), f"{len(raw)} B", row.digest)
    print(f"共 {len(rows)} 件 / {len(rows)} in all", file=sys.stderr)
    return 0


def _show(store: Store, digest: str) -> int:
    with store.writing() as tx:
        rows = arrivals.quarantined(tx, digest)
        raw = arrivals.sent_bytes(tx, rows[0]) if rows else b""
        if rows:
            noted = AuditEntry(datetime.now(UTC), TECHNICIAN, "read_quarantine", digest)
            audit_log.note(tx, noted)
    if not rows:
        print(f"没有这一件 / nothing under {digest!r}", file=sys.stderr)
        return 1
    sys.stdout.buffer.write(_printable(raw).encode() + b"\n")
    return 0


def _printable(raw: bytes) -> str:
    """The text of these bytes, with \\xNN for each byte of what a terminal would not just print:
    control characters steer it, and invisible ones reorder what is read."""
    text = raw.decode(errors="surrogateescape")
    return "".join(c if c.isprintable() else _escaped(c) for c in text)


def _escaped(c: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in c.encode(errors="surrogateescape"))


def _kind(raw: bytes) -> str:
    """The kind that the item itself names; "?" if it cannot be read."""
    try:
        thing = wire.parse_json(raw)
    except (wire.Unreadable, ValueError):
        return "?"
    kind = thing.get("kind") if isinstance(thing, dict) else None
    return kind if isinstance(kind, str) and kind.isidentifier() else "?"
