"""A report's life on the phone, as pure steps: answered, sealed, delivered, reviewed, withdrawn.

A step returns a new entry, or raises: UnfitReport when the report may not be sealed, Closed when
the bureau has accepted it and the worker may no longer change it.
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any, Self

from contract.cases import WORKER_MAY_EDIT, CaseState
from contract.codelists import CodeLists
from contract.protocol import UNREADABLE, Answer, ArrivalKind, Receipt, Refusal
from contract.report import Objection, Photo, Report, Withdrawal
from contract.rules import Flaw, flaws, objection_flaws
from contract.value import Value
from fieldapp.report.changes import changed_answers, is_empty
from fieldapp.report.parcel import Parcel
from fieldapp.report.stage import EventKind, HistoryEvent, Stage

__all__ = [
    "UNDO",
    "Closed",
    "Entry",
    "EventKind",
    "HistoryEvent",
    "Stage",
    "UnfitReport",
]

UNDO = timedelta(seconds=10)  # a sealed report waits this long before it may leave


class UnfitReport(Exception):
    """The report, or what is said of it, may not be sealed yet; `flaws` says why, by field."""

    def __init__(self, found: tuple[Flaw, ...]) -> None:
        super().__init__(", ".join(f"{flaw.field}:{flaw.code}" for flaw in found))
        self.flaws = found


class Closed(Exception):
    """The bureau has accepted or closed this report: the worker may no longer change it."""


class Entry(Value):
    """One report with everything the phone knows of it: the last receipt or refusal, the bureau's
    answers in order of `seq`, and its history (`story`), oldest first. `news` counts what the
    bureau has said of it: of two copies, the one with more news has the true receipt and
    answers. `sealed_as` is the last sealed revision, while a draft of the next one is written;
    `task` is the mark of the bureau's task that it was begun from and `task_building` the building
    that came with it; "" for none. `objection` is what the worker has objected to the result."""

    report: Report
    stage: Stage = Stage.DRAFT
    receipt: Receipt | None = None
    refusal: Refusal | None = None
    answers: tuple[Answer, ...] = ()
    story: tuple[HistoryEvent, ...] = ()
    news: int = 0
    sealed_as: Report | None = None
    task: str = ""
    task_building: str = ""
    objection: str = ""

    @property
    def last_readable(self) -> Answer | None:
        """The bureau's last answer that is not damaged: a damaged one changes nothing of what is
        known of the case."""
        return next((one for one in reversed(self.answers) if one.state != UNREADABLE), None)

    @property
    def case_state(self) -> str:
        """Where the bureau stands with it, as far as this phone was told; a code."""
        return self.last_readable.state if self.last_readable else CaseState.REPORTED

    @property
    def editable(self) -> bool:
        """Whether the worker may change it: until the bureau has accepted or rejected it, and
        unless it is withdrawn."""
        return self.stage is not Stage.WITHDRAWN and self.case_state in WORKER_MAY_EDIT

    @property
    def is_asked(self) -> bool:
        """The bureau asks something; True also while it is being answered. Not for a refused
        report: mend that first."""
        return self.case_state == CaseState.RETURNED and self.stage in (
            Stage.REVIEWED,
            Stage.DRAFT,
        )

    @property
    def changes(self) -> tuple[str, ...]:
        """What this draft changes of the revision that was sealed last; codes of `changes.py`."""
        return changed_answers(self.sealed_as, self.report) if self.sealed_as else ()

    @property
    def may_be_dropped(self) -> bool:
        """A draft that was never sent, or whose last sealed revision is still known."""
        return self.stage is Stage.DRAFT and bool(self.sealed_as or not self.report.revision)

    @property
    def may_vanish(self) -> bool:
        """A draft in which nothing was answered, and that was never sealed."""
        fresh = self.stage is Stage.DRAFT and not self.report.revision
        return fresh and is_empty(self.report, self.task_building)

    def dropped(self) -> Self | None:
        """Without what this draft changed: as it was sealed last, or None if it never was."""
        before = self.sealed_as
        if before is None:
            return None
        known = self.receipt is not None and self.receipt.revision >= before.revision
        stage = Stage.REVIEWED if self.answers else Stage.DELIVERED
        if self.refusal:
            stage = Stage.REFUSED
        elif not known:
            stage = Stage.SEALED
        return self.changed(report=before, stage=stage, sealed_as=None)

    def answered(self, field: str, value: Any) -> Self:
        """With one field of the report set; `field` is dotted (`place.unit`). A sealed entry
        becomes a draft of its next revision. Raises Closed."""
        if not self.editable:
            raise Closed
        head, _, tail = field.partition(".")
        new = getattr(self.report, head).changed(**{tail: value}) if tail else value
        before = self.sealed_as if self.stage is Stage.DRAFT else self.report
        report = self.report.changed(**{head: new})
        return self.changed(report=report, stage=Stage.DRAFT, sealed_as=before)

    def with_photo(self, photo: Photo) -> Self:
        """With one more photo, in place of one of the same digest. Raises Closed."""
        others = tuple(p for p in self.report.photos if p.sha256 != photo.sha256)
        return self.answered("photos", (*others, photo))

    def without_photo(self, sha256: str) -> Self:
        """A draft without the photo of this digest. Raises Closed."""
        others = tuple(p for p in self.report.photos if p.sha256 != sha256)
        return self.answered("photos", others)

    def sealed(self, now: datetime, lists: CodeLists) -> tuple[Self, Parcel]:
        """The entry sealed under the next revision, and the parcel to deliver. Raises UnfitReport
        or Closed."""
        if not self.editable:
            raise Closed
        if found := flaws(self.report, lists):
            raise UnfitReport(found)
        report = self.report.next_revision(now)
        sealed = self.changed(report=report, stage=Stage.SEALED, refusal=None, sealed_as=None)
        parcel = Parcel.of(ArrivalKind.REPORT, report, report.revision, now)
        return sealed._with_event(now, EventKind.SEALED, " ".join(self.changes)), parcel

    def undone(self, now: datetime) -> Self:
        """Back to a draft within UNDO of sealing. The revision number is not used again: should the
        parcel have left after all, no second content can stand under its number. Raises Closed."""
        at = self.report.sealed_at
        if self.stage is not Stage.SEALED or at is None or not at <= now < at + UNDO:
            raise Closed
        return self.changed(stage=Stage.DRAFT)._with_event(now, EventKind.UNDONE)

    def withdrawn(self, now: datetime) -> tuple[Self, Parcel]:
        """The entry taken back, and the withdrawal to deliver. Raises Closed, for a draft that was
        never sealed too: that one is discarded."""
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
        parcel = parcel.changed(patrol=str(report.patrol or ""))
        gone = self.changed(stage=Stage.WITHDRAWN, sealed_as=None)
        return gone._with_event(now, EventKind.WITHDRAWN), parcel

    def may_object(self, today: date) -> bool:
        """Whether the worker may still object to what came of it: once, until the day that the
        bureau has named."""
        until = self.last_readable.object_until if self.last_readable else None
        return until is not None and today <= until and not self.objection

    def objected(self, text: str, now: datetime) -> tuple[Self, Parcel]:
        """With an objection to the result, and the parcel to deliver. Raises Closed, or UnfitReport
        for words that cannot be sent."""
        if not self.may_object(now.date()):
            raise Closed
        report = self.report
        objection = Objection(
            id=report.id,
            revision=report.revision,
            device=report.device,
            author=report.author,
            at=now,
            text=text.strip(),
        )
        if found := objection_flaws(objection):
            raise UnfitReport(found)
        parcel = Parcel.of(ArrivalKind.OBJECTION, objection, report.revision, now)
        said = self.changed(objection=objection.text, news=self.news + 1)
        return said._with_event(now, EventKind.OBJECTED), parcel

    def objection_refused(self, code: str, now: datetime) -> Self:
        """The bureau does not take the objection; why is in the story."""
        return self._with_event(now, EventKind.OBJECTION_REFUSED, code)

    def delivered(self, receipt: Receipt, now: datetime) -> Self:
        """The bureau holds a revision. A late receipt never replaces a newer edit: the stage moves
        only while this very revision is sealed. The same receipt twice is one event; another one
        for the same bytes counts from now on, for the bureau had forgotten the first."""
        again = self.receipt is not None and self.receipt.digest == receipt.digest
        kept = self._with_receipt(receipt)._with_event_once(
            now, EventKind.DELIVERED, receipt.number
        )
        if not self._awaits(receipt.revision):
            return kept
        return kept.changed(stage=Stage.REVIEWED if again and self.answers else Stage.DELIVERED)

    def forgotten(self, revision: int) -> Self:
        """The bureau has lost this revision: it is SEALED again until there is a new receipt."""
        lost = self.stage in {Stage.DELIVERED, Stage.REVIEWED} and self.report.revision == revision
        return self.changed(stage=Stage.SEALED) if lost else self

    def refused(self, refusal: Refusal, now: datetime) -> Self:
        """The bureau cannot record a revision as it is; the worker is told and may correct it."""
        if not self._awaits(refusal.revision or self.report.revision):
            return self
        kept = self.changed(refusal=refusal, stage=Stage.REFUSED)
        return kept._with_event(now, EventKind.REFUSED, refusal.code)

    def reviewed(self, answer: Answer) -> Self:
        """With an answer of the bureau; one that is here already changes nothing. A draft stays
        one, unless the answer ends the editing: then there is nothing more to seal."""
        if any(held.seq == answer.seq for held in self.answers):
            return self
        answers = sorted((*self.answers, answer), key=lambda one: one.seq)
        kept = self.changed(answers=answers, news=self.news + 1)
        kept = kept._with_event(answer.at, EventKind.ANSWERED, answer.state)
        open = {*WORKER_MAY_EDIT, UNREADABLE}
        closed = self.stage is Stage.DRAFT and answer.state not in open
        settled = closed or self.stage in {Stage.DELIVERED, Stage.REVIEWED}
        return kept.changed(stage=Stage.REVIEWED) if settled else kept

    def unanswered(self, seqs: Collection[int]) -> Self:
        """Without the answers of these `seq`, which the bureau has lost or replaced. The story
        keeps that they were once given."""
        left = tuple(answer for answer in self.answers if answer.seq not in seqs)
        if len(left) == len(self.answers):
            return self
        kept = self.changed(answers=left, news=self.news + 1)
        waits = self.stage is Stage.REVIEWED and not left
        return kept.changed(stage=Stage.DELIVERED) if waits else kept

    def without_purged_photo(self, sha256: str) -> Self:
        """Without a photo that this phone has deleted; its stage stays as it is."""
        others = tuple(photo for photo in self.report.photos if photo.sha256 != sha256)
        return self.changed(report=self.report.changed(photos=others))

    def with_news_of(self, held: Self) -> Self:
        """This copy with the receipt, answers and story that the notebook's copy `held` got
        meanwhile: a screen writes whole entries, and one that it read before a round must not
        undo what the round brought."""
        newer = self if self.news > held.news else held
        own = (line for line in self.story if line not in held.story)
        return self.changed(
            receipt=newer.receipt,
            answers=newer.answers,
            objection=newer.objection,
            news=newer.news,
            story=(*held.story, *own),  # not sorted by time: two clocks wrote it
        )

    def _with_receipt(self, receipt: Receipt) -> Self:
        """A receipt that comes again, or late for an older revision, does not replace the last."""
        held = self.receipt
        if held and (_link(held) == _link(receipt) or _order(held) > _order(receipt)):
            return self
        return self.changed(receipt=receipt, news=self.news + 1)

    def _awaits(self, revision: int) -> bool:
        return self.stage is Stage.SEALED and self.report.revision == revision

    def _with_event_once(self, at: datetime, what: EventKind, note: str) -> Self:
        known = any((line.what, line.note) == (what, note) for line in self.story)
        return self if known else self._with_event(at, what, note)

    def _with_event(self, at: datetime, what: EventKind, note: str = "") -> Self:
        return self.changed(story=(*self.story, HistoryEvent(at=at, what=what, note=note)))


def _link(receipt: Receipt) -> tuple[str, str, int, str]:
    return receipt.digest, receipt.number, receipt.position, receipt.hash


def _order(receipt: Receipt) -> tuple[int, bool]:
    """A withdrawal has the revision number of the report it takes back, and comes after it."""
    return receipt.revision, receipt.kind is ArrivalKind.WITHDRAWAL
