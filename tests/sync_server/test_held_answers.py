"""No phone ever hears an answer that was undone, and none is missed: whatever the order of
decisions, undoings, calls and crashes."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from os import environ
from random import Random
from typing import Any

import pytest
from sqlalchemy import text

from contract.protocol import Answer, SyncRequest
from sync_server.accounts.phones import Phone
from sync_server.casework.case_rules import CaseSettings
from sync_server.casework.review import decide
from sync_server.casework.undo import undo
from sync_server.domain.case_events import JOINABLE
from sync_server.domain.decisions import Decision
from sync_server.intake.receive import IntakeResult
from sync_server.intake.reply import ReceivedCall, ReplyWriter
from sync_server.problems import StateChanged, UndoTooLate
from sync_server.store import case_events, held_answers
from sync_server.store import staff as people
from sync_server.store.schema import answers, records
from sync_server.store.schema import case_events as steps
from sync_server.store.schema import held_answers as waiting
from tests.sync_server.bureau import SUPERVISOR, Bureau, a_report, sent

# XUNCHA_ORDERS=1000 takes a core 40 seconds.
ORDERS, DEEDS = int(environ.get("XUNCHA_ORDERS", "100")), 8
HOLD = CaseSettings(timedelta(seconds=60))
BEGIN = datetime(2026, 11, 23, 1, tzinfo=UTC)


class Crash(Exception):
    """The server dies before it commits."""


class NoPhotos:
    """No photo was sent, and the audit log has no anchor."""

    def reached(self, upload: str) -> int:
        return 0

    def holds(self, sha256: str) -> bool:
        return False

    def for_phone(self, device: str, now: datetime) -> None:
        return None


Told = tuple[str, str, str | None]  # the report, the state, the number that it is told under


@dataclass
class Worker:
    """What one duty post's phone has heard, and what the bureau decided about its reports."""

    phone: Phone
    ids: list[str]
    heard: list[Answer] = field(default_factory=list)
    name: str = ""
    wanted: list[Told] = field(default_factory=list)  # decided and not undone

    @property
    def known(self) -> list[Told]:
        return [(str(one.report), one.state, one.same_as) for one in self.heard]


@dataclass
class Lead:
    """One report as it should stand: `leader` is the one whose case it follows."""

    author: Worker
    number: str
    state: str = "10"
    leader: str = ""
    joined_in: str = ""
    alone: bool = False


@dataclass(frozen=True)
class Deed:
    """A step: of which report, how all that it moved stood before, and what their workers are told
    of it."""

    id: str
    before: dict[str, Lead]
    told: list[tuple[Worker, Told]]


def _joins(lead: Lead, to: str) -> bool:
    return lead.state in JOINABLE and lead.state < to and not lead.alone


class Campaign:
    """Several posts that reported one place; deeds at random, with seconds to minutes between."""

    def __init__(self, bureau: Bureau, workers: list[Worker], seed: int) -> None:
        self.bureau, self.workers, self.dice = bureau, workers, Random(seed)
        self.writer = ReplyWriter(NoPhotos(), NoPhotos())
        self.now, self.deeds, self.followed = BEGIN, list[Deed](), 0
        self.leads = {id: Lead(one, self.row(id).number) for one in workers for id in one.ids}

    def row(self, id: str) -> Any:
        with self.bureau.store.reading() as tx:
            return tx.run(records.select().where(records.c.id == id)).one()

    def play(self) -> None:
        for _ in range(DEEDS):
            self.now += timedelta(seconds=self.dice.choice([1, 5, 20, 61]))
            deeds = [self.decide, self.decide, self.undo, self.call, self.call]
            self.dice.choice(deeds)(self.dice.choice(list(self.leads)))
            self.check()
        self.now += timedelta(minutes=5)
        for worker in self.workers:
            self.sync(worker, "well")
            assert worker.known == worker.wanted

    def check(self) -> None:
        """What a phone has heard is how what was decided begins: nothing undone, no gap."""
        for worker in self.workers:
            heard = worker.known
            assert heard == worker.wanted[: len(heard)], heard
            assert [one.seq for one in worker.heard] == list(range(1, len(heard) + 1))
        for id, lead in self.leads.items():
            row = self.row(id)
            follows = self.leads[lead.leader].number if lead.leader else None
            assert (row.state, row.follows) == (lead.state, follows)

    def decide(self, id: str) -> None:
        lead = self.leads[id]
        ways = {"10": ("20", "29", "15"), "15": ("29",), "20": ("30",), "30": ("20", "40")}
        ways["25"] = (lead.joined_in,)
        to = self.dice.choice(ways.get(lead.state, ("",)))
        if not to:
            return
        reason = {"29": "NO_SIGN", "20": "WRONG_POST"}.get(to)
        said = Decision(to, lead.state, 1, reason, "请补充", assignee=SUPERVISOR.staff)
        decide(self.bureau.store, SUPERVISOR, id, said, self.now, HOLD)
        self.deeds.append(self.expected(id, to))
        for worker, told in self.deeds[-1].told:
            worker.wanted.append(told)

    def expected(self, id: str, to: str) -> Deed:
        """The step, and what it does to the other leads."""
        lead, was = self.leads[id], replace(self.leads[id])
        lead.leader = ""  # before its own followers are looked for: they come with it
        moved = [one for one in self.leads if self.root(one) == id and one != id]
        if to in ("20", "30", "40") and lead.state != "25":
            early = [k for k, one in self.leads.items() if _joins(one, to)]
            moved += [one for one in early if one not in (id, *moved)]
        before = {id: was, **{one: replace(self.leads[one]) for one in moved}}
        lead.alone |= lead.state == "25"
        lead.state = to
        told: list[tuple[Worker, Told]] = [(lead.author, (id, to, None))]
        for one in moved:
            other = self.leads[one]
            other.joined_in = other.state if other.state in JOINABLE else other.joined_in
            other.state, other.leader, other.alone = "25", id, False
            told.append((other.author, (one, to, lead.number)))
        self.followed += len(moved)
        own, others = told[:1], told[1:]
        others.sort(key=lambda each: (each[0].phone.author, self.leads[each[1][0]].number))
        return Deed(id, before, own + others)

    def root(self, id: str) -> str:
        while self.leads[id].leader:
            id = self.leads[id].leader
        return id

    def undo(self, id: str) -> None:
        with self.bureau.store.reading() as tx:
            last = case_events.last_number(tx, id) or 0
        try:
            undo(self.bureau.store, SUPERVISOR, id, last, self.now, HOLD)
        except (StateChanged, UndoTooLate):
            return
        deed = next(one for one in reversed(self.deeds) if id in one.before)
        later = self.deeds[self.deeds.index(deed) + 1 :]
        assert deed.id == id and not any(deed.before.keys() & one.before.keys() for one in later)
        self.deeds.remove(deed)
        self.leads |= deed.before
        for worker, told in deed.told:
            worker.wanted.reverse()  # the last one that says so
            worker.wanted.remove(told)
            worker.wanted.reverse()

    def call(self, id: str) -> None:
        """A sync call; the server may die before its commit, and the road may lose the reply."""
        self.sync(self.leads[id].author, self.dice.choice(["well", "well", "dies", "lost"]))

    def sync(self, worker: Worker, fate: str) -> None:
        asked = SyncRequest(
            protocol=1, sent_at=self.now, cursor=len(worker.heard), heard=worker.name
        )
        try:
            with self.bureau.store.writing() as tx:
                row = people.one(tx, worker.phone.author)
                assert row
                phone = replace(worker.phone, last_answer=row.last_answer)
                call = ReceivedCall(phone, asked, self.now, IntakeResult())
                [reply] = self.writer.write_replies(tx, [call])
                if fate == "dies":
                    raise Crash
        except Crash:
            return
        if fate == "well":
            assert not reply.retold and reply.cursor == len(worker.heard) + len(reply.answers)
            worker.heard += reply.answers
            worker.name = reply.heard or worker.name


