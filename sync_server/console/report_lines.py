"""A report as labelled lines in words, and the lines in which two reports differ."""

from collections.abc import Callable
from dataclasses import dataclass

from contract.report import Report
from sync_server.console.times import exact_time
from sync_server.console.words import Wording


@dataclass(frozen=True, slots=True)
class ReportLine:
    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Difference:
    field: str
    one: str
    other: str


Writer = Callable[[Report, Wording], str]


def report_lines(report: Report, wording: Wording) -> list[ReportLine]:
    """What the worker reported, without the fields that were left empty."""
    written = [ReportLine(field, write(report, wording)) for field, write in FIELDS.items()]
    return [line for line in written if line.value]


def differences(one: Report, other: Report, wording: Wording) -> list[Difference]:
    """The fields that read differently in the two reports, place, fix, photos and time included."""
    table: dict[str, Writer] = (
        {"place": lambda report, _: report.place.in_words} | FIELDS | EVIDENCE
    )
    pairs = [(field, write(one, wording), write(other, wording)) for field, write in table.items()]
    return [Difference(field, a, b) for field, a, b in pairs if a != b]


def people(band: str | None, wording: Wording) -> str:
    """How many people were seen going in and out: a band such as 4-10, never a number."""
    if band is None:
        return ""
    word = wording.word("count_band", band)
    return word if band == "B0" else wording.say("field.people", n=word)


def coordinates(report: Report) -> str:
    return f"{report.fix.lat:.5f}, {report.fix.lon:.5f}" if report.fix else ""


def _patrol(report: Report, wording: Wording) -> str:
    coded = (
        ("shift", report.shift),
        ("patrol_form", report.patrol_form),
        ("key_period", report.key_period),
    )
    return wording.say("join.dot").join(wording.word(name, code) for name, code in coded if code)


def _photos(report: Report, wording: Wording) -> str:
    marks = wording.say("join.list").join(photo.sha256[:8] for photo in report.photos)
    return f"{len(report.photos)} ({marks})" if marks else "0"


def _conflict(report: Report, wording: Wording) -> str:
    return wording.say("field.conflict_yes") if report.conflict_of_interest else ""


FIELDS: dict[str, Writer] = {
    "kind": lambda report, wording: wording.word("obs_type", report.kind),
    "signs": lambda report, wording: wording.words("sign", report.signs),
    "count": lambda report, wording: people(report.count_band, wording),
    "disguises": lambda report, wording: wording.words("disguise", report.disguises),
    "subjects": lambda report, wording: wording.words("subject", report.subjects),
    "stage": lambda report, wording: wording.word("stage", report.stage),
    "venue": lambda report, wording: wording.word("venue", report.place.venue),
    "slots": lambda report, wording: wording.words("time_slot", report.time_slots),
    "institution": lambda report, wording: report.institution,
    "note": lambda report, wording: report.note,
    "place_names": lambda report, wording: wording.say("join.list").join(report.place_names),
    "patrol": _patrol,
    "conflict": _conflict,
}
EVIDENCE: dict[str, Writer] = {
    "fix": lambda report, wording: coordinates(report),
    "photos": _photos,
    "seen": lambda report, wording: exact_time(report.seen_at),
}
