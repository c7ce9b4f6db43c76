"""A town again and again, each time with other names, as the rows of a bureau's tables."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Table, create_engine, insert, make_url

from bench.towns import Town
from contract.cases import CaseState
from contract.reference import Compound
from contract.report import Report
from contract.search_text import search_text
from sync_server.domain.located import locate
from sync_server.domain.site_key import RULE, SiteKey, own_site_id, site_id, site_key
from sync_server.importing.list_rows import list_row
from sync_server.sites.gazetteer import gazetteer_of
from sync_server.sites.linking import door_of
from sync_server.store import lists
from sync_server.store.engine import Store
from sync_server.store.schema import arrivals, records, site_links, sites

BUREAU, CHUNK = "9999", 5_000
FIRST = datetime(2026, 1, 1, tzinfo=UTC)
# Signs that no name of bench/towns.py has: each copy puts one before its names.
SIGNS = "丰乐永宁康庆祥云龙凤梅兰竹菊松柏杨柳桃杏梨枣石川江河湖"
SIGNS += "星月天地风雷雨雪夏秋冬红蓝青紫白银铜铁玖琪瑞璐"
Row = dict[str, Any]
TABLES = (arrivals, records, sites, site_links)


class Copies:
    """So `many` reports in copies of a town; the first one keeps its names."""

    def __init__(self, town: Town, many: int) -> None:
        self.town, self.many = town, many
        self.number = -(-many // len(town.told))
        if self.number > len(SIGNS) + 1:
            raise SystemExit(f"no more than {len(SIGNS) + 1} copies of {len(town.told):,} reports")

    @property
    def whole(self) -> int:
        """How many copies have all their reports."""
        return max(1, self.many // len(self.town.told))

    def compound(self, copy: int, n: int) -> Compound:
        """As the bureau's list has it."""
        one, sign = self.town.compounds[n], self.sign(copy)
        told = {"id": self.area(copy, one.id), "name": sign + one.name}
        return one.changed(**told, aliases=tuple(sign + name for name in one.aliases))

    def sign(self, copy: int) -> str:
        """What stands before the names of this copy."""
        return SIGNS[copy - 1] if copy else ""

    def area(self, copy: int, area: str) -> str:
        """The area of a site of this copy."""
        return f"{copy}-{area}" if copy else area

    def id(self, n: int) -> str:
        """The id of the report that came as number `n`, from 0."""
        copy, k = divmod(n, len(self.town.told))
        return f"{copy:04x}{str(self.town.told[k].report.id)[4:]}"

    def ids(self, copy: int, told: Iterable[int]) -> frozenset[str]:
        """The ids of reports of one copy, as far as they came."""
        numbers = (copy * len(self.town.told) + k for k in told)
        return frozenset(self.id(n) for n in numbers if n < self.many)

    def ids_in_all(self, told: Sequence[int]) -> frozenset[str]:
        """The same of all copies."""
        return frozenset[str]().union(*(self.ids(copy, told) for copy in range(self.number)))


def filled(address: str, copies: Copies) -> str:
    """Writes lists, arrivals, records, sites and links to a new database; returns its address."""
    with Store.open(address, BUREAU) as store, store.writing() as tx:
        every = (
            copies.compound(copy, n)
            for copy in range(copies.number)
            for n in range(len(copies.town.compounds))
        )
        lists.replace(tx, "compounds", [_listed(one) for one in every])
    url = make_url(address)
    is_sqlite = url.get_backend_name() == "sqlite"
    engine = create_engine(url if is_sqlite else url.set(drivername="postgresql+psycopg"))
    with engine.connect() as connection:
        if is_sqlite:
            connection.exec_driver_sql("PRAGMA synchronous=OFF")
        _written(connection, copies)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        # What autovacuum does by itself; SQLite is left as it is where nobody analyses it.
        connection.exec_driver_sql(
            "PRAGMA wal_checkpoint(TRUNCATE)" if is_sqlite else "VACUUM ANALYZE"
        )
    engine.dispose()
    return address


def _listed(one: Compound) -> Row:
    return list_row("compounds", {**one.model_dump(mode="json"), "compound": one.id})


def _written(connection: Connection, copies: Copies) -> None:
    there = set[str]()
    rows = _rows(copies)
    while chunk := list(islice(rows, CHUNK)):
        for n, name in enumerate(TABLES):
            each = [row[n] for row in chunk]
            if name is sites:
                each = list({row["site"]: row for row in each if row["site"] not in there}.values())
                there.update(row["site"] for row in each)
            _insert(connection, name, each)
        connection.commit()


def _insert(connection: Connection, name: Table, rows: Sequence[Row]) -> None:
    if rows:
        connection.execute(insert(name), [{"bureau": BUREAU, **row} for row in rows])


def _rows(copies: Copies) -> Iterator[tuple[Row, ...]]:
    """Of each report a row for each of the TABLES."""
    known = gazetteer_of(copies.town.compounds)
    told = [each.report for each in copies.town.told]
    keys = [site_key(one, locate(one.place, known), known) for one in told]
    words = [one.place.in_words[:190] for one in told]
    folded = [search_text(each) for each in words]
    for n in range(copies.many):
        copy, k = divmod(n, len(told))
        at = FIRST + timedelta(seconds=n)
        number, sign = f"{BUREAU}-{n + 1:06d}", copies.sign(copy)
        place = {"place": sign + words[k], "place_folded": sign + folded[k]}
        came: Row = {"id": copies.id(n), "kind": told[k].kind.value, "revision": 1}
        came |= {"digest": f"{n:064x}", "number": number, "device": "d1", "received_at": at}
        yield (
            {**came, "position": n + 1, "hash": "", "outcome": "RECORDED", "raw": b"", "skew_s": 0},
            {**came, "seq": n + 1, **place, **_record(told[k], at)},
            *_linked(copies, copy, keys[k], came["id"], at),
        )


def _record(report: Report, at: datetime) -> Row:
    told = {"state": CaseState.REPORTED, "author": "wg1"}
    body = {"fix": None, "place": {"compound": report.place.compound}, "signs": report.signs}
    times = dict.fromkeys(("seen_at", "changed_at", "first_at"), at)
    return {**told, **times, "disputed": False, "rivals": [], "body": body, "skew_s": 0}


def _linked(
    copies: Copies, copy: int, key: SiteKey, report: object, at: datetime
) -> tuple[Row, Row]:
    area, door = door_of(key)
    area = copies.area(copy, area)
    site = site_id(area, door) if door else own_site_id(str(report), area)
    where = {"site": site, "area": area, "door": door}
    link = {"report": report, "n": 1, "firm": key.firm, "rule": RULE, "evidence": [], "weight": 0.0}
    return where | {"fork": "", "opened_at": at}, where | link | {"staff": "", "at": at}