def workers(bureau: Bureau, orders: int) -> Iterator[tuple[int, list[Worker]]]:
    """For each order a place of its own that three duty posts reported, the first of them twice."""
    for n in range(orders):
        phone, found = bureau.enrol(), []  # each of its own: a day allows a phone so much
        for name in "abc":
            with bureau.store.writing() as tx:
                people.add(tx, staff=f"{name}{n}", role="GRID", community=None, grid="g1")
            own = replace(phone, phone=replace(phone.phone, author=f"{name}{n}"))
            plain = [a_report(own) for _ in range(2 if name == "a" else 1)]
            door = plain[0].place.changed(building=f"{n + 1}号楼")
            reports = [one.changed(place=door) for one in plain]
            bureau.receive(own, *map(sent, reports))
            found.append(Worker(own.phone, [str(one.id) for one in reports]))
        yield n, found


def test_no_order_of_deeds_lets_a_phone_hear_what_was_undone(bureau: Bureau) -> None:
    """On PostgreSQL fewer: each of its commits waits for the disk, on SQLite they need not."""
    is_sqlite = bureau.settings.database.startswith("sqlite")
    if is_sqlite:
        raw = bureau.store.engine.raw_connection()
        raw.cursor().execute("PRAGMA synchronous=OFF")
        raw.close()
    followed = 0
    for n, several in workers(bureau, ORDERS if is_sqlite else ORDERS // 8):
        campaign = Campaign(bureau, several, n)
        campaign.play()
        followed += campaign.followed
    assert followed > 10
    undone = sum(row.kind == "undo" for row in bureau.rows(steps))
    told = bureau.count(answers)
    assert undone > 2 and told > 10 and bureau.count(waiting) == 0


def test_a_damaged_answer_that_waits_holds_up_no_other(bureau: Bureau) -> None:
    if not bureau.settings.database.startswith("sqlite"):
        return  # PostgreSQL takes no damaged time
    (_, (worker, *_)), (_, (other, *_)) = workers(bureau, 2)
    for one in (worker, other):
        said = Decision("20", "10", 1)
        decide(bureau.store, SUPERVISOR, one.ids[0], said, BEGIN, HOLD)
    with bureau.store.engine.begin() as connection:
        spoilt = text("UPDATE held_answers SET release_at = 7 WHERE author = 'a0'")
        connection.execute(spoilt)
    with bureau.store.writing() as tx:
        found = held_answers.release(tx, ["a0", "a1"], BEGIN + timedelta(hours=1))
    assert found == {"a1": 2}


@pytest.mark.parametrize("wait", [0, 59, 60])
def test_an_answer_waits_its_minute_and_no_longer(bureau: Bureau, wait: int) -> None:
    ((_, (_, worker, _)),) = workers(bureau, 1)
    decide(bureau.store, SUPERVISOR, worker.ids[0], Decision("20", "10", 1), BEGIN, HOLD)
    with bureau.store.writing() as tx:
        found = held_answers.release(tx, ["b0"], BEGIN + timedelta(seconds=wait))
    assert found == ({"b0": 1} if wait == 60 else {})
