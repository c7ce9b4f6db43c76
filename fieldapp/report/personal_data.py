"""Personal data that slipped into a text while it is typed: what to mark, and the text without."""

from dataclasses import dataclass

from contract.screening import cut, personal_spans

BEFORE = 6  # characters shown before a slip, so that its place is found


@dataclass(frozen=True, slots=True)
class PersonalDataFind:
    """A piece that may not stay, after the few characters before it."""

    before: str
    piece: str


def find_personal_data(text: str) -> tuple[PersonalDataFind, ...]:
    """What follows a slip is left out: typing on does not change it, and nothing is drawn anew."""
    return tuple(
        PersonalDataFind(
            text[max(0, span.start - BEFORE) : span.start], text[span.start : span.end]
        )
        for span in personal_spans(text)
    )


def without_personal_data(text: str) -> str:
    """Each cut shortens the text, and may join what only then reads as personal data."""
    while spans := personal_spans(text):
        text = cut(text, spans[-1])
    return text
