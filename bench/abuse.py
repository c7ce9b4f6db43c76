"""What others notice of attacks: `python -m bench.abuse [seconds] [folder] [attack …]`.

Each attack comes from one process on one core, for some seconds, at a server under normal load:
four phones that send a report every half second. Meanwhile another phone polls and a supervisor
opens the inbox, and both note how long that takes. The first row is without an attack. Loopback
only: all of it comes from one address, as behind a proxy that is not named.
"""

import gzip
import os
import socket
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException
from multiprocessing import Event, Process
from multiprocessing.synchronize import Event as Stop
from pathlib import Path
from urllib.parse import urlencode

from bench.running import HOST, Caller, Running, a_folder, running, settled
from bench.tables import machine, share, table, verdict
from bench.wares import parcels
from sync_server.console.sessions import open_session
from sync_server.domain.roles import Role
from sync_server.settings import Settings
from sync_server.store import staff as people
from sync_server.store.engine import Store

SECONDS, PHONES, CROWD = 20.0, 4, 30
MOST_SYNC_S, MOST_INBOX_S, MOST_MB = 0.3, 0.5, 300
BEGUN = b'{"protocol":1,"sent_at":"2026-11-29T22:00:00+08:00"'
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
Attack = Callable[[int, Caller, Stop], None]


def ask(port: int, method: str, path: str, body: bytes = b"", **headers: str) -> int:
    """One request on a connection of its own; its status, 0 if there was no answer."""
    line = HTTPConnection(HOST, port, timeout=30)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        line.request(method, path, body or None, named)
        answer = line.getresponse()
        answer.read()
        return answer.status
    except (OSError, HTTPException):
        return 0
    finally:
        line.close()


def signed(caller: Caller) -> dict[str, str]:
    return {"Authorization": f"Bearer {caller.token}"}


def send_zipped(raw: bytes) -> Attack:
    """The same costly body again and again."""
    zipped = gzip.compress(raw, 9)

    def attack(port: int, caller: Caller, stop: Stop) -> None:
        while not stop.is_set():
            ask(port, "POST", "/v1/sync", zipped, Content_Encoding="gzip", **signed(caller))

    return attack


