"""How a report and its photo travel bad roads: python -m bench.roads

The real phone and the real server, and peers on the same roads; bench/chaos.py makes the roads.
All journeys are made at the same time, each on a road of its own: what is slow is the link.
"""

import argparse
import asyncio
import random
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.chaos import Chaos, Link
from bench.photographs import Jpeg, photographs
from bench.running import Caller, a_folder, running, settled
from bench.tables import machine, table, verdict
from bench.travellers import JS_CLIENT, Phone, Went, a_form, a_letter_box, tus_js
from sync_server.accounts.phones import new_code
from sync_server.settings import Settings
from sync_server.store.engine import Store

KBIT = 1000 / 8
FAST = Link(rate=10_000 * KBIT, rtt=0.05)
EDGE = Link(rate=64 * KBIT, rtt=0.3)
PEERS = Link(rate=256 * KBIT, rtt=0.3, cut_kb=(100, 350))
LIKE_THE_ISSUE = "256 kbit/s, 300 ms, cut every 100-350 KB"
ROADS = {
    "4G: 10 Mbit/s, 50 ms": FAST,
    "EDGE: 64 kbit/s, 300 ms, uncut": EDGE,
    "EDGE, 10 % of connections cut": Link(EDGE.rate, EDGE.rtt, cut_kb=(1, 100), share=0.1),
    "EDGE, cut every 20-100 KB": Link(EDGE.rate, EDGE.rtt, cut_kb=(20, 100)),
    "basement: 256 kbit/s, 200 ms, 30 % loss, cut every 20-100 KB": Link(
        256 * KBIT, 0.2, loss=0.3, cut_kb=(20, 100)
    ),
    "4G, dead after 100 KB without a word": Link(
        FAST.rate, FAST.rtt, cut_kb=(100, 100), silent=True
    ),
    "4G behind a login page for 5 s": FAST,
    LIKE_THE_ISSUE: PEERS,
}
PORTAL, UNCUT, CUT = "4G behind a login page for 5 s", *list(ROADS)[1:4:2]
MOST_S = 150
OURS = "xuncha"
# The bars of issue 3.
TEXT_BYTES, UNCUT_TIME, CUT_TIME, HEADROOM, SHARE = 1.2 * 1024, 1.10, 1.35, 4096, 0.02


@dataclass(frozen=True, slots=True)
class Row:
    """One journey on one road."""

    road: str
    who: str
    text: Went | None
    photo: Went
    payload: int

    def again(self, plain: int) -> float:
        """Bytes a cut, both ways and requests included, beyond those of a road without cuts: for
        a peer, beyond the photo itself."""
        meter = self.photo.meter
        plain = plain if self.who == OURS else self.payload
        return (meter.up + meter.down - meter.again - plain) / max(1, meter.cuts)

    def time(self) -> float:
        return self.photo.seconds / (self.payload / ROADS[self.road].rate)

    def cells(self, plain: int) -> list[str]:
        meter, went = self.photo.meter, self.photo
        again = f"{self.again(plain):,.0f}" if meter.cuts and not went.why else ""
        text = f"{self.text.meter.up + self.text.meter.down:,}" if self.text else ""
        seconds = went.why or f"{went.seconds:.1f}"
        over = f"{self.time():.2f}" if not went.why else ""
        bytes_ = f"{(meter.up + meter.down) / self.payload:.3f}"
        cells = [self.road, self.who, text, bytes_, seconds, over, str(went.requests or "")]
        return [*cells, str(meter.cuts), again]


HEAD = (
    *("road", "who", "text report, bytes", "bytes ÷ payload", "s", "time ÷ limit"),
    *("requests", "cuts", "bytes again a cut"),
)


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.roads", description=__doc__)
    parser.add_argument("--dir", type=Path, default=Path("var/bench"), help="on a real disk")
    parser.add_argument("--seed", type=int, default=3, help="of where connections are cut")
    parser.add_argument("--no-peers", action="store_true")
    asked = parser.parse_args()
    if not asked.no_peers and not JS_CLIENT.exists():
        raise SystemExit("tus-js-client is not installed: make test fetches it, or take --no-peers")
    print(machine(), flush=True)
    folder = a_folder(asked.dir)
    settings, callers = settled(folder, f"sqlite:///{folder}/bureau.db", 2)
    with running(settings):
        rows = asyncio.run(_all(folder, settings, callers, asked))
    uncut = next(row for row in rows if row.road == UNCUT)
    plain = uncut.photo.meter.up + uncut.photo.meter.down
    print("\n" + table(HEAD, [row.cells(plain) for row in rows]), flush=True)
    print("\n" + table(("bar", "wanted", "found", ""), _bars(rows, plain)), flush=True)


