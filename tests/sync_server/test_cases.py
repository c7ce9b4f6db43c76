"""Every step of a case: which role may make it, and what has to be said with it."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import product
from typing import Any

from contract.cases import CaseState
from contract.codelists import built_in
from sync_server.domain.case_events import CaseEvent, Standing, StepKind, effective, standing
from sync_server.domain.cases import EVENTS, MOVES, Rule, Word, moves, rule
from sync_server.domain.decisions import Decision, flaw, reasons
from sync_server.domain.roles import Role, Staff

# Each line: from, to, and what supervisor, case officer, community (and DPO) say with it: a letter
# for each Word (R: with the code list of its reasons), "" for nothing, "." if they may not.
# Nobody else moves a case; a grid worker only answers a question (15 → 10).
TABLE = """
10 15 C . .          | 10 20 - . .          | 10 29 R:reject_reason . .
15 20 - . .          | 15 29 R:reject_reason . .
20 30 A A .          | 30 20 R:take_back_reason R:take_back_reason .
30 40 - - -          | 40 50 FK FK FK       | 40 60 FK FK FK
40 55 . DF .         | 50 55 . DF .         | 50 60 F F .
55 40 . R:return_reason .                   | 55 60 F F .
60 70 BR:result_reason BR:result_reason .   | 60 71 BR:result_reason BR:result_reason .
60 72 BR:result_reason BR:result_reason .   | 60 73 BR:result_reason BR:result_reason .
70 80 R:rating . .   | 71 80 R:rating . .   | 72 80 R:rating . .  | 73 80 R:rating . .
29 90 R:reopen_reason . . | 70 90 R:reopen_reason . . | 71 90 R:reopen_reason . .
72 90 R:reopen_reason . . | 73 90 R:reopen_reason . . | 80 90 R:reopen_reason . .
90 20 - . .          | 90 40 - - .          | 90 60 F F .
90 29 BR:reject_reason . .
90 70 BR:result_reason BR:result_reason .   | 90 72 BR:result_reason BR:result_reason .
10 25 L L . | 15 25 L L . | 20 25 L L .     | 25 10 - - . | 25 15 - - . | 25 20 - - .
29 99 . . . - | 70 99 . . . - | 71 99 . . . - | 72 99 . . . - | 73 99 . . . - | 80 99 . . . -
"""
LETTERS = {
    "C": Word.COMMENT,
    "B": Word.FEEDBACK,
    "F": Word.FINDING,
    "R": Word.REASON,
    "A": Word.ASSIGNEE,
    "K": Word.CHECKS,
    "D": Word.DEPARTMENT,
    "T": Word.RECEIPT,
    "L": Word.SAME_AS,
}
ROLES = (Role.SUPERVISOR, Role.CASE_OFFICER, Role.COMMUNITY, Role.DPO)
WITHIN = """
assign 30 A A . | assign 40 A A . | extend 50 R:extend_reason . . | receipt 55 . T .
suspend 20 R:suspend_reason . . | suspend 30 R:suspend_reason . . | suspend 40 R:suspend_reason . .
suspend 50 R:suspend_reason . . | suspend 90 R:suspend_reason . .
resume 20 - . . | resume 30 - . . | resume 40 - . . | resume 50 - . . | resume 90 - . .
"""
LISTS = built_in()
OTHER = {"same_as": "9999-000002"}
NOW = datetime(2026, 11, 30, 2, tzinfo=UTC)
# A case in which whatever the table says may be done.
READY = Standing(assignee="post", receipt="收〔2026〕8号", unanswered=True)


def wanted(table: str) -> dict[tuple[str, str, Role], tuple[frozenset[Word], str]]:
    found = {}
    for entry in table.replace("\n", "|").split("|"):
        if cells := entry.split():
            for role, cell in zip(ROLES, cells[2:], strict=False):
                letters, _, listed = cell.partition(":")
                if letters != ".":
                    words = frozenset(LETTERS[one] for one in letters if one != "-")
                    found[cells[0], cells[1], role] = (words, listed)
    return found


def said(rule: Rule, **changes: Any) -> dict[str, Any]:
    """All that this step needs, and nothing more."""
    everything: dict[Word, dict[str, Any]] = {
        Word.COMMENT: {"comment": "是哪个单元?"},
        Word.FEEDBACK: {"comment": "社区已到现场看过"},
        Word.FINDING: {"comment": "到场未见上课"},
        Word.REASON: {"reason": next(iter(reasons(rule, LISTS)), None), **OTHER},
        Word.ASSIGNEE: {"assignee": "post"},
        Word.CHECKS: {"checks": (("PUPILS_THERE", "no"),)},
        Word.DEPARTMENT: {"department": "MARKET"},
        Word.RECEIPT: {"receipt": "收〔2026〕8号"},
        Word.SAME_AS: OTHER,
    }
    return {k: v for word in rule.words for k, v in everything[word].items()} | changes


def may(kind: StepKind, before: str, after: str, role: Role, **changes: Any) -> str | None:
    """The code of what forbids a step in which all is said that it needs; None if it may be."""
    found = rule(kind, before, after) or Rule(frozenset())
    decision = Decision(after, before, 1, kind=kind, **said(found, **changes))
    ready = replace(READY, state=before, suspended=kind is StepKind.RESUME, joined_in=after)
    bad = flaw(Staff("post", role), ready, decision, LISTS)
    return bad.code if bad else None


def test_every_role_makes_the_moves_of_the_table_and_no_other() -> None:
    table, wrong = wanted(TABLE), []
    for before, after, role in product(CaseState, CaseState, Role):
        allowed = (before, after, role) in table
        allowed |= (before, after, role) == ("15", "10", Role.GRID)
        code = may(StepKind.MOVE, before, after, role)
        if code != (None if allowed else "move_not_possible"):
            wrong.append((before.value, after.value, role.value, code))
    assert not wrong


def test_every_role_does_within_a_state_what_the_table_says_and_nothing_else() -> None:
    table, wrong = wanted(WITHIN), []
    kinds = [kind for kind in StepKind if kind is not StepKind.MOVE]
    for kind, state, role in product(kinds, CaseState, Role):
        code = may(kind, state, state, role)
        if (code is None) != ((kind.value, state.value, role) in table):
            wrong.append((kind.value, state.value, role.value, code))
    assert not wrong


def test_a_step_needs_the_words_of_the_table_and_no_others() -> None:
    steps: dict[tuple[str, str, str], Rule]
    steps = {("move", a, b): rule for (a, b), rule in MOVES.items()}
    steps |= {(kind.value, state, state): rule for (kind, state), rule in EVENTS.items()}
    wrong = []
    for table, is_move in ((TABLE, True), (WITHIN, False)):
        for (one, other, role), (words, listed) in wanted(table).items():
            key = ("move", one, other) if is_move else (one, other, other)
            found = steps[key]
            if (found.words, found.reasons) != (words, listed) or role not in found.roles:
                wrong.append((*key, role.value))
    assert not wrong


def test_a_step_without_one_of_its_words_says_which() -> None:
    steps = [(StepKind.MOVE, a, b, found) for (a, b), found in MOVES.items()]
    steps += [(kind, state, state, found) for (kind, state), found in EVENTS.items()]
    empty: dict[Word, dict[str, Any]] = {
        Word.COMMENT: {"comment": " \u200b"},
        Word.FEEDBACK: {"comment": ""},
        Word.FINDING: {"comment": "\u3164"},
        Word.REASON: {"reason": "MOOD"},
        Word.ASSIGNEE: {"assignee": ""},
        Word.CHECKS: {"checks": (("MOOD", "yes"),)},
        Word.DEPARTMENT: {"department": "NONE"},
        Word.RECEIPT: {"receipt": " "},
        Word.SAME_AS: {"same_as": None},
    }
    wrong = []
    for kind, before, after, found in steps:
        for word, role in product(found.words, found.roles):
            code = may(kind, before, after, role, **empty[word])
            if code != f"{word}_needed":
                wrong.append((kind.value, before, after, word.value, code))
    assert len(steps) > 50 and not wrong


def test_a_grid_worker_never_moves_a_case_beyond_its_report() -> None:
    for state in CaseState:
        assert moves(Role.GRID, state) == (("10",) if state == "15" else ())
    assert not any(Role.GRID in rule.roles for rule in EVENTS.values())


def test_a_closing_has_reasons_of_its_own() -> None:
    for (_, after), found in MOVES.items():
        if found.reasons == "result_reason":
            assert reasons(found, LISTS) == LISTS.grouped("result_reason", after.value), after
    every = {found.reasons for found in (*MOVES.values(), *EVENTS.values())} - {""}
    assert every <= set(LISTS.lists) and len(every) > 6


def code_of(now: Standing, decision: Decision, role: Role = Role.SUPERVISOR) -> str | None:
    bad = flaw(Staff("post", role), now, decision, LISTS)
    return bad.code if bad else None


def test_how_a_case_stands_forbids_what_the_table_allows() -> None:
    officer = Role.CASE_OFFICER
    accepted = Decision("20", "15", 1)
    assert code_of(replace(READY, state="15", unanswered=False), accepted) == "too_early"
    assign = Decision("30", "20", 1, assignee="post")
    assert code_of(replace(READY, state="20", suspended=True), assign) == "suspended"
    resume = Decision("20", "20", 1, kind=StepKind.RESUME)
    assert code_of(replace(READY, state="20"), resume) == "move_not_possible"
    extend = Decision("50", "50", 1, "COMPLEX", kind=StepKind.EXTEND)
    assert code_of(replace(READY, state="50", extended=True), extend) == "extended_already"
    settled = Decision("60", "55", 1, comment="已办结")
    assert code_of(replace(READY, state="55", receipt=""), settled, officer) == "receipt_needed"
    closed = Decision("73", "60", 1, "TAKEN_OVER", "市场监管部门已受理")
    assert code_of(replace(READY, state="60", receipt=""), closed) == "not_handed_over"
    again = Decision("29", "10", 1, "DUPLICATE")
    assert code_of(Standing(), again) == "duplicate_needs_number"
    assert code_of(Standing(), replace(again, same_as="9999-000002")) is None
    back = Decision("20", "25", 1)
    assert code_of(replace(READY, state="25", joined_in="10"), back) == "move_not_possible"
    begin = Decision("40", "30", 1)
    others = replace(READY, state="30", assignee="other")
    assert code_of(others, begin, Role.COMMUNITY) == "not_assigned"
    assert code_of(others, begin) is None


def test_words_of_a_step_name_no_person_and_have_an_end() -> None:
    asked: dict[str, Any] = {"to": "15", "seen_state": "10", "seen_revision": 1}
    assert code_of(Standing(), Decision(**asked, comment="问" * 201)) == "comment_too_long"
    assert code_of(Standing(), Decision(**asked, comment="电话 13800138000")) == "personal_data"
    took = Decision("55", "55", 1, kind=StepKind.RECEIPT, receipt="张三 13800138000")
    assert code_of(Standing("55"), took, Role.CASE_OFFICER) == "personal_data"
    long = Decision("55", "55", 1, kind=StepKind.RECEIPT, receipt="收" * 41)
    assert code_of(Standing("55"), long, Role.CASE_OFFICER) == "receipt_too_long"


def step(before: str, after: str, kind: StepKind = StepKind.MOVE, **words: str) -> CaseEvent:
    return CaseEvent(NOW, before, after, kind, said=words)


def test_rounds_and_returns_of_a_hand_over_are_counted_and_undone_ones_are_not() -> None:
    over = step("40", "55", department="MARKET", number="2026-0001")
    back = step("55", "40")
    undone = step("40", "55", StepKind.UNDO)
    twice = [over, back, undone, step("55", "55", StepKind.RECEIPT, receipt="收8"), back, over]
    assert standing("55", twice) == Standing(
        "55", department="MARKET", number="2026-0001", rounds=2, returns=1
    )
    assert standing("55", twice[:4]).receipt == "收8"


def test_an_undone_step_is_as_if_it_had_never_been() -> None:
    accept, assign = step("10", "20"), step("20", "30", assignee="post")
    undo = step("30", "20", StepKind.UNDO)
    assert effective([accept, assign, undo]) == [accept]
    assert effective([accept, assign, undo, step("20", "10", StepKind.UNDO)]) == []
    assert standing("20", [accept, assign, undo]) == Standing("20")
    assert effective([undo, accept]) == [accept]


def test_whom_a_record_follows_is_what_its_steps_say() -> None:
    joined = CaseEvent(NOW, "15", "25", StepKind.FOLLOW, same_as="9999-000002")
    by_hand = CaseEvent(NOW, "20", "25", same_as="9999-000003")
    closed = CaseEvent(NOW, "25", "70", StepKind.FOLLOW, same_as="9999-000002")
    revised, rated = step("25", "25"), step("70", "80")
    now = standing("25", [joined, revised])
    assert (now.follows, now.joined_in) == ("9999-000002", "15")
    assert standing("25", [by_hand]).follows == "9999-000003"
    assert standing("80", [joined, closed, rated]).follows == "9999-000002"
    over = (step("25", "15"), step("70", "90"), step("70", "70", StepKind.PART))
    assert [standing("", [joined, each]).follows for each in over] == ["", "", ""]
    undone = standing("25", [joined, step("25", "15"), step("15", "25", StepKind.UNDO)])
    assert (undone.follows, undone.joined_in) == ("9999-000002", "15")
    parted = standing("20", [joined, step("25", "15"), step("15", "20")])
    assert parted.alone and not standing("25", [joined, step("25", "15"), by_hand]).alone
    repeated = CaseEvent(NOW, "10", "29", reason="DUPLICATE", same_as="9999-000002")
    assert standing("29", [repeated]).follows == ""
