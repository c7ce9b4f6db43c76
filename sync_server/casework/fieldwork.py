"""Somebody at the bureau takes up a call for help, or answers a suggestion."""

from datetime import datetime

from contract.cases import CaseState
from contract.protocol import ArrivalKind
from contract.rules import MOST_NOTE
from contract.screening import personal_spans
from contract.visible_text import has_visible
from sync_server.domain.roles import Permission, Staff, permissions
from sync_server.problems import BadDecision, NotAllowed, NotFound, StateChanged
from sync_server.store import answers, audit_log, fieldwork
from sync_server.store.audit_log import AuditEntry
from sync_server.store.engine import Store

SUBJECT = "投诉建议"  # what the answer is about, for an app that knows answers to reports only


def see_alarm(
    store: Store, staff: Staff, alarm: tuple[str, int], now: datetime, only: str | None
) -> None:
    """Notes which duty post has seen a call for help, (patrol, n), and when. The first one stays.
    Does nothing for one that is seen, or of another community than `only`."""
    with store.writing() as tx:
        if fieldwork.see_alarm(tx, alarm, staff.staff, now, only):
            audit_log.note(tx, AuditEntry(now, staff.staff, "see_alarm", f"{alarm[0]}/{alarm[1]}"))


def answer_suggestion(store: Store, staff: Staff, id: str, answer: str, now: datetime) -> None:
    """Answers the duty post that made a suggestion, once. Raises NotAllowed, NotFound, BadDecision
    for a text that cannot be sent, and StateChanged if it was answered meanwhile."""
    if Permission.DECIDE not in permissions(staff.role):
        raise NotAllowed
    if not has_visible(answer):
        raise BadDecision("comment_needed")
    if len(answer) > MOST_NOTE:
        raise BadDecision("comment_too_long")
    if spans := personal_spans(answer):
        raise BadDecision("personal_data", tuple((span.start, span.end) for span in spans))
    with store.writing() as tx:
        tx.claim(f"suggestion/{id}")
        row = fieldwork.suggestion(tx, id)
        if row is None:
            raise NotFound
        if row.answered_at is not None:
            raise StateChanged
        fieldwork.answer_suggestion(tx, id, answer, staff.staff, now)
        said = {"report": id, "number": row.number, "about": ArrivalKind.SUGGESTION.value}
        said |= {"state": CaseState.FEEDBACK, "comment": answer, "place": SUBJECT}
        answers.add(tx, row.author, at=now, by=staff.role.value, **said)
        audit_log.note(tx, AuditEntry(now, staff.staff, "answer_suggestion", id))
