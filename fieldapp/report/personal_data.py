"""Finds personal data in a text while it is typed: what to mark, and the text without (L2)."""

from dataclasses import dataclass

from contract.screening import cut, personal_spans

CONTEXT = 6  # characters shown before a find, so that the worker recognises its place


@dataclass(frozen=True, slots=True)
class PersonalDataFind:
    """A piece of the text that may not stay, and the characters before it."""

    before: str
    piece: str


def find_personal_data(text: str) -> tuple[PersonalDataFind, ...]:
    """() if there is none. What follows a piece is not in it: typing on changes no find, so that
    nothing is drawn anew."""
    return tuple(
        PersonalDataFind(
            text[max(0, span.start - CONTEXT) : span.start], text[span.start : span.end]
        )
        for span in personal_spans(text)
    )


def without_personal_data(text: str) -> str:
    """Cuts until nothing is found: a cut may join what only then reads as personal data. It ends,
    for each cut shortens the text."""
    while spans := personal_spans(text):
        text = cut(text, spans[-1])
    return text
