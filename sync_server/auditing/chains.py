"""Walks the chains of the database and says in which row the first one does not fit."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from contract.anchor import Anchor, Witness
from contract.wire import Unreadable, validate
from sync_server.store import audit_log, case_events
from sync_server.store.chain import GENESIS, Chain, StoredLink
from sync_server.store.engine import Tx

# By the names that an anchor has for them.
CHAINS: Mapping[str, Chain] = {"audit": audit_log.CHAIN, "cases": case_events.CHAIN}


class FaultCode(StrEnum):
    """What does not fit. MISSING, UNREADABLE, CHANGED, RELINKED are seen in the chain itself, CUT
    and REWRITTEN only by an anchor."""

    MISSING = "missing"
    UNREADABLE = "unreadable"
    CHANGED = "changed"
    RELINKED = "relinked"
    CUT = "cut"
    REWRITTEN = "rewritten"


@dataclass(frozen=True, slots=True)
class Fault:
    """Row `n` of a chain does not fit; `expected` and `found` are hashes or numbers of rows."""

    chain: str
    n: int
    code: FaultCode
    expected: str = ""
    found: str = ""


@dataclass(frozen=True, slots=True)
class Walk:
    """How many rows of a chain fit, and the first that does not."""

    rows: int
    fault: Fault | None = None


def anchor_now(tx: Tx) -> Anchor | None:
    """Where the chains end; None if both are empty, or an end is none that anybody could keep."""
    heads = {name: chain.head(tx) for name, chain in CHAINS.items()}
    said = {name: {"position": h[0], "hash": h[1]} for name, h in heads.items() if h}
    try:
        return validate(Anchor, said) if said else None
    except Unreadable:
        return None


def walk(tx: Tx, name: str) -> Walk:
    """Reads a chain from its first row on, up to the first that does not fit."""
    return _walk(name, CHAINS[name].links(tx))


def _walk(name: str, links: Iterable[StoredLink]) -> Walk:
    before, rows = GENESIS, 0
    for link in links:
        if fault := _fault(name, link, rows + 1, before):
            return Walk(rows, fault)
        before, rows = link.hash, rows + 1
    return Walk(rows)


def _fault(name: str, link: StoredLink, due: int, before: str) -> Fault | None:
    if link.n != due:
        return Fault(name, due, FaultCode.MISSING, str(due), str(link.n))
    if link.content is None:
        return Fault(name, due, FaultCode.UNREADABLE)
    if link.before != before:
        return Fault(name, due, FaultCode.RELINKED, link.before, before)
    if link.hash != link.content:
        return Fault(name, due, FaultCode.CHANGED, link.hash, link.content)
    return None


def compare(tx: Tx, witness: Witness) -> Fault | None:
    """The first chain that is not what this witness heard; the chains themselves are whole."""
    for name, chain in CHAINS.items():
        head = getattr(witness.anchor, name)
        if head is None:
            continue
        found = chain.hash_at(tx, head.position)
        if found is None:
            return Fault(name, head.position, FaultCode.CUT, head.hash)
        if found != head.hash:
            return Fault(name, head.position, FaultCode.REWRITTEN, head.hash, found)
    return None
