"""The shape of everything that crosses the wire: frozen, and forgiving of unknown keys."""

from typing import Annotated, Any, Self

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, StringConstraints


def strip_unencodable(text: object) -> object:
    """Text without what no reader of the wire takes: NUL, and halves of a surrogate pair, which a
    keyboard or a paste can leave behind. Anything else than text passes through."""
    if not isinstance(text, str) or text.isprintable():
        return text
    return "".join(sign for sign in text if sign != "\0" and not "\ud800" <= sign <= "\udfff")


Code = Annotated[str, StringConstraints(max_length=40, pattern=r"^[A-Za-z0-9_-]+$")]
Name = Annotated[str, BeforeValidator(strip_unencodable), StringConstraints(max_length=100)]
# Far above what the rules allow: a draft keeps what was typed, the rules then say what is too long.
FreeText = Annotated[str, BeforeValidator(strip_unencodable), StringConstraints(max_length=4_000)]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
When = AwareDatetime


class Value(BaseModel):
    """A frozen wire value. Unknown keys are ignored by the rules and kept in the encoding, so that
    an old program passes on what a newer one wrote."""

    model_config = ConfigDict(frozen=True, extra="allow", allow_inf_nan=False)

    def changed(self, **changes: Any) -> Self:
        """This value with some fields replaced, validated again (`model_copy` would not).

        Raises pydantic.ValidationError when a change does not fit its field.
        """
        return type(self).model_validate({**dict(self), **changes})
