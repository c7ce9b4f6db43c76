"""Phrases that a bureau has written in place of the built-in ones; every version is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, insert, select

from sync_server.store.engine import DatabaseRow, Tx
from sync_server.store.schema import phrases


@dataclass(frozen=True, slots=True)
class PhraseVersion:
    """What was written for a slot in a language: phrases with a newline between them, None for the
    built-in ones again; by which duty post, and when."""

    slot: str
    language: str
    text: str | None
    staff: str
    at: datetime


def newest(tx: Tx, language: str) -> Mapping[str, DatabaseRow]:
    """The last version of each slot that was ever changed, by its code."""
    here = and_(phrases.c.bureau == tx.bureau, phrases.c.language == language)
    last = select(phrases.c.slot, func.max(phrases.c.n).label("n")).where(here)
    one = last.group_by(phrases.c.slot).subquery()
    same = and_(phrases.c.slot == one.c.slot, phrases.c.n == one.c.n)
    return {row.slot: row for row in tx.run(select(phrases).join(one, same).where(here))}


def versions(tx: Tx, slot: str, language: str) -> Sequence[DatabaseRow]:
    """All versions of one slot, the newest first."""
    here = and_(phrases.c.bureau == tx.bureau, phrases.c.language == language)
    wanted = select(phrases).where(here, phrases.c.slot == slot)
    return tx.run(wanted.order_by(phrases.c.n.desc())).all()


def add(tx: Tx, version: PhraseVersion, seen: int) -> bool:
    """Keeps another version after number `seen` (0 for none); False if somebody else was first."""
    tx.claim(phrases.name)
    kept = versions(tx, version.slot, version.language)
    if seen != (kept[0].n if kept else 0):
        return False
    row = {"slot": version.slot, "language": version.language, "n": seen + 1}
    row |= {"text": version.text, "staff": version.staff, "at": version.at}
    tx.run(insert(phrases).values(bureau=tx.bureau, **row))
    return True
