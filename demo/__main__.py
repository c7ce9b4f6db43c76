"""`make run`: both programs on this machine, a county to look at, and one lead played through."""

import asyncio
import signal
import socket
import sys
from pathlib import Path

from demo import play
from demo.programs import Program, reachable
from demo.stage import Stage
from sync_server.settings import Settings

ROOT = Path(__file__).parent.parent
HOST = "127.0.0.1"


def main() -> int:
    """Runs until Ctrl-C; returns the exit status."""
    settings = Settings.from_environment()
    for port in (settings.port, settings.port + 1):
        if taken(port):
            print(
                f"端口 {port} 已被占用，换一个：PORT=8100 make run"
                f" / port {port} is taken: PORT=8100 make run",
                file=sys.stderr,
            )
            return 1
    signal.signal(signal.SIGTERM, _as_interrupt)
    stage = Stage.set_up(settings, ROOT / "demo/county.json", ROOT / "var")
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
