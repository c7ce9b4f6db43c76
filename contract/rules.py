"""The rules that a report must meet: the app checks them before sealing, the server again."""

from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from functools import lru_cache

from contract.codelists import CodeLists
from contract.place import DECIMALS
from contract.report import Kind, Objection, Report, Suggestion
from contract.rooms import room_spans
from contract.screening import Span, may_be_place, personal_spans
from contract.value import Code, Value
from contract.visible_text import has_visible

MOST_DISGUISES = 3
MOST_PHOTOS = 9
MOST_PLACE_NAMES = 10
MOST_NOTE = 200  # characters, rule L2
MOST_LANDMARK = 50
MOST_SUGGESTION = 500
LONGEST_SPAN = 100  # characters of personal data, with what stands between its parts
PHOTO_BYTES = 300 * 1024  # the app compresses each photo to at most this
HOME = "RESIDENTIAL"  # the venue of a dwelling: rule L4


class FlawCode(StrEnum):
    """Every reason for which a report or suggestion may not be sealed. Codes cross the wire: one is
    never reused for another reason."""

    NO_PLACE = "no_place"
    NO_VENUE = "no_venue"
    NO_SIGN = "no_sign"
    NOT_SEALED = "not_sealed"
    ROOM_IN_HOME = "room_in_home"
    PERSONAL_DATA = "personal_data"
    TOO_LONG = "too_long"
    TOO_MANY = "too_many"
    REPEATED = "repeated"
    UNKNOWN_CODE = "unknown_code"
    PHOTO_UNREVIEWED = "photo_unreviewed"
    PHOTO_TOO_BIG = "photo_too_big"
    FIX_TOO_PRECISE = "fix_too_precise"
    EMPTY = "empty"
    MARK_WITHOUT_TEXT = "mark_without_text"


class Flaw(Value):
    """One thing to mend. `code` is a FlawCode (a newer server may send another); `field` is dotted,
    with the position in a list (`photos.0`). `start` and `end` (exclusive, in characters) mark the
    part of a text that is meant, None if it is not about a part of a text."""

    code: Code
    field: str
    start: int | None = None
    end: int | None = None


Rule = Callable[[Report, CodeLists], Iterable[Flaw]]
Spans = Callable[[str], tuple[Span, ...]]


def flaws(report: Report, lists: CodeLists) -> tuple[Flaw, ...]:
    """Everything that keeps a draft from being sealed, in the order of the form; () if it is fit.

    Rules L2 (texts), L4 (homes), L6 (photos) and L8 (position); `lists` are the code lists in
    force.
    """
    return tuple(flaw for rule in RULES for flaw in rule(report, lists))


def seal_flaws(report: Report) -> tuple[Flaw, ...]:
    """What the server checks besides: a report that was never sealed must not be sent."""
    sealed = report.revision >= 1 and report.sealed_at is not None
    return () if sealed else (Flaw(code=FlawCode.NOT_SEALED, field="sealed_at"),)


def suggestion_flaws(suggestion: Suggestion) -> tuple[Flaw, ...]:
    """What is wrong with a complaint or suggestion: empty, too long, or personal data (rule L2)."""
    if not has_visible(suggestion.text):
        return (Flaw(code=FlawCode.EMPTY, field="text"),)
    return tuple(_text_flaws("text", suggestion.text, MOST_SUGGESTION))


def objection_flaws(objection: Objection) -> tuple[Flaw, ...]:
    """What is wrong with an objection: empty, too long, personal data (rule L2), or a room (rule
    L4: the place may be a home)."""
    text = objection.text
    if not has_visible(text):
        return (Flaw(code=FlawCode.EMPTY, field="text"),)
    rooms = room_spans(text[: MOST_NOTE + LONGEST_SPAN])
    return (*_text_flaws("text", text, MOST_NOTE), *_rooms("text", rooms))


def _place(report: Report, _: CodeLists) -> Iterator[Flaw]:
    place = report.place
    if not place.compound and not has_visible(place.landmark):
        yield Flaw(code=FlawCode.NO_PLACE, field="place.compound")
    if report.kind is Kind.SITE and not place.venue:
        yield Flaw(code=FlawCode.NO_VENUE, field="place.venue")


def _homes(report: Report, _: CodeLists) -> Iterator[Flaw]:
    """Rule L4: of a home a worker records compound, building and unit only. A building may be
    called by a number of three digits; a unit is not."""
    if report.place.venue == HOME:
        for field in ("floor", "room"):
            if getattr(report.place, field):
                yield Flaw(code=FlawCode.ROOM_IN_HOME, field=f"place.{field}")
        yield from _rooms("note", room_spans(report.note[: MOST_NOTE + LONGEST_SPAN]))
        yield from _rooms("place.landmark", room_spans(report.place.landmark[:MOST_LANDMARK]))
        yield from _rooms("place.compound_name", room_spans(_unlisted_name(report)))
        yield from _rooms("place.building", _rooms_of_a_door(report.place.building or "", False))
        yield from _rooms("place.unit", _rooms_of_a_door(report.place.unit or "", True))


def _rooms(field: str, spans: Iterable[tuple[int, int]]) -> Iterator[Flaw]:
    for start, end in spans:
        yield Flaw(code=FlawCode.ROOM_IN_HOME, field=field, start=start, end=end)


@lru_cache(4096)
def _rooms_of_a_door(name: str, is_unit: bool) -> tuple[tuple[int, int], ...]:
    return room_spans(name, is_door=is_unit)


def _signs(report: Report, _: CodeLists) -> Iterator[Flaw]:
    if report.kind is Kind.SITE and not report.signs:
        yield Flaw(code=FlawCode.NO_SIGN, field="signs")


