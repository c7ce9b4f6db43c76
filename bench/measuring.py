"""One measured round: a server under a load, seen from outside, as numbers."""

import multiprocessing
import time
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from bench.asking import Ask, Load
from bench.load import Done, Line, loaded
from bench.running import Caller, Running
from bench.tables import share
from bench.wares import RECEIPT, Desk, parcels, reply_of

WARM_S = 1.0
FORK = multiprocessing.get_context("fork")


@dataclass(frozen=True, slots=True)
class Round:
    """Reports a second, request times in ms, CPU in ms a report, peak memory in MB."""

    rate: float
    p50: float
    p95: float
    p99: float
    cpu: float
    memory: float


def measured(
    server: Running, desks: Sequence[Desk], load: Load, seconds: float, hands: int = 1
) -> Round:
    """Loads the server for so long from `hands` processes, after a second that does not count."""
    used = desks[: load.connections]
    ends, children = [], []
    for hand in range(min(hands, load.connections)):
        ours, theirs = FORK.Pipe()
        child = FORK.Process(target=loaded, args=(server.port, used[hand::hands], load, theirs))
        child.start()
        theirs.close()
        ends.append(ours)
        children.append(child)
    for end in ends:
        end.recv()
    since = time.monotonic() + WARM_S
    for end in ends:
        end.send((since, since + seconds))
    time.sleep(max(0.0, since - time.monotonic()))
    before = server.cpu_s()
    time.sleep(max(0.0, since + seconds - time.monotonic()))
    spent = server.cpu_s() - before
    done = [end.recv() for end in ends]
    for child in children:
        child.join()
    for one in done:
        if isinstance(one, Exception):
            raise one
    return _round(done, spent, seconds, server.peak_mb())


def _round(done: Sequence[Done], spent: float, seconds: float, memory: float) -> Round:
    reports = sum(one.reports for one in done)
    if not reports:
        raise RuntimeError("nothing was done")
    times = array("d")
    for one in done:
        times.extend(one.times)
    p50, p95, p99 = (share(times, part) * 1000 for part in (0.5, 0.95, 0.99))
    return Round(reports / seconds, p50, p95, p99, spent / reports * 1000, memory)


def introduced(port: int, caller: Caller) -> Desk:
    """A phone after its first call: it holds the reference data and the head of its ledger."""
    desk, sealed = Desk(caller), parcels(caller)
    for _ in range(2):
        call = desk.call([raw for _, raw in islice(sealed, 1)])
        line = Line(port, iter([Ask((call,), b"200", RECEIPT, 1, 1)]))
        line.socket.setblocking(True)
        line.next()
        while not line.pull():
            pass
        desk = desk.hearing(reply_of(line.body))
        line.socket.close()
    return desk
