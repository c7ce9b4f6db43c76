"""A report's life on the phone, as pure steps: answered, pictured, sealed, delivered, reviewed.

A step returns a new entry, or raises: Unfit when the report may not be sealed, Closed when the
bureau has it in hand and the worker may no longer change it.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Self

from contract.codelists import CodeLists
from contract.replies import Answer, ArrivalKind, Receipt, Refusal
from contract.report import Photo, Report, Withdrawal
from contract.rules import Flaw, flaws
from contract.value import Value, When
from fieldapp.parcel import Parcel

UNDO = timedelta(seconds=10)  # a sealed report waits this long before it may leave
OPEN_STATES = frozenset({"10", "15"})  # the case states in which the worker may still edit


class Stage(StrEnum):
    """Where an entry stands, seen from the phone."""

    DRAFT = "DRAFT"
    SEALED = "SEALED"
    DELIVERED = "DELIVERED"
    REFUSED = "REFUSED"
    REVIEWED = "REVIEWED"
    WITHDRAWN = "WITHDRAWN"


class What(StrEnum):
    """What can happen to an entry; the words stand in `words`."""

    SEALED = "sealed"
    UNDONE = "undone"
    DELIVERED = "delivered"
    REFUSED = "refused"
    ANSWERED = "answered"
    EDITED = "edited"
    WITHDRAWN = "withdrawn"


class Happening(Value):
    """One line of an entry's history; `note` is a receipt number, a code or nothing."""

    at: When
    what: What
    note: str = ""


class Unfit(Exception):
    """The report may not be sealed yet; `flaws` says why, field by field."""

    def __init__(self, found: tuple[Flaw, ...]) -> None:
        super().__init__(", ".join(f"{flaw.field}:{flaw.code}" for flaw in found))
        self.flaws = found


class Closed(Exception):
    """The bureau has accepted or closed this report: the worker may no longer change it."""


class Entry(Value):
    """One report with everything the phone knows of its fate."""

    report: Report
    stage: Stage = Stage.DRAFT
    receipt: Receipt | None = None
    refusal: Refusal | None = None
    answers: tuple[Answer, ...] = ()
    story: tuple[Happening, ...] = ()

    @property
    def editable(self) -> bool:
        """Until the bureau accepts it (case states beyond 10 and 15), and unless withdrawn."""
        state = self.answers[-1].state if self.answers else "10"
        return self.stage is not Stage.WITHDRAWN and state in OPEN_STATES

    def answered(self, field: str, value: Any) -> Self:
        """One answer changed; `field` is dotted (`place.unit`). A sealed entry becomes a draft of
        its next revision; raises Closed when the worker may no longer edit."""
        if not self.editable:
            raise Closed
        head, _, tail = field.partition(".")
        new = getattr(self.report, head).changed(**{tail: value}) if tail else value
        return self.changed(report=self.report.changed(**{head: new}), stage=Stage.DRAFT)

    def pictured(self, photo: Photo) -> Self:
        """With one more photo; the same picture twice stays one."""
        others = tuple(p for p in self.report.photos if p.sha256 != photo.sha256)
        return self.answered("photos", (*others, photo))

    def unpictured(self, sha256: str) -> Self:
        """Without the photo of this digest."""
        others = tuple(p for p in self.report.photos if p.sha256 != sha256)
        return self.answered("photos", others)

    def sealed(self, now: datetime, lists: CodeLists) -> tuple[Self, Parcel]:
        """The entry sealed under the next revision and the parcel to deliver; raises Unfit."""
        if not self.editable:
            raise Closed
        if found := flaws(self.report, lists):
            raise Unfit(found)
        report = self.report.next_revision(now)
        sealed = self.changed(report=report, stage=Stage.SEALED, refusal=None)
        parcel = Parcel.of(ArrivalKind.REPORT, report, report.revision, now)
        return sealed._told(now, What.SEALED), parcel

    def undone(self, now: datetime) -> Self:
        """Back to a draft within UNDO of sealing. The revision number is spent, never used again:
        should the parcel have left after all, no second content can stand under its number."""
        at = self.report.sealed_at
        if self.stage is not Stage.SEALED or at is None or not at <= now < at + UNDO:
            raise Closed
        return self.changed(stage=Stage.DRAFT)._told(now, What.UNDONE)

    def withdrawn(self, now: datetime) -> tuple[Self, Parcel]:
        """Taken back, and the withdrawal to deliver; raises Closed once the bureau accepted."""
        if not self.editable or self.report.revision < 1:
            raise Closed
        report = self.report
        taken_back = Withdrawal(
            id=report.id,
            revision=report.revision,
            device=report.device,
            author=report.author,
            at=now,
        )
        parcel = Parcel.of(ArrivalKind.WITHDRAWAL, taken_back, report.revision, now)
        return self.changed(stage=Stage.WITHDRAWN)._told(now, What.WITHDRAWN), parcel

    def delivered(self, receipt: Receipt, now: datetime) -> Self:
        """The bureau holds a revision. A late receipt never swallows a newer edit: the stage moves
        only while this very revision is sealed. The same receipt twice is told once."""
        kept = self
        if not (self.receipt and self.receipt.digest == receipt.digest):
            kept = self.changed(receipt=receipt)._told(now, What.DELIVERED, receipt.number)
        return kept.changed(stage=Stage.DELIVERED) if self._awaits(receipt.revision) else kept

    def refused(self, refusal: Refusal, now: datetime) -> Self:
        """The bureau cannot record a revision as it is; the worker is told and may mend it."""
        if not self._awaits(refusal.revision or self.report.revision):
            return self
        kept = self.changed(refusal=refusal, stage=Stage.REFUSED)
        return kept._told(now, What.REFUSED, refusal.code)

    def reviewed(self, answer: Answer) -> Self:
        """The bureau decided. Answers come in order and may come twice. A draft stays one, unless
        the bureau closed the matter: then there is nothing more to seal."""
        if any(held.seq == answer.seq for held in self.answers):
            return self
        kept = self.changed(answers=(*self.answers, answer))
        kept = kept._told(answer.at, What.ANSWERED, answer.state)
        closed = self.stage is Stage.DRAFT and answer.state not in OPEN_STATES
        settled = closed or self.stage in {Stage.DELIVERED, Stage.REVIEWED}
        return kept.changed(stage=Stage.REVIEWED) if settled else kept

    def knowing(self, held: Self) -> Self:
        """This copy with the news that the notebook's copy `held` got meanwhile: a screen writes
        whole entries, and what it read before a round must not unwrite the round."""
        news = (one for one in held.answers if one.seq not in {known.seq for known in self.answers})
        own = (line for line in self.story if line not in held.story)
        receipts = [receipt for receipt in (self.receipt, held.receipt) if receipt]
        return self.changed(
            receipt=max(receipts, key=lambda receipt: receipt.at, default=None),
            answers=sorted((*self.answers, *news), key=lambda answer: answer.seq),
            story=(*held.story, *own),  # as it was learnt: two clocks wrote it
        )

    def _awaits(self, revision: int) -> bool:
        return self.stage is Stage.SEALED and self.report.revision == revision

    def _told(self, at: datetime, what: What, note: str = "") -> Self:
        return self.changed(story=(*self.story, Happening(at=at, what=what, note=note)))
