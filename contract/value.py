"""The base of everything that crosses the wire: frozen, bounded, and tolerant of unknown keys."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Annotated, Any, Self, TypeVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    FailFast,
    Strict,
    StringConstraints,
)
from pydantic_core import PydanticCustomError


def strip_unencodable(text: object) -> object:
    """Text without the characters that `wire.parse_json` rejects: NUL, and halves of a surrogate
    pair, which a keyboard or a paste can leave behind. What is no text is returned as it is."""
    if not isinstance(text, str) or text.isprintable():
        return text
    return "".join(sign for sign in text if sign != "\0" and not "\ud800" <= sign <= "\udfff")


def _whole(number: object) -> object:
    """1.0 as 1: the same number to JSON Schema, and so to whoever reads our OpenAPI document."""
    return int(number) if isinstance(number, float) and number.is_integer() else number


# Beside `strict`: a whole number is no text and no truth, however its digits are written.
WHOLE = BeforeValidator(_whole)
# A code of a list, or a name that the bureau gave: 1 to 40 ASCII letters, digits, "_" and "-".
Code = Annotated[str, StringConstraints(max_length=40, pattern=r"^[A-Za-z0-9_-]+$")]
Name = Annotated[str, BeforeValidator(strip_unencodable), StringConstraints(max_length=100)]
# Far longer than the rules allow: a draft keeps what was typed, and `rules.flaws` says what is too
# long.
FreeText = Annotated[str, BeforeValidator(strip_unencodable), StringConstraints(max_length=4_000)]
# true or false of JSON, and no 0, 1 or "yes".
Flag = Annotated[bool, Strict()]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
T = TypeVar("T")
# A list of any length whose first misfit is the only one described: a body with 100,000 of them
# must not take long to refuse.
Many = Annotated[tuple[T, ...], FailFast()]
# From the first of January 1970 in whichever zone, where the clock of a phone that was reset
# begins, until 2200: outside no clock stands, and local times, sums and databases overflow.
EARLIEST = datetime(1970, 1, 1, tzinfo=timezone(timedelta(hours=14)))
LATEST = datetime(2200, 1, 1, tzinfo=UTC)
OUT_OF_BOUNDS = "time_out_of_bounds"


def within_bounds(at: datetime) -> datetime:
    """The time itself. Raises a pydantic error of the type OUT_OF_BOUNDS unless it is from EARLIEST
    until before LATEST."""
    if not EARLIEST <= at < LATEST:
        raise PydanticCustomError(OUT_OF_BOUNDS, "from 1970 to 2199")
    return at


# A time with an offset, in ISO 8601, within the bounds.
When = Annotated[AwareDatetime, AfterValidator(within_bounds)]


class Value(BaseModel):
    """A frozen wire value. Unknown keys are kept and encoded again, so that an old program passes
    on what a newer one wrote; the rules do not look at them."""

    model_config = ConfigDict(frozen=True, extra="allow", allow_inf_nan=False)

    def changed(self, **changes: Any) -> Self:
        """This value with some fields replaced, and validated again (`model_copy` does not).

        Raises pydantic.ValidationError if a change does not fit its field.
        """
        return type(self).model_validate({**dict(self), **changes})
