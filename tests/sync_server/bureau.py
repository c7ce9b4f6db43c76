"""A bureau to test with: an invented county, its duty posts, phones that enrol and send reports."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

from sqlalchemy import Table, func, select

from contract import wire
from contract.place import Place
from contract.protocol import ArrivalKind, EnrolmentRequest, Outcome
from contract.report import Report, Withdrawal
from contract.value import Value
from contract.wire import Json
from sync_server.accounts.phones import Phone, enrol, new_code, phone_of
from sync_server.casework.review import decide
from sync_server.domain.decisions import Decision
from sync_server.domain.roles import Role, Staff
from sync_server.intake.receive import CallArrivals, IntakeResult, receive
from sync_server.intake.validate import validate
from sync_server.settings import Settings
from sync_server.store import lists, places
from sync_server.store import staff as people
from sync_server.store.arrivals import sent_bytes
from sync_server.store.engine import Store, Tx
from sync_server.store.schema import records
from sync_server.store.sealing import with_key
from tests.builders import a_name

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
HERE, THERE = "999900100001", "999900100002"
SUPERVISOR = Staff("shenhe1", Role.SUPERVISOR)
POSTS = {
    "wg1": (Role.GRID, HERE, "g1"),
    "wg2": (Role.GRID, THERE, "g2"),
    "shenhe1": (Role.SUPERVISOR, None, None),
    "shequ1": (Role.COMMUNITY, HERE, None),
}
PLACES: dict[str, list[dict[str, Any]]] = {
    "communities": [
        {"community": HERE, "name": "示例社区"},
        {"community": THERE, "name": "模拟社区"},
    ],
    "grids": [
        {"grid": "g1", "name": "第1网格", "community": HERE},
        {"grid": "g2", "name": "第2网格", "community": THERE},
    ],
    "compounds": [
        {"compound": "c1", "name": "样例苑", "initials": "yly", "community": HERE, "grid": "g1"},
        {
            "compound": "c2",
            "name": "示范公寓",
            "initials": "sfgy",
            "community": THERE,
            "grid": "g2",
        },
    ],
}


@dataclass(frozen=True, slots=True)
class Handset:
    """An enrolled phone as the bureau knows it, and its token."""

    phone: Phone
    token: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


@dataclass(frozen=True, slots=True)
class Bureau:
    """What tests do at a bureau without going through HTTP."""

    settings: Settings
    store: Store

    @classmethod
    def open(cls, settings: Settings) -> Self:
        store = with_key(Store.open(settings.database, settings.bureau), settings.key_file)
        with store.writing() as tx:
            equip(tx)
        return cls(settings, store)

    def code(self, post: str = "wg1", now: datetime | None = None, lasts_s: int = 3600) -> str:
        """A one-time code."""
        with self.store.writing() as tx:
            return new_code(tx, post, now or datetime.now(UTC), lasts_s)

    def enrol(self, post: str = "wg1") -> Handset:
        asked = EnrolmentRequest(code=self.code(post), model="示例手机")
        token = enrol(self.store, asked, datetime.now(UTC)).token
        with self.store.reading() as tx:
            return Handset(phone_of(tx, f"Bearer {token}"), token)

    def receive(
        self, handset: Handset, *things: Json, skew_s: int = 0, now: datetime = NOW
    ) -> IntakeResult:
        found = [validate(thing, handset.phone.author) for thing in things]
        return receive(self.store, CallArrivals(handset.phone, skew_s, now, found))

    def decide(self, report: Report, to: str, **said: Any) -> None:
        """The supervisor decides about the record's current revision."""
        row = self.row(records, id=str(report.id))
        seen = {"seen_state": row.state, "seen_revision": row.revision} | said
        decide(self.store, SUPERVISOR, str(report.id), Decision(to, **seen), NOW)

    def rows(self, table: Table, **where: Any) -> Sequence[Any]:
        """All rows of a table of this bureau, in order of their key."""
        wanted = select(table).where(table.c.bureau == self.store.bureau)
        for name, value in where.items():
            wanted = wanted.where(table.c[name] == value)
        with self.store.reading() as tx:
            return tx.run(wanted.order_by(*table.primary_key)).all()

    def row(self, table: Table, **where: Any) -> Any:
        rows = self.rows(table, **where)
        assert len(rows) == 1, rows
        return rows[0]

    def sent(self, table: Table, **where: Any) -> bytes:
        """What the phone sent, of the one row of arrivals or quarantine."""
        row = self.row(table, **where)
        with self.store.reading() as tx:
            return sent_bytes(tx, row)

    def count(self, table: Table) -> int:
        wanted = select(func.count()).select_from(table)
        with self.store.reading() as tx:
            return int(tx.run(wanted.where(table.c.bureau == tx.bureau)).scalar_one())


def equip(tx: Tx) -> None:
    """The bureau's name, its places and its duty posts."""
    places.name_bureau(tx, "示例旗教育体育局")
    for kind, rows in PLACES.items():
        lists.replace(tx, kind, rows)
    for code, (role, community, grid) in POSTS.items():
        people.add(tx, staff=code, role=role.value, community=community, grid=grid)


def a_report(handset: Handset, **changes: Any) -> Report:
    """A valid, sealed report of this phone; `changes` may make it invalid."""
    plain = Report(
        id=changes.pop("id", None) or a_name(),
        revision=1,
        device=handset.phone.device,
        author=handset.phone.author,
        seen_at=NOW,
        sealed_at=NOW,
        place=Place(
            community=HERE,
            compound="c1",
            compound_name="样例苑",
            building="3号楼",
            unit="2单元",
            venue="RESIDENTIAL",
        ),
        signs=("PUPILS_ENTERING",),
        note="18:30有学生进出",
    )
    return plain.changed(**changes)


def a_withdrawal(report: Report, **changes: Any) -> Withdrawal:
    return Withdrawal(
        id=report.id, revision=report.revision, device=report.device, author=report.author, at=NOW
    ).changed(**changes)


def sent(value: Value, kind: ArrivalKind = ArrivalKind.REPORT) -> Json:
    """The JSON of an arrival as a phone sends it."""
    kinds = {"Withdrawal": ArrivalKind.WITHDRAWAL, "Patrol": ArrivalKind.PATROL}
    kinds |= {"Suggestion": ArrivalKind.SUGGESTION, "Objection": ArrivalKind.OBJECTION}
    kind = kinds.get(type(value).__name__, kind)
    return {"kind": kind.value, "body": wire.to_json(value)}


def outcomes(received: IntakeResult) -> list[Outcome]:
    return [receipt.outcome for receipt in received.receipts]


def codes(received: IntakeResult) -> list[str]:
    return [refusal.code for refusal in received.refusals]
