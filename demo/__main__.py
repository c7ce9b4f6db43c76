"""`make run`: both programs on this machine, a county to look at, and one lead played through."""

import asyncio
import fcntl
import os
import signal
import socket
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from demo import play
from demo.programs import Program, reachable
from demo.stage import CannotStart, Stage
from sync_server.settings import Settings

ROOT = Path(__file__).parent.parent
HOST = "127.0.0.1"
LAST_PORT = 65535


def main(folder: Path = ROOT / "var") -> int:
    """Runs until Ctrl-C; returns the exit status."""
    try:
        settings = settings_of(os.environ)
        with alone_in(folder):
            for port in (settings.port, settings.port + 1):
                if taken(port):
                    raise CannotStart(
                        f"端口 {port} 已被占用，换一个：PORT=8100 make run"
                        f" / port {port} is taken: PORT=8100 make run"
                    )
            return perform(settings, folder)
    except CannotStart as reason:
        print(reason, file=sys.stderr)
        return 1


def settings_of(environment: Mapping[str, str]) -> Settings:
    """Raises CannotStart for a number that is none, or a port beside which there is no other."""
    port = environment.get("PORT", "8000")
    if not (port.isascii() and port.isdecimal() and 0 < int(port) < LAST_PORT):
        raise CannotStart(
            f"PORT={port} 不是端口号，例如：PORT=8100 make run"
            f" / PORT={port} is no port, for example: PORT=8100 make run"
        )
    return Settings.from_environment(environment)


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Holds the folder while the block runs. Raises CannotStart if another run holds it: two would
    write into one database and one file of passwords."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / "lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as held:
            raise CannotStart(
                f"{folder} 正在被另一个 make run 使用，请先用 Ctrl-C 结束它"
                f" / another make run uses {folder}: end it with Ctrl-C first"
            ) from held
        yield


def perform(settings: Settings, folder: Path) -> int:
    """Sets the county up and runs both programs until Ctrl-C."""
    signal.signal(signal.SIGTERM, _as_interrupt)
    stage = Stage.set_up(settings, ROOT / "demo/county.json", folder)
    try:
        _run(stage)
    except KeyboardInterrupt:
        print("\n已停止，数据在 var/ / stopped; the data stays in var/")
    finally:
        stage.close()
    return 0


def taken(port: int) -> bool:
    """Whether somebody listens on this loopback port already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return True
    return False


def _run(stage: Stage) -> None:
    bureau = f"http://{HOST}:{stage.settings.port}"
    field = f"http://{HOST}:{stage.settings.port + 1}"
    with Program.server(stage.settings) as server:
        reachable(stage.settings.port, server)
        if stage.kept.played is None:
            stage.keep_played(asyncio.run(play.one_lead(stage, _say)))
        else:
            print(f"数据仍在 / the data is here again: {stage.kept.played}")
        with Program.field_app(stage.settings.port + 1, bureau, stage.folder / "phones") as phone:
            reachable(stage.settings.port + 1, phone)
            print(stage.billboard(bureau, field), flush=True)
            _until_one_ends(server, phone)


def _say(line: str) -> None:
    print(line, flush=True)


def _until_one_ends(*programs: Program) -> None:
    while all(program.running() for program in programs):
        signal.sigtimedwait([], 1)


def _as_interrupt(*_: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
