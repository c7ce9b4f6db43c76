"""Answers as phones are told them; of one that is damaged, what is left of it, in its place."""

import logging
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from contract import wire
from contract.protocol import UNREADABLE, Answer
from sync_server.domain.roles import Role
from sync_server.store import answers
from sync_server.store.engine import Tx
from sync_server.store.readable import ReadRow, UnreadableRow

log = logging.getLogger("xuncha")
MOST_PLACE = 100  # characters
NO_REPORT = UUID(int=0)
NO_TIME = datetime(2000, 1, 1, tzinfo=UTC)


def told(tx: Tx, author: str, row: ReadRow) -> Answer:
    """The answer in this row. A damaged one becomes an answer that says so: left out, it would be
    lost unnoticed, and if the reply ended before it, all later ones would be."""
    if isinstance(row, UnreadableRow):
        return _stand_in(tx, author, row.key.seq)
    try:
        plain = {name: value for name, value in row._mapping.items() if name in Answer.model_fields}
        return wire.validate(Answer, plain | {"place": row.place[:MOST_PLACE]})
    except wire.Unreadable:
        return _stand_in(tx, author, row.seq)


def _stand_in(tx: Tx, author: str, seq: int) -> Answer:
    """The same each time, so that the bureau's name for it stays."""
    log.error("answer %s of %s is damaged and told as such", seq, author)
    known: dict[str, Any] = {
        "seq": seq,
        "report": NO_REPORT,
        "at": NO_TIME,
        "state": UNREADABLE,
        "by": Role.SUPERVISOR.value,
    }
    for name, value in answers.legible(tx, author, seq).items():
        short = value[:MOST_PLACE] if name == "place" and isinstance(value, str) else value
        try:
            wire.validate(Answer, known | {name: short})
        except wire.Unreadable:
            continue
        known[name] = short
    return wire.validate(Answer, known)
