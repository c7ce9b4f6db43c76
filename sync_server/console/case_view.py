"""How a case stands, as its record's page shows it: deadline, who has it, which round; and what may
be done with it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from contract.cases import CaseState
from contract.codelists import built_in
from sync_server.casework.case_rules import OpenedCase, WorkDay
from sync_server.casework.review import VERIFIERS
from sync_server.console.deadlines import ShownDeadline, shown_deadline
from sync_server.console.decision_form import DecisionChoices, DecisionForm, Reason, checks_for
from sync_server.console.follow_view import with_leads
from sync_server.console.words import Wording
from sync_server.domain.case_events import MOST_RETURNS, Standing
from sync_server.domain.cases import Word
from sync_server.domain.clocks import Levels, penalty_day
from sync_server.store import case_events
from sync_server.store import staff as people
from sync_server.store.engine import DatabaseRow, Tx


@dataclass(frozen=True, slots=True)
class CaseView:
    """The lines about a case, each a sentence."""

    due: ShownDeadline | None = None
    lines: tuple[str, ...] = ()


def case_view(case: OpenedCase, day: WorkDay, wording: Wording) -> CaseView:
    """What is known of the case besides its history."""
    due = shown_deadline(case.deadline, day, wording)
    return CaseView(due, tuple(_lines(case, day.levels, wording)))


def _lines(case: OpenedCase, levels: Levels, wording: Wording) -> Iterator[str]:
    now, say = case.standing, wording.say
    if now.assignee:
        yield say("case.assignee", post=now.assignee)
    if now.rounds:
        yield from _handed(now, wording)
    if now.returns >= MOST_RETURNS:
        yield say("case.joint", n=now.returns)
    if now.suspended:
        yield say("case.suspended")
    if last := penalty_day(case.events, levels):
        yield say("case.penalty", days=levels.penalty, date=last.isoformat())


def _handed(now: Standing, wording: Wording) -> Iterator[str]:
    """To which department the case was handed over last, and what came of it."""
    is_there, say = now.state == CaseState.HANDED_OVER, wording.say
    code = "handed" if is_there else "handed_back" if now.returns == now.rounds else "handed_done"
    department = wording.word("department", now.department)
    yield say(f"case.{code}", department=department, number=now.number, round=now.rounds)
    if now.receipt:
        yield say("case.receipt", number=now.receipt)
    elif is_there:
        yield say("case.no_receipt")


def with_choices(tx: Tx, row: DatabaseRow, form: DecisionForm, wording: Wording) -> DecisionForm:
    """Adds what the options of a form choose from, and the step that was seen."""
    found = DecisionChoices()
    if Word.ASSIGNEE in form.words:
        found = replace(found, posts=tuple(_posts(tx, row, wording)))
    if Word.DEPARTMENT in form.words:
        found = replace(found, departments=_listed("department", wording))
    if Word.CHECKS in form.words:
        venue = str((row.body.get("place") or {}).get("venue") or "")
        codes = checks_for(venue)
        found = replace(found, checks=tuple(Reason(c, wording.word("check", c)) for c in codes))
    seen = case_events.last_number(tx, row.id) or 0
    return with_leads(tx, row, replace(form, choices=found, seen_step=seen), wording)


def _listed(name: str, wording: Wording) -> tuple[Reason, ...]:
    return tuple(Reason(code, wording.word(name, code)) for code in built_in().offered(name))


def _posts(tx: Tx, row: DatabaseRow, wording: Wording) -> Iterator[Reason]:
    for post in people.verifiers(tx, [role.value for role in VERIFIERS], row.community):
        role = wording.word("role", post.role)
        yield Reason(post.staff, wording.say("join.dot").join((post.staff, role)))
