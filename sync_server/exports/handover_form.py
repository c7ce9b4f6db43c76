"""The hand-over form 线索移交单: what it says, and its PDF. An office document: always Chinese."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from contract import wire
from contract.visible_text import undirected
from contract.zone import ZONE
from sync_server.apart import OverLimit, run_apart
from sync_server.problems import Busy

DRAWING = "sync_server.exports.typst_pdf"  # not imported: no typesetter in the server itself
MOST_SECONDS = 30.0  # of the clock; `typst_pdf.MOST_SECONDS` are of the processor
Lines = tuple[tuple[str, str], ...]  # label and value


@dataclass(frozen=True, slots=True)
class FormPhoto:
    """One photo of the record: its number and digest, and the small picture that the bureau drew of
    it, or None with the reason in `caption`."""

    caption: str
    digest: str
    picture: bytes | None


@dataclass(frozen=True, slots=True)
class HandoverForm:
    """All that the form says, in words. `at`: when the record became what is printed, never the
    time of printing, so that the same version gives the same bytes."""

    bureau: str
    number: str
    at: datetime
    place: str
    seen: Lines
    origin: Lines
    photos: tuple[FormPhoto, ...] = ()
    photos_note: str = ""
    department: str = ""  # to whom; "" leaves a line to be filled in by hand
    handed: Lines = ()  # number and round of the hand-over
    purpose: str = ""


def pdf_of(form: HandoverForm) -> bytes:
    """The form as PDF/UA-1: the same bytes for the same form. Raises Busy if it takes more than it
    may."""
    try:
        status, pdf = run_apart(
            DRAWING, str(round(form.at.timestamp())), given=_json(form), seconds=MOST_SECONDS
        )
    except OverLimit as error:
        raise Busy(str(error)) from error
    if status or not pdf:
        raise Busy(f"the form cannot be drawn: {status}")
    return pdf


def _json(form: HandoverForm) -> bytes:
    """What the template reads as data. A text is never pasted into markup: whatever it holds is set
    as it is written."""
    said = asdict(form) | {"at": form.at.astimezone(ZONE).strftime("%Y年%m月%d日")}
    return wire.canonical(_plain(said))


def _plain(value: object) -> wire.Json:
    """Bytes as lists of numbers, which is how the template can read them; texts without the
    characters that would turn others around."""
    if isinstance(value, str):
        return undirected(value)
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, bytes):
        return list(value)
    return [_plain(one) for one in value] if isinstance(value, Sequence) else value
