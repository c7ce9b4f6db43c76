"""This phone's own copy of its chain of receipts, so that nobody can rewrite what was received."""

from contract import protocol
from contract.protocol import GENESIS, Receipt
from fieldapp.memory.memory import LedgerLink, Memory

MAX_POSITION = 2**31 - 1  # of a link: contract.protocol.LedgerHead allows no higher one


class Ledger:
    """Links by position. A gap is no lie (an undone parcel may have left after all): each link is
    checked against its neighbours as soon as both are here, in whatever order they came."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def add(self, receipt: Receipt) -> None:
        """Keeps the link that a receipt names. Two different links for one position, or a hash that
        does not follow from the link before, break the ledger for good."""
        link = LedgerLink(
            position=receipt.position,
            digest=receipt.digest,
            number=receipt.number,
            hash=receipt.hash,
        )
        held = self._memory.link(link.position)
        if held is None:
            self._memory.keep_link(link)
        if (held or link) != link or not self._fits(link):
            self._memory.break_ledger(link.position)
        self._advance_head()
        highest = self._memory.highest_link()
        if link.position > (highest.position if highest else 0):
            self._memory.keep_highest_link(link)

    def _fits(self, link: LedgerLink) -> bool:
        after = self._memory.link(link.position + 1)
        return self._follows(link) and (after is None or self._follows(after))

    def _follows(self, link: LedgerLink) -> bool:
        before = self._memory.link(link.position - 1)
        if before is None and link.position > 1:
            return True  # nothing to check it against yet
        start = before.hash if before else GENESIS
        return link.hash == protocol.link_hash(start, link.position, link.digest, link.number)

    def _advance_head(self) -> None:
        if self._memory.ledger_broken():
            return
        position, _ = self._memory.ledger()
        while following := self._memory.link(position + 1):
            self._memory.keep_ledger_head(following)
            position = following.position