async def _all(
    folder: Path, settings: Settings, callers: list[Caller], asked: argparse.Namespace
) -> list[Row]:
    pictures, door = photographs(), asyncio.Lock()
    journeys = [
        _phone(Traveller(folder / str(n), settings, door), road, next(pictures), asked.seed + n)
        for n, road in enumerate(ROADS)
    ]
    if not asked.no_peers:
        for n, name in enumerate((CUT, LIKE_THE_ISSUE)):
            photo = next(pictures)
            file = folder / f"{n}.jpg"
            await asyncio.to_thread(file.write_bytes, photo.front + photo.rest)
            journeys += [
                _form(name, photo, asked.seed + n),
                _js(settings, name, callers[n], file, asked.seed + n),
            ]
    return list(await asyncio.gather(*journeys))


@dataclass(frozen=True, slots=True)
class Traveller:
    """Where a phone lives; they enrol one after the other, or the bureau takes it for guessing."""

    folder: Path
    settings: Settings
    door: asyncio.Lock


async def _phone(who: Traveller, name: str, photo: Jpeg, seed: int) -> Row:
    link = ROADS[name]
    async with AsyncExitStack() as stack:
        road = Chaos(who.settings.port, random.Random(seed))
        await stack.enter_async_context(road.open())
        async with who.door:
            code = await asyncio.to_thread(_code, who.settings)
            phone = await stack.enter_async_context(Phone.at(who.folder, road, code))
        text = await phone.carries(Link(link.rate, link.rtt))
        went = await phone.carries(link, photo, healed=5 if name == PORTAL else 0)
    return Row(name, OURS, text, went, photo.size)


async def _js(settings: Settings, name: str, caller: Caller, file: Path, seed: int) -> Row:
    async with Chaos(settings.port, random.Random(seed)).open() as road:
        went = await tus_js(road, ROADS[name], caller, file, MOST_S)
    size = (await asyncio.to_thread(file.stat)).st_size
    return Row(name, "tus-js-client", None, went, size)


async def _form(name: str, photo: Jpeg, seed: int) -> Row:
    async with AsyncExitStack() as stack:
        port = await stack.enter_async_context(a_letter_box())
        road = await stack.enter_async_context(Chaos(port, random.Random(seed)).open())
        went = await a_form(road, ROADS[name], photo, MOST_S)
    return Row(name, "multipart POST", None, went, photo.size)


def _code(settings: Settings) -> str:
    store = Store.open(settings.database, settings.bureau)
    with store.writing() as tx:
        code = new_code(tx, "wg0301", datetime.now(UTC), 3600)
    store.close()
    return code


def _bars(rows: list[Row], plain: int) -> list[list[str]]:
    ours = {row.road: row for row in rows if row.who == OURS}
    texts = [row.text for row in ours.values() if row.text]
    most = max(went.meter.up + went.meter.down for went in texts)
    bars = [
        ("text report, bytes both ways", most, TEXT_BYTES),
        ("text report, requests", max(went.requests for went in texts), 1),
        ("time ÷ limit, EDGE uncut", ours[UNCUT].time(), UNCUT_TIME),
        ("time ÷ limit, EDGE with cuts", ours[CUT].time(), CUT_TIME),
    ]
    for name, row in ours.items():
        if row.photo.meter.cuts and not ROADS[name].silent:
            bar = ROADS[name].product() + HEADROOM
            bars.append((f"bytes again a cut, {name.partition(',')[0]}", row.again(plain), bar))
    cut = ours[CUT].again(plain) / ours[CUT].payload
    bars.append(("of a photo again a cut, EDGE", cut, SHARE))
    bars.append(("journeys that did not arrive", sum(bool(r.photo.why) for r in ours.values()), 0))
    return [
        [
            name,
            f"≤ {bar:g}",
            f"{found:.3g}" if found < 10 else f"{found:,.0f}",
            verdict(found <= bar),
        ]
        for name, found, bar in bars
    ]


if __name__ == "__main__":
    main()
