"""The rounds of the intake benchmark: which server, over which database, under which load."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from bench import limits
from bench.asking import Load
from bench.engines import Engines
from bench.filling import delivered, filled
from bench.measuring import Round, introduced, measured
from bench.running import Running, a_folder, kind, running, settled
from bench.wares import Desk

TOGETHER = 100  # rows in one commit, beside one


@dataclass(frozen=True, slots=True)
class Row:
    """All rounds of one load over one engine."""

    engine: str
    load: Load
    rounds: list[Round]

    def all(self, name: str) -> list[float]:
        return [getattr(one, name) for one in self.rounds]

    def middle(self, name: str) -> float:
        return median(self.all(name))


@dataclass(slots=True)
class Bench:
    """What every round needs."""

    engines: Engines
    folder: Path
    seconds: float
    rounds: int
    hands: int
    ready_s: list[float] = field(default_factory=list)

    def row(self, engine: str, load: Load) -> Row:
        """One load over a new database."""
        folder = a_folder(self.folder)
        with ExitStack() as stack:
            address = self.engines.new(engine, folder)
            server, desks = stack.enter_context(self._serving(folder, address, load.connections))
            return Row(engine, load, [self._round(server, desks, load) for _ in range(self.rounds)])

    def side_by_side(self, engine: str, load: Load, records: int) -> tuple[Row, Row, float]:
        """A new bureau and one with so many records, in turn; and the share of the rate that is
        left, as the middle of the pairs: what a neighbour does then falls on both."""
        folder = a_folder(self.folder)
        with ExitStack() as stack:
            address = self._filled(engine, folder, records)
            pair = [self.engines.new(engine, folder), address]
            bureaus = [
                stack.enter_context(self._serving(folder / str(n), one, load.connections))
                for n, one in enumerate(pair)
            ]
            found = [[self._round(*one, load) for one in bureaus] for _ in range(self.rounds)]
        empty, full = (Row(engine, load, [both[n] for both in found]) for n in range(2))
        return empty, full, median(both[1].rate / both[0].rate for both in found)

    def limits(self) -> list[list[str]]:
        """What disk, databases and bare HTTP do by themselves, each for as long as a round."""
        seconds, postgres = self.seconds, self.engines.postgres
        folder = a_folder(self.folder)
        ones, many = (limits.sqlite_rows(folder, n, seconds) for n in (1, TOGETHER))
        found = {
            f"fdatasync of a page on {kind(folder)}, ms": limits.synced_ms(folder, seconds),
            "300 KB written, synced, renamed, /s": limits.photos(folder, seconds),
            "SQLite, rows/s, one per commit": ones,
            f"SQLite, rows/s, {TOGETHER} per commit": many,
            "PostgreSQL, commits/s, 1 connection": limits.postgres_commits(postgres, 1, seconds),
            "PostgreSQL, commits/s, 8 connections": limits.postgres_commits(postgres, 8, seconds),
        }
        for connections in (1, 8, 32):
            name = f"bare HTTP of the same sizes, requests/s, {connections} connections"
            found[name] = limits.bare_http(Load(connections), seconds)
        return [[name, f"{value:,.{2 if value < 10 else 0}f}"] for name, value in found.items()]

    def _round(self, server: Running, desks: list[Desk], load: Load) -> Round:
        return measured(server, desks, load, self.seconds, self.hands)

    @contextmanager
    def _serving(
        self, folder: Path, address: str, callers: int
    ) -> Iterator[tuple[Running, list[Desk]]]:
        folder.mkdir(exist_ok=True)
        settings, enrolled = settled(folder, address, callers)
        with running(settings) as server:
            self.ready_s.append(server.ready_s)
            yield server, [introduced(server.port, caller) for caller in enrolled]

    def _filled(self, engine: str, folder: Path, records: int) -> str:
        """Made once: a kept one also has what earlier rounds brought."""
        address, is_there = self.engines.kept(engine, records)
        if is_there:
            return address
        try:
            settings, [caller] = settled(folder, address, 1)
            with running(settings) as server:
                delivered(server, caller)
            took = filled(address, caller, records)
        except BaseException:
            self.engines.drop(address)
            raise
        print(f"filled {engine} with {records:,} records in {took:.0f} s", flush=True)
        return address
