"""`python -m sync_server`: serve, set a bureau up, issue codes and passwords, revoke a phone;
`import` reads lists, `quarantine` shows what could not be recorded."""

import argparse
import gc
import getpass
import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import uvicorn

from contract import wire
from sync_server import serve
from sync_server.accounts import invitations, passwords, phones
from sync_server.app import build_app
from sync_server.importing import command as importing
from sync_server.importing.seed import seed
from sync_server.intake import quarantine
from sync_server.settings import Settings
from sync_server.store import audit_log, devices
from sync_server.store import staff as people
from sync_server.store.audit_log import AuditEntry
from sync_server.store.engine import Store, Tx


def main() -> int:
    """Runs one command; returns the exit status."""
    if sys.argv[1:2] == ["import"]:
        return importing.command(Settings.from_environment(), sys.argv[2:])
    commands = {"serve": _serve, "seed": _seed, "enrol": _enrol, "password": _password}
    commands |= {"revoke": _revoke, "quarantine": quarantine.command}
    parser = argparse.ArgumentParser(prog="sync_server", description=__doc__)
    parser.add_argument("command", choices=commands)
    parser.add_argument(
        "what", nargs="?", default="", help="a county file, a duty post, a device or a digest"
    )
    options = parser.parse_args()
    return commands[options.command](Settings.from_environment(), options.what)


def _serve(settings: Settings, host: str) -> int:
    address = {"host": host or "127.0.0.1", "port": settings.port}
    options = address | serve.options(settings)
    config = serve.config(build_app(settings), **options)
    server = uvicorn.Server(config)
    gc.freeze()  # what exists now lives as long as the program: not to be scanned again
    gc.set_threshold(20_000, 20, 20)
    with suppress(KeyboardInterrupt):
        server.run()
    return 0 if server.started else 1


def _seed(settings: Settings, county: str) -> int:
    store = Store.open(settings.database, settings.bureau)
    try:
        done = seed(store, Path(county), {})
    except (wire.Unreadable, OSError) as error:
        print(f"读不出来，没有写入：{error} / not written", file=sys.stderr)
        return 1
    print("已建立 / set up" if done else "已有数据，未改动 / not empty, nothing changed")
    return 0 if done else 1


def _enrol(settings: Settings, post: str) -> int:
    store = Store.open(settings.database, settings.bureau)
    with store.writing() as tx:
        if not _is_known(tx, post):
            return 1
        age = settings.limits.enrolment_age
        code = phones.new_code(tx, post, datetime.now(UTC), age)
    invitations.show(settings, code, sys.stdout)
    return 0


def _password(settings: Settings, post: str) -> int:
    store = Store.open(settings.database, settings.bureau)
    secret = getpass.getpass("新密码 / new password: ")
    if len(secret) < passwords.SHORTEST_PASSWORD:
        print(f"至少 {passwords.SHORTEST_PASSWORD} 位 / too short", file=sys.stderr)
        return 1
    with store.writing() as tx:
        if not _is_known(tx, post):
            return 1
        people.set_password(tx, post, passwords.hash_password(secret))
    return 0


def _revoke(settings: Settings, device: str) -> int:
    store = Store.open(settings.database, settings.bureau)
    now = datetime.now(UTC)
    with store.writing() as tx:
        if not devices.revoke(tx, device, now):
            print(f"没有这部手机 / no device {device!r}", file=sys.stderr)
            return 1
        audit_log.note(tx, AuditEntry(now, "technician", "revoke", device))
    return 0


def _is_known(tx: Tx, post: str) -> bool:
    if people.one(tx, post) is None:
        print(f"没有岗位 {post!r} / no duty post {post!r}", file=sys.stderr)
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
