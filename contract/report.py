"""The report: what a worker saw of a place, at a time. No person is in it anywhere (rule L1)."""

from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field

from contract.place import Fix, Place
from contract.value import Code, FreeText, Many, Sha256, Value, When

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
    bytes: Annotated[int, Field(ge=1)]
    width: Annotated[int, Field(ge=1)]
    height: Annotated[int, Field(ge=1)]
    taken_at: When
    what: Code | None = None
    redaction_reviewed: bool = False


class Report(Value):
    """One observation. Revision 0 and no `sealed_at` mean a draft that was never sealed.

    `device` and `author` are the bureau's own names for a phone and a duty post, never a person's.
    `patrol` is the id of the patrol it was seen on. Codes are of the lists named in
    `rules.flaws`, which says whether the report may be sealed: the fields only fix its shape.
    `conflict_of_interest`: the worker has an interest of their own in the place (rule L13).
    """

    id: UUID
    revision: Annotated[int, Field(ge=0, le=100_000)] = 0
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
    photos: Many[Photo] = ()
    conflict_of_interest: bool = False
    form: Annotated[int, Field(ge=1)] = (
        1  # not FORM_VERSION: a report without it has the first form
    )

    def next_revision(self, now: When) -> Self:
        """This report sealed at `now` under the next revision number. Raises
        pydantic.ValidationError beyond revision 100,000."""
        return self.changed(revision=self.revision + 1, sealed_at=now)


class Withdrawal(Value):
    """The worker takes back report `id`, whose last sealed revision is `revision`, at `at`."""

    id: UUID
    revision: Annotated[int, Field(ge=1, le=100_000)]
    device: Code
    author: Code
    at: When


class Suggestion(Value):
    """投诉建议: a complaint or suggestion about the app or the work (国办函〔2026〕12号).
    `rules.suggestion_flaws` says whether `text` is fit."""

    id: UUID
    revision: Annotated[int, Field(ge=1, le=100_000)] = 1
    device: Code
    author: Code
    at: When
    text: FreeText
