"""Finds what a text may not hold while it is typed: persons (L2), and rooms of homes (L4).

What to mark, and the text without it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from contract.place import Place
from contract.rooms import room_spans
from contract.rules import HOME
from contract.screening import Span, cut, may_be_place, personal_spans

CONTEXT = 6  # characters shown before a find, so that the worker recognises its place
ROOM = "ROOM"  # code of a span that names a floor or a room of a home


@dataclass(frozen=True, slots=True)
class PersonalDataFind:
    """A piece of the text that may not stay, and the characters before it. `may_be_place`: the
    worker may say that it is the name of a place or a shop. `is_room`: it names a floor or a room
    of a home."""

    before: str
    piece: str
    may_be_place: bool = False
    is_room: bool = False


def find_personal_data(
    text: str, marks: Collection[str] = (), *, is_home: bool = False
) -> tuple[PersonalDataFind, ...]:
    """() if there is none. `marks`: pieces that the worker has marked as places. What follows a
    piece is not in it: typing on changes no find, so that nothing is drawn anew."""
    spans = _spans(text, marks, is_home)
    return tuple(
        PersonalDataFind(
            text[max(0, span.start - CONTEXT) : span.start],
            text[span.start : span.end],
            may_be_place(text, span) and span in spans,
            span.code == ROOM,
        )
        for span in _joined(spans)
    )


def known_as_places(text: str, names: Iterable[str]) -> tuple[str, ...]:
    """The pieces of the text that would be taken for a person and are part of one of `names`,
    which are those of places and shops that the bureau knows; () if there is none."""
    spans = [span for span in personal_spans(text) if may_be_place(text, span)]
    if not spans:
        return ()
    known = bytearray(len(text))
    for name in names:
        at = text.find(name) if name else -1
        while at >= 0:
            known[at : at + len(name)] = bytes([1]) * len(name)
            at = text.find(name, at + 1)
    pieces = (text[s.start : s.end] for s in spans if all(known[s.start : s.end]))
    return tuple(dict.fromkeys(pieces))


def without_personal_data(text: str, marks: Collection[str] = (), *, is_home: bool = False) -> str:
    """Cuts until nothing is found: a cut may join what only then reads as personal data. It ends,
    for each cut shortens the text."""
    while spans := _spans(text, marks, is_home):
        text = cut(text, spans[-1])
    return text


def without_room(place: Place) -> Place:
    """The place as it may be recorded: of a home without any floor and room, in words too."""
    if place.venue != HOME:
        return place
    words = {
        "building": _without_room(place.building or "", False) or None,
        "unit": _without_room(place.unit or "", True) or None,
        "landmark": _without_room(place.landmark, False),
    }
    return place.changed(floor=None, room=None, **words)


def _without_room(text: str, is_unit: bool) -> str:
    while spans := room_spans(text, is_door=is_unit):
        text = cut(text, Span(*spans[-1], ROOM))
    return text


def _joined(spans: Iterable[Span]) -> list[Span]:
    """Spans, in order, of which those that overlap are one: of the code of the personal data."""
    found: list[Span] = []
    for span in spans:
        if found and span.start < found[-1].end:
            last = found.pop()
            code = last.code if span.code == ROOM else span.code
            found.append(Span(last.start, max(last.end, span.end), code))
        else:
            found.append(span)
    return found


def _spans(text: str, marks: Collection[str], is_home: bool) -> list[Span]:
    persons = [
        span
        for span in personal_spans(text)
        if text[span.start : span.end] not in marks or not may_be_place(text, span)
    ]
    rooms = [Span(*span, ROOM) for span in room_spans(text)] if is_home else []
    return sorted((*persons, *rooms), key=lambda span: span.start)
