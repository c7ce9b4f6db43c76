"""Who else has a record open at this moment, in words: a role, never a person."""

from collections import Counter
from datetime import datetime

from sync_server.console.words import Wording
from sync_server.domain.roles import Staff
from sync_server.store import open_pages
from sync_server.store.engine import Store, Tx


def others(tx: Tx, record: str, staff: Staff, now: datetime, wording: Wording) -> str:
    """The roles of the other duty posts that have it open; "" for none."""
    found = Counter(open_pages.roles_of_others(tx, record, staff.staff, now))
    each = [_role(role, n, wording) for role, n in found.items()]
    return wording.say("viewers.now", who=wording.say("join.list").join(each)) if each else ""


def _role(role: str, n: int, wording: Wording) -> str:
    word = wording.word("role", role)
    return word if n == 1 else wording.say("viewers.many", role=word, n=n)


def note_looking(store: Store, record: str, staff: Staff, now: datetime) -> None:
    """This duty post has the record open. No audit row: that it was opened has one already."""
    with store.writing() as tx:
        open_pages.note_open(tx, record, staff.staff, staff.role.value, now)
