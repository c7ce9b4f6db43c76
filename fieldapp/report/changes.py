"""What a worker has changed in a report since it was sealed last, and whether anything is in it."""

from collections.abc import Callable, Mapping

from contract.report import Report

ANSWERS: Mapping[str, Callable[[Report], object]] = {  # by the code of its words: what is answered
    "place": lambda report: (report.place.compound, report.place.landmark),
    "building": lambda report: report.place.building,
    "unit": lambda report: report.place.unit,
    "floor": lambda report: (report.place.floor, report.place.room),
    "venue": lambda report: report.place.venue,
    "signs": lambda report: report.signs,
    "count": lambda report: report.count_band,
    "disguises": lambda report: report.disguises,
    "subjects": lambda report: report.subjects,
    "stage": lambda report: report.stage,
    "slots": lambda report: report.time_slots,
    "institution": lambda report: report.institution,
    "note": lambda report: report.note,
    "photos": lambda report: tuple(photo.sha256 for photo in report.photos),
    "conflict": lambda report: report.conflict_of_interest,
}
BY_ITSELF = {"place", "venue"}  # the phone fills in the nearest compound and what comes with it


def changed_answers(before: Report, after: Report) -> tuple[str, ...]:
    """The codes of ANSWERS in which two revisions differ."""
    return tuple(code for code, read in ANSWERS.items() if read(before) != read(after))


def is_empty(report: Report, building: str = "") -> bool:
    """Whether the worker has answered nothing yet: a compound alone came with the position, or
    with the list from which the report was begun, and this `building` with its task."""
    own = BY_ITSELF | ({"building"} if building and report.place.building == building else set())
    answers = (read(report) for code, read in ANSWERS.items() if code not in own)
    return not report.place.landmark and not any(_given(answer) for answer in answers)


def _given(answer: object) -> bool:
    return any(answer) if isinstance(answer, tuple) else bool(answer)