def _counts(report: Report, _: CodeLists) -> Iterator[Flaw]:
    if len(report.disguises) > MOST_DISGUISES:
        yield Flaw(code=FlawCode.TOO_MANY, field="disguises")
    if len(report.photos) > MOST_PHOTOS:
        yield Flaw(code=FlawCode.TOO_MANY, field="photos")
    if len(report.place_names) > MOST_PLACE_NAMES:
        yield Flaw(code=FlawCode.TOO_MANY, field="place_names")
    for field in ("disguises", "subjects", "signs", "time_slots", "place_names"):
        codes = getattr(report, field)
        if len(set(codes)) < len(codes):
            yield Flaw(code=FlawCode.REPEATED, field=field)
    if len({photo.sha256 for photo in report.photos}) < len(report.photos):
        yield Flaw(code=FlawCode.REPEATED, field="photos")


def _codes(report: Report, lists: CodeLists) -> Iterator[Flaw]:
    for field, name, codes in _coded_fields(report):
        if not all(lists.knows(name, code) for code in codes if code):
            yield Flaw(code=FlawCode.UNKNOWN_CODE, field=field)


def _coded_fields(report: Report) -> Iterator[tuple[str, str, tuple[str | None, ...]]]:
    yield "place.venue", "venue", (report.place.venue,)
    yield "signs", "sign", report.signs
    yield "disguises", "disguise", report.disguises
    yield "subjects", "subject", report.subjects
    yield "stage", "stage", (report.stage,)
    yield "count_band", "count_band", (report.count_band,)
    yield "time_slots", "time_slot", report.time_slots
    yield "patrol_form", "patrol_form", (report.patrol_form,)
    yield "shift", "shift", (report.shift,)
    yield "key_period", "key_period", (report.key_period,)
    for n, photo in enumerate(report.photos):
        yield f"photos.{n}.what", "photo_subject", (photo.what,)
    if report.fix:
        yield "fix.provider", "loc_provider", (report.fix.provider,)
        yield "fix.datum", "datum", (report.fix.datum,)


def _texts(report: Report, _: CodeLists) -> Iterator[Flaw]:
    marks = frozenset(report.place_names)
    for field, text, most, spans in _screened(report):
        yield from _text_flaws(field, text, most, spans, marks)
    if marks and unused_marks(report):
        yield Flaw(code=FlawCode.MARK_WITHOUT_TEXT, field="place_names")


def unused_marks(report: Report) -> frozenset[str]:
    """The `place_names` that are no stretch of a text which may be marked as a place. They must
    not be sent: a mark is no way to send another text."""
    used = {
        text[span.start : span.end]
        for _, text, most, spans in _screened(report)
        for span in spans(text[: most + LONGEST_SPAN])
        if may_be_place(text, span)
    }
    return frozenset(report.place_names) - used


def _screened(report: Report) -> Iterator[tuple[str, str, int, Spans]]:
    """Each text that is screened: its field, the text, its most characters, and by what."""
    yield "note", report.note, MOST_NOTE, personal_spans
    yield "place.landmark", report.place.landmark, MOST_LANDMARK, personal_spans
    yield "institution", report.institution, MOST_LANDMARK, personal_spans
    yield "place.compound_name", _unlisted_name(report), MOST_LANDMARK, personal_spans
    for field in ("building", "unit", "floor", "room"):
        name = getattr(report.place, field) or ""
        yield f"place.{field}", name, MOST_LANDMARK, _spans_of_a_door


def _unlisted_name(report: Report) -> str:
    """A compound's name that was sent without its code: a text like any other. With a code the
    bureau shows the name of its own list, and what was sent cannot hold the report up: it may come
    from a list that is newer or older than the bureau's."""
    return "" if report.place.compound else report.place.compound_name


@lru_cache(4096)
def _spans_of_a_door(name: str) -> tuple[Span, ...]:
    """Cached: a county has few names of buildings and units, and many reports about each."""
    return personal_spans(name)


def _text_flaws(
    field: str,
    text: str,
    most: int,
    spans: Spans = personal_spans,
    marks: frozenset[str] = frozenset(),
) -> Iterator[Flaw]:
    if not text:
        return
    if len(text) > most:
        yield Flaw(code=FlawCode.TOO_LONG, field=field, start=most, end=len(text))
    # Looking takes longer the longer it is; what is cut off is looked at when it is short enough.
    for span in spans(text[: most + LONGEST_SPAN]):
        if text[span.start : span.end] not in marks or not may_be_place(text, span):
            yield Flaw(code=FlawCode.PERSONAL_DATA, field=field, start=span.start, end=span.end)


def _photos(report: Report, _: CodeLists) -> Iterator[Flaw]:
    """Rule L6: no photo leaves the phone before the worker has looked at its masked preview."""
    for n, photo in enumerate(report.photos):
        if not photo.redaction_reviewed:
            yield Flaw(code=FlawCode.PHOTO_UNREVIEWED, field=f"photos.{n}")
        if photo.bytes > PHOTO_BYTES:
            yield Flaw(code=FlawCode.PHOTO_TOO_BIG, field=f"photos.{n}")


def _fix(report: Report, _: CodeLists) -> Iterator[Flaw]:
    """Rule L8: a position has at most five decimals."""
    fix = report.fix
    if fix and (round(fix.lat, DECIMALS) != fix.lat or round(fix.lon, DECIMALS) != fix.lon):
        yield Flaw(code=FlawCode.FIX_TOO_PRECISE, field="fix")


RULES: tuple[Rule, ...] = (_place, _homes, _signs, _counts, _codes, _texts, _photos, _fix)
