"""The report: what a worker saw of a place, at a time. No person is in it anywhere (rule L1)."""

from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field

from contract.place import Fix, Place
from contract.value import WHOLE, Code, Flag, FreeText, Many, Name, Sha256, Value, When

FORM_VERSION = 1  # of the form that this app fills in; each report carries it


class Kind(StrEnum):
    """What sort of observation a report is; its words are in the code list `obs_type`."""

    SITE = "SITE"
    AD = "AD"
    CLEAR = "CLEAR"
    OUTREACH = "OUTREACH"


class Photo(Value):
    """One masked photo, named by its content: `sha256` of the JPEG file, whose size is `bytes`,
    and `width` × `height` in pixels. `what` is a code of the list `photo_subject`.

    `redaction_reviewed`: the worker has looked at the masked preview and kept it (rule L6).
    """

    sha256: Sha256
    bytes: Annotated[int, Field(ge=1, strict=True), WHOLE]
    width: Annotated[int, Field(ge=1, strict=True), WHOLE]
    height: Annotated[int, Field(ge=1, strict=True), WHOLE]
    taken_at: When
    what: Code | None = None
    redaction_reviewed: Flag = False


class Report(Value):
    """One observation. Revision 0 and no `sealed_at` mean a draft that was never sealed.

    `device` and `author` are the bureau's own names for a phone and a duty post, never a person's.
    `patrol` is the id of the patrol it was seen on. Codes are of the lists named in
    `rules.flaws`, which says whether the report may be sealed: the fields only fix its shape.
    `place_names`: stretches of the texts that were taken for a person, and that the worker has
    marked as the name of a place or a shop.
    `conflict_of_interest`: the worker has an interest of their own in the place (rule L13).
    `task` is the id of the bureau's task that it was made for.
    """

    id: UUID
    revision: Annotated[int, Field(ge=0, le=100_000, strict=True), WHOLE] = 0
    kind: Kind = Kind.SITE
    device: Code
    author: Code
    patrol: UUID | None = None
    patrol_form: Code = "ROUTINE"
    shift: Code = "DAY"
    key_period: Code | None = None
    seen_at: When
    sealed_at: When | None = None
    fix: Fix | None = None
    place: Place = Place()
    disguises: Many[Code] = ()
    subjects: Many[Code] = ()
    stage: Code | None = None
    signs: Many[Code] = ()
    count_band: Code | None = None
    time_slots: Many[Code] = ()
    institution: FreeText = ""
    note: FreeText = ""
    place_names: Many[Name] = ()
    photos: Many[Photo] = ()
    conflict_of_interest: Flag = False
    form: Annotated[int, Field(ge=1, strict=True), WHOLE] = (
        1  # not FORM_VERSION: a report without it has the first form
    )
    task: Code | None = None

    def next_revision(self, now: When) -> Self:
        """This report sealed at `now` under the next revision number. Raises
        pydantic.ValidationError beyond revision 100,000."""
        return self.changed(revision=self.revision + 1, sealed_at=now)


class Withdrawal(Value):
    """The worker takes back report `id`, whose last sealed revision is `revision`, at `at`."""

    id: UUID
    revision: Annotated[int, Field(ge=1, le=100_000, strict=True), WHOLE]
    device: Code
    author: Code
    at: When


class Objection(Value):
    """对结果有疑问: the worker doubts what came of report `id`, whose last sealed revision is
    `revision`, and says why. Once for each report, until the day that the answer names.
    `rules.objection_flaws` says whether `text` is fit."""

    id: UUID
    revision: Annotated[int, Field(ge=1, le=100_000, strict=True), WHOLE]
    device: Code
    author: Code
    at: When
    text: FreeText


class Suggestion(Value):
    """投诉建议: a complaint or suggestion about the app or the work (国办函〔2026〕12号).
    `rules.suggestion_flaws` says whether `text` is fit. With a `task` (its id) it hands that task
    back; `reason` is a code of the list `task_reason`, and `text` says both in words."""

    id: UUID
    revision: Annotated[int, Field(ge=1, le=100_000, strict=True), WHOLE] = 1
    device: Code
    author: Code
    at: When
    text: FreeText
    task: Code | None = None
    reason: Code | None = None