def crowd(one: Callable[[int, int], object]) -> Attack:
    """CROWD threads that do the same at once, without end; each with another number."""

    def attack(port: int, _: Caller, stop: Stop) -> None:
        def again(n: int) -> None:
            while not stop.is_set():
                one(port, n)
                n += CROWD

        threads = [threading.Thread(target=again, args=(n,)) for n in range(CROWD)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    return attack


def sign_in(port: int, n: int) -> None:
    form = urlencode({"csrf": "x", "staff": f"nobody{n}", "password": "zzzz"}).encode()
    ask(port, "POST", "/sign-in", form, Cookie="xuncha_sign_in=x", **FORM)


def guess(port: int, n: int) -> None:
    ask(port, "POST", "/v1/enrolments", b'{"code":"%012d"}' % (n * 7_919 % 10**12))


def hold(said: bytes, at_once: int = 1_030) -> Attack:
    """As many connections as Debian gives files, all of which say this and then nothing."""

    def attack(port: int, _: Caller, stop: Stop) -> None:
        held: list[socket.socket] = []
        while not stop.is_set():
            with suppress(OSError):
                line = socket.create_connection((HOST, port), timeout=5)
                line.sendall(said)
                held.append(line)
            if len(held) >= at_once:
                held.pop(0).close()
                time.sleep(0.005)

    return attack


def endless_head(port: int, _: Caller, stop: Stop) -> None:
    while not stop.is_set():
        with suppress(OSError), socket.create_connection((HOST, port), timeout=5) as line:
            line.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nX: ")
            while not stop.is_set():
                line.sendall(b"a" * 1_000_000)


def nothing(_: int, __: Caller, stop: Stop) -> None:
    stop.wait()


UNFINISHED = b"POST /v1/sync HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n{"
ATTACKS: dict[str, Attack] = {
    "none": nothing,
    "8 KB of gzip, torn brackets": send_zipped(
        BEGUN + b',"x":1e999,"arrivals":[' + b"[]," * 2_700_000 + b"1]}"
    ),
    "as costly as may be, torn": send_zipped(
        BEGUN + b',"x":1e999,"arrivals":[' + b"[[]," * 20_000 + b"1" + b"]" * 20_000 + b"]}"
    ),
    "as costly as may be, valid": send_zipped(BEGUN + b',"x":[' + b"{}," * 45_000 + b"{}]}"),
    "30 sign-ins at once": crowd(sign_in),
    "30 guesses at codes at once": crowd(guess),
    "1,030 silent connections": hold(b""),
    "1,030 unfinished bodies": hold(UNFINISHED),
    "a head without end": endless_head,
}


def watch(ask_once: Callable[[], int], pause: float, stop: threading.Event) -> Sequence[float]:
    """How long each request took, until stopped; one without a right answer took for ever."""
    waits = []
    while not stop.is_set():
        begun = time.monotonic()
        is_well = ask_once() == 200
        waits.append(time.monotonic() - begun if is_well else float("inf"))
        time.sleep(pause)
    return waits


def main() -> int:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS
    folder = a_folder(Path(sys.argv[2] if len(sys.argv) > 2 else "var"))
    settings, callers = settled(folder, f"sqlite:///{folder}/bureau.db", PHONES + 2)
    cookie = session(settings)
    rows, is_met = [], True
    print(machine())
    for name in sys.argv[3:] or ATTACKS:
        attack = ATTACKS[name]
        with running(settings) as server:
            sync, inbox = under(server, callers, cookie, attack, seconds)
            mb = server.peak_mb()
        good = sync <= MOST_SYNC_S and inbox <= MOST_INBOX_S and mb <= MOST_MB
        is_met = is_met and good
        rows.append([name, f"{sync * 1000:.0f}", f"{inbox * 1000:.0f}", f"{mb:.0f}", verdict(good)])
        print(rows[-1], flush=True)
    head = ["attack", "sync p95, ms", "inbox p95, ms", "peak, MB", "bar"]
    print(table(head, rows))
    return 0 if is_met else 1


def session(settings: Settings) -> str:
    """The cookie of a supervisor who has signed in."""
    store = Store.open(settings.database, settings.bureau)
    with store.writing() as tx:
        people.add(tx, staff="watcher", role=Role.SUPERVISOR.value)
        secret = open_session(tx, "watcher", datetime.now(UTC))
    store.close()
    return f"xuncha_session={secret}"


def under(
    server: Running, callers: Sequence[Caller], cookie: str, attack: Attack, seconds: float
) -> tuple[float, float]:
    """p95 of another phone's polls and of the inbox, in seconds, while the attack goes on."""
    attacker, other, *usual = callers
    stop, over = Event(), threading.Event()
    waits: dict[str, Sequence[float]] = {}
    tasks: dict[str, tuple[Callable[[], int], float]] = {
        "sync": (lambda: ask(server.port, "POST", "/v1/sync", BEGUN + b"}", **signed(other)), 0.05),
        "inbox": (lambda: ask(server.port, "GET", "/inbox", Cookie=cookie), 0.2),
        **{f"phone {n}": (reporting(server, one), 0.5) for n, one in enumerate(usual)},
    }

    def run(name: str) -> None:
        waits[name] = watch(*tasks[name], over)

    threads = [threading.Thread(target=run, args=(name,)) for name in tasks]
    process = Process(target=_alone, args=(attack, server.port, attacker, stop))
    process.start()
    time.sleep(1)
    for thread in threads:
        thread.start()
    time.sleep(seconds)
    over.set()
    for thread in threads:
        thread.join()
    stop.set()
    process.join(40)
    process.kill()
    return share(waits["sync"], 0.95), share(waits["inbox"], 0.95)


def reporting(server: Running, caller: Caller) -> Callable[[], int]:
    """Sends another report with each call."""
    sealed = parcels(caller, 0)

    def send() -> int:
        body = BEGUN + b',"arrivals":[' + next(sealed)[1] + b"]}"
        return ask(server.port, "POST", "/v1/sync", body, **signed(caller))

    return send


def _alone(attack: Attack, port: int, caller: Caller, stop: Stop) -> None:
    """The attack, on one core."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    attack(port, caller, stop)


if __name__ == "__main__":
    sys.exit(main())
