"""A report as labelled lines in words, and where two of them differ."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from contract.report import Report
from sync_server.console.moments import exactly
from sync_server.console.words import Say, listed


@dataclass(frozen=True, slots=True)
class SheetLine:
    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Difference:
    field: str
    one: str
    other: str


@dataclass(frozen=True, slots=True)
class Wording:
    """Puts codes into words of one language."""

    say: Say
    language: str

    def word(self, name: str, code: str | None) -> str:
        return listed(name, code, self.language)

    def words(self, name: str, codes: Iterable[str]) -> str:
        return self.say("join.list").join(self.word(name, code) for code in codes)


Writer = Callable[[Report, Wording], str]


def lines(report: Report, reader: Wording) -> list[SheetLine]:
    """What the worker answered, without what was left empty."""
    written = [SheetLine(field, write(report, reader)) for field, write in ANSWERS.items()]
    return [line for line in written if line.value]


def differences(one: Report, other: Report, reader: Wording) -> list[Difference]:
    """Field by field, everything a person could see differ."""
    table: dict[str, Writer] = {"place": lambda report, _: report.place.in_words} | ANSWERS | PROOFS
    pairs = [(field, write(one, reader), write(other, reader)) for field, write in table.items()]
    return [Difference(field, a, b) for field, a, b in pairs if a != b]


def people(band: str | None, reader: Wording) -> str:
    """How many were seen going in and out: a band, never a number."""
    if band is None:
        return ""
    word = reader.word("count_band", band)
    return word if band == "B0" else reader.say("field.people", n=word)


def coordinates(report: Report) -> str:
    return f"{report.fix.lat:.5f}, {report.fix.lon:.5f}" if report.fix else ""


def _patrol(report: Report, reader: Wording) -> str:
    coded = (
        ("shift", report.shift),
        ("patrol_form", report.patrol_form),
        ("key_period", report.key_period),
    )
    return reader.say("join.dot").join(reader.word(name, code) for name, code in coded if code)


def _photos(report: Report, reader: Wording) -> str:
    marks = reader.say("join.list").join(photo.sha256[:8] for photo in report.photos)
    return f"{len(report.photos)} ({marks})" if marks else "0"


def _conflict(report: Report, reader: Wording) -> str:
    return reader.say("field.conflict_yes") if report.conflict_of_interest else ""


ANSWERS: dict[str, Writer] = {
    "kind": lambda report, reader: reader.word("obs_type", report.kind),
    "signs": lambda report, reader: reader.words("sign", report.signs),
    "count": lambda report, reader: people(report.count_band, reader),
    "disguises": lambda report, reader: reader.words("disguise", report.disguises),
    "subjects": lambda report, reader: reader.words("subject", report.subjects),
    "stage": lambda report, reader: reader.word("stage", report.stage),
    "venue": lambda report, reader: reader.word("venue", report.place.venue),
    "slots": lambda report, reader: reader.words("time_slot", report.time_slots),
    "institution": lambda report, reader: report.institution,
    "note": lambda report, reader: report.note,
    "patrol": _patrol,
    "conflict": _conflict,
}
PROOFS: dict[str, Writer] = {
    "fix": lambda report, reader: coordinates(report),
    "photos": _photos,
    "seen": lambda report, reader: exactly(report.seen_at),
}
