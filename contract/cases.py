"""The states of a case, from the report to its end, and the sets of them that decide something.

The code list `case_state` holds their words for people. On the wire a state is a plain code: a
newer bureau may send one that this program does not know, which is then a member of no set.
Source: notice 乌教体发〔2024〕100号, 三(十): complaint, handling, follow-up, feedback.
"""

from enum import StrEnum


class CaseState(StrEnum):
    """Where the bureau stands with a reported place. The value is the code on the wire."""

    REPORTED = "10"  # 已上报
    RETURNED = "15"  # 待补充: the bureau asked the worker something
    ACCEPTED = "20"  # 已受理
    MERGED = "25"  # 已并案: joined to another case of the same place; can be undone
    REJECTED = "29"  # 不予受理
    ASSIGNED = "30"  # 已分派
    VERIFYING = "40"  # 核实中
    HANDLING = "50"  # 处置中
    HANDED_OVER = "55"  # 已移送: to another department
    FEEDBACK = "60"  # 结果反馈
    UNFOUNDED = "70"  # 不属实
    UNVERIFIABLE = "71"  # 无法核实
    RECTIFIED = "72"  # 属实已整改
    HANDED_OVER_CLOSED = "73"  # 已移送办结
    RATED = "80"  # 已评价
    OBJECTED = "90"  # 异议复核
    PURGED = "99"  # 已清除: the content is gone, a tombstone stays


REASON_LISTS: dict[str, str] = {
    CaseState.REJECTED: "reject_reason",
    CaseState.UNFOUNDED: "result_reason",
    CaseState.UNVERIFIABLE: "result_reason",
    CaseState.RECTIFIED: "result_reason",
    CaseState.HANDED_OVER_CLOSED: "result_reason",
    CaseState.OBJECTED: "reopen_reason",
}
"""In which code list the reason of an answer stands, by its state."""

WORKER_MAY_EDIT = frozenset({CaseState.REPORTED, CaseState.RETURNED})
"""The bureau has not yet accepted or rejected the report: its worker may still change it or take
it back, and no worker ever moves a case further."""

CONCLUDED = frozenset(
    {
        CaseState.UNFOUNDED,
        CaseState.UNVERIFIABLE,
        CaseState.RECTIFIED,
        CaseState.HANDED_OVER_CLOSED,
        CaseState.RATED,
    }
)
"""The bureau looked into the place and came to a result. OBJECTED is not among them: the result is
being looked at again."""

NOT_COUNTED = frozenset({CaseState.REJECTED, CaseState.PURGED})
"""The report is no lead about its place (any more): not among the leads counted for a building."""

MAY_BE_DOUBTED = (CONCLUDED | {CaseState.REJECTED}) - {CaseState.RATED}
"""What came of a report, as its worker is told it: they may object to it once."""

CLOSED = CONCLUDED | NOT_COUNTED
"""Nothing more happens with the report unless somebody objects."""
