"""What the bureau wants to know of a report, above everything else on its screens."""

import flet as ft

from contract.cases import CaseState
from fieldapp.report.entry import Entry, Stage
from fieldapp.ui import theme
from fieldapp.ui.words import Speak
from fieldapp.widgets.gauge import sign
from fieldapp.widgets.parts import card
from fieldapp.widgets.text import body


def question(entry: Entry, say: Speak) -> list[ft.Control]:
    """Nothing where nothing is asked."""
    if not asked(entry):
        return []
    words = entry.answers[-1].comment or say("report.question_plain")
    told = [sign(ft.Icons.QUESTION_MARK, say("report.question"), theme.WARN), body(words)]
    return [card(told, identifier="question", outline=theme.WARN, edge=2)]


def asked(entry: Entry) -> bool:
    """While it is being answered, too; a refused report has something else to mend first."""
    said = entry.answers[-1].state if entry.answers else ""
    return said == CaseState.RETURNED and entry.stage in (Stage.REVIEWED, Stage.DRAFT)
