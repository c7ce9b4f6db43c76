"""Texts that people at the bureau write: what keeps one from being taken (rules L2 and L4)."""

from dataclasses import dataclass

from contract.rooms import room_spans
from contract.rules import LONGEST_SPAN
from contract.screening import personal_spans
from contract.visible_text import has_visible


@dataclass(frozen=True, slots=True)
class TextFlaw:
    """`code` is one of problems.BadDecision; `spans` mark what has to go (first character, the one
    after the last)."""

    code: str
    spans: tuple[tuple[int, int], ...] = ()


def text_flaw(
    text: str, most: int, *, needed: str = "", without_rooms: bool = False
) -> TextFlaw | None:
    """What is wrong with a text of at most `most` characters; None if nothing is. `needed`: the
    code for one in which nothing can be seen, "" if it may be left out. `without_rooms`: it is
    about a place that may be a home."""
    if needed and not has_visible(text):
        return TextFlaw(needed)
    if len(text) > most:
        return TextFlaw("text_too_long")
    looked_at = text[: most + LONGEST_SPAN]
    if persons := tuple((span.start, span.end) for span in personal_spans(looked_at)):
        return TextFlaw("personal_data", persons)
    if rooms := room_spans(looked_at) if without_rooms else ():
        return TextFlaw("room_in_home", rooms)
    return None
