"""A phone keeps where the bureau's audit log ended, and the bureau cannot take that back."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from contract import wire
from contract.anchor import Anchor, ChainHead, Witness
from contract.protocol import SyncReply, SyncRequest
from fieldapp.adapters.sqlite_notebook import SqliteNotebook
from fieldapp.courier.apply_reply import SyncExchange, apply_reply
from fieldapp.device.diagnosis import witness_lines
from fieldapp.memory import memory as memories
from fieldapp.memory.memory import Memory
from tests.builders import NOON, an_identity

ASKED = SyncRequest(protocol=1, sent_at=NOON)
DAY = timedelta(days=1)


@pytest.fixture
def notebook(tmp_path: Path) -> Iterator[SqliteNotebook]:
    found = SqliteNotebook(tmp_path / "notebook.db")
    Memory(found).keep_identity(an_identity())
    yield found
    found.close()


def an_anchor(position: int) -> Anchor:
    head = ChainHead(position=position, hash=f"{position:064x}")
    return Anchor(audit=head, cases=head)


def hear(notebook: SqliteNotebook, anchor: Anchor | None, now: datetime) -> None:
    """A call that ends at `now` by the phone's clock; the bureau's says something else."""
    reply = SyncReply(server_time=NOON - timedelta(days=900), anchor=anchor)
    apply_reply(notebook, Memory(notebook), SyncExchange((), ASKED, reply), now)


def positions(notebook: SqliteNotebook) -> list[int]:
    held = Memory(notebook).witnesses()
    return [one.anchor.audit.position for one in held if one.anchor.audit]


def test_the_first_anchor_of_a_day_stays(notebook: SqliteNotebook) -> None:
    """By the phone's own clock: a bureau that was tampered with cannot replace what it said, nor
    flush it out by many days at once."""
    for n, days in enumerate([0, 0, 1, 1, 0, 2]):
        hear(notebook, an_anchor(n + 1), NOON + days * DAY)
    hear(notebook, None, NOON + 3 * DAY)
    assert positions(notebook) == [1, 3, 6]


def test_four_hundred_days_are_kept(
    notebook: SqliteNotebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert memories.MAX_WITNESSES == 400
    monkeypatch.setattr(memories, "MAX_WITNESSES", 5)
    for n in range(8):
        hear(notebook, an_anchor(n + 1), NOON + n * DAY)
    assert positions(notebook) == [4, 5, 6, 7, 8]


def test_anchors_of_two_bureaus_stay_apart_and_outlive_a_new_enrolment(
    notebook: SqliteNotebook,
) -> None:
    hear(notebook, an_anchor(1), NOON)
    Memory(notebook).keep_identity(an_identity(bureau="8888", device="d2"))
    hear(notebook, an_anchor(9), NOON)
    assert positions(notebook) == [1, 9]


def test_the_lines_are_witnesses_that_anybody_can_read(notebook: SqliteNotebook) -> None:
    assert witness_lines(Memory(notebook)) == ""
    hear(notebook, an_anchor(1), NOON)
    hear(notebook, an_anchor(2), NOON + DAY)
    lines = witness_lines(Memory(notebook)).splitlines()
    assert [wire.decode(Witness, line.encode()) for line in lines] == [
        *Memory(notebook).witnesses()
    ]
    assert max(map(len, lines)) < 300


def test_a_phone_without_a_duty_post_keeps_none(tmp_path: Path) -> None:
    fresh = SqliteNotebook(tmp_path / "fresh.db")
    Memory(fresh).keep_anchor(an_anchor(1), NOON)
    assert Memory(fresh).witnesses() == ()
    fresh.close()
