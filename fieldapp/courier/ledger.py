"""This phone's own copy of its chain at the bureau: nobody can rewrite what was received."""

from contract import protocol
from contract.protocol import GENESIS, Receipt
from fieldapp.memory.memory import LedgerLink, Memory

LONGEST = 2**31 - 1  # what a position may be: see contract.replies.Head


class Ledger:
    """Links by position. A gap is no lie (an undone seal may have left after all): each link is
    checked against its neighbours as soon as they are here, whatever came first."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def enter(self, receipt: Receipt) -> None:
        """Keeps what a receipt says. Two stories about one position, or a hash that does not
        follow, break the ledger for good."""
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
        self._advance()
        top = self._memory.highest_link()
        if link.position > (top.position if top else 0):
            self._memory.keep_highest_link(link)

    def _fits(self, link: LedgerLink) -> bool:
        after = self._memory.link(link.position + 1)
        return self._follows(link) and (after is None or self._follows(after))

    def _follows(self, link: LedgerLink) -> bool:
        before = self._memory.link(link.position - 1)
        if before is None and link.position > 1:
            return True  # nothing here yet to hold it against
        start = before.hash if before else GENESIS
        return link.hash == protocol.link_hash(start, link.position, link.digest, link.number)

    def _advance(self) -> None:
        if self._memory.ledger_broken():
            return
        position, _ = self._memory.ledger()
        while following := self._memory.link(position + 1):
            self._memory.keep_ledger_head(following)
            position = following.position
