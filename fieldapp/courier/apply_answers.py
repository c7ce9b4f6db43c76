"""The bureau's answers come home: each once, in order, and anew where the bureau had lost some."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from contract.protocol import Answer, SyncReply, SyncRequest
from fieldapp.memory.memory import Memory
from fieldapp.ports import Notebook


def file_answers(notebook: Notebook, asked: SyncRequest, reply: SyncReply) -> int:
    """Files the answers of a reply and moves the cursor; how many were new. In the caller's
    transaction: a cursor that is ahead of what was filed would skip answers for ever."""
    memory = Memory(notebook)
    if is_retold(asked, reply):
        memory.keep_retelling(True)
    if memory.retelling():
        _strike(notebook, list(_lost(notebook, asked, reply)))
        memory.keep_retelling(reply.more)
    told = sorted(reply.answers, key=lambda answer: answer.seq)
    new = [answer for answer in told if _file(notebook, answer)]
    if new:
        memory.keep_unread(memory.unread().told(new))
    if asked.cursor and reply.heard and not (asked.heard or reply.retold):
        _hear_all_again(memory)
        return len(new)
    cursor = min(reply.cursor, max([asked.cursor, *(answer.seq for answer in told)]))
    heard = reply.heard or (memory.heard_name() if cursor == asked.cursor else "")
    memory.keep_cursor(cursor, heard)
    return len(new)


def _hear_all_again(memory: Memory) -> None:
    """A bureau that names its answers for the first time, to a phone that has heard some without a
    name: it may be new and restored at once, and nothing here could tell."""
    memory.keep_cursor(0)
    memory.keep_retelling(True)


def is_retold(asked: SyncRequest, reply: SyncReply) -> bool:
    """The bureau says so; one that does not know how to say it just begins with the first."""
    return reply.retold or any(answer.seq <= asked.cursor for answer in reply.answers)


def _lost(notebook: Notebook, asked: SyncRequest, reply: SyncReply) -> Iterator[Answer]:
    """What this phone holds where the reply tells something else or, at its end, nothing."""
    identity = Memory(notebook).identity()
    told = {(answer.seq, answer.report): _meaning(answer) for answer in reply.answers}
    start = 0 if is_retold(asked, reply) else asked.cursor
    end = max([start, *(seq for seq, _ in told)])
    for held in notebook.answers():
        within = start < held.seq and (held.seq <= end or not reply.more)
        if within and told.get((held.seq, held.report)) != _meaning(held):
            entry = notebook.entry(held.report)
            # Two duty posts that used this phone count alike: only this one's are told.
            if entry is None or identity is None or entry.report.author == identity.author:
                yield held


def _strike(notebook: Notebook, lost: list[Answer]) -> None:
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
    """Without how the bureau calls the report, which may change with the report."""
    return {name: value for name, value in answer if name not in {"place", "number"}}
