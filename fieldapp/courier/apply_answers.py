"""Files the bureau's answers: each once, in order, and anew where the bureau had lost some."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from contract.protocol import UNREADABLE, Answer, SyncReply, SyncRequest
from fieldapp.memory.memory import Memory
from fieldapp.ports import Notebook


def file_answers(notebook: Notebook, memory: Memory, asked: SyncRequest, reply: SyncReply) -> int:
    """Files the answers of a reply and moves the cursor; returns how many were new. Call it within
    a transaction: a cursor ahead of what was filed would skip answers for ever."""
    if is_retold(asked, reply):
        memory.keep_retelling(True)
    if memory.retelling():
        _drop(notebook, list(_lost(notebook, memory, asked, reply)))
        memory.keep_retelling(reply.more)
    answers = sorted(reply.answers, key=lambda answer: answer.seq)
    new = [answer for answer in answers if _file(notebook, answer)]
    if new:
        memory.keep_unread(memory.unread().with_answers(new))
    cursor = min(reply.cursor, max([asked.cursor, *(answer.seq for answer in answers)]))
    heard = reply.heard or (memory.heard_name() if cursor == asked.cursor else "")
    memory.keep_cursor(cursor, heard)
    return len(new)


def is_retold(asked: SyncRequest, reply: SyncReply) -> bool:
    """Whether the reply begins again with the first answer. A bureau of today says so; an older one
    just does it."""
    return reply.retold or any(answer.seq <= asked.cursor for answer in reply.answers)


def _lost(
    notebook: Notebook, memory: Memory, asked: SyncRequest, reply: SyncReply
) -> Iterator[Answer]:
    """The answers held here for which the reply has another one or, at its end, none.
    One that is damaged at the bureau is no other one."""
    identity = memory.identity()
    given = {(answer.seq, answer.report): _meaning(answer) for answer in reply.answers}
    damaged = {answer.seq for answer in reply.answers if answer.state == UNREADABLE}
    start = 0 if is_retold(asked, reply) else asked.cursor
    end = max([start, *(seq for seq, _ in given)])
    for held in notebook.answers():
        within = start < held.seq and (held.seq <= end or not reply.more)
        whole_here = held.seq in damaged and held.state != UNREADABLE
        other = given.get((held.seq, held.report)) != _meaning(held)
        if within and other and not whole_here:
            entry = notebook.entry(held.report)
            # Two duty posts that used this phone number their answers alike; the bureau gives only
            # those of the post that is enrolled now.
            if entry is None or identity is None or entry.report.author == identity.author:
                yield held


def _drop(notebook: Notebook, lost: list[Answer]) -> None:
    seqs: dict[UUID, set[int]] = defaultdict(set)
    for answer in lost:
        notebook.drop_answer(answer)
        seqs[answer.report].add(answer.seq)
    for report, gone in seqs.items():
        if entry := notebook.entry(report):
            notebook.write(entry.unanswered(gone))


def _file(notebook: Notebook, answer: Answer) -> bool:
    new = notebook.keep_answer(answer)
    entry = notebook.entry(answer.report)
    if new and entry:
        notebook.write(entry.reviewed(answer))
    return new


def _meaning(answer: Answer) -> dict[str, Any]:
    """Without the bureau's words for the report, which may change when the report does."""
    return {name: value for name, value in answer if name not in {"place", "number"}}
