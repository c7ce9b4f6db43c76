"""`python -m sync_server`: serve, set a bureau up, issue codes and passwords, revoke a phone;
`import` reads lists, `quarantine` shows what could not be recorded, `audit` checks the log,
`protect` seals and renames what an earlier version kept, `sites` links records to their places
anew."""

import argparse
import gc
import getpass
import sys
from collections import deque
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import uvicorn

from contract import wire
from contract.late_patterns import compile_one_by_one
from contract.zone import ZONE
from sync_server import serve
from sync_server.accounts import invitations, passwords, phones
from sync_server.app import build_app
from sync_server.auditing import anchors
from sync_server.auditing import command as auditing
from sync_server.importing import command as importing
from sync_server.importing.row_error import RowError
from sync_server.importing.seed import seed
from sync_server.intake import old_rows, quarantine
from sync_server.settings import Settings
from sync_server.sites import command as site_command
from sync_server.store import audit_log, devices
from sync_server.store import staff as people
from sync_server.store.arrival_key import UnfitKey
from sync_server.store.audit_log import TECHNICIAN, AuditEntry
from sync_server.store.engine import Store, Tx


def main() -> int:
    """Runs one command; returns the exit status."""
    try:
        settings = Settings.from_environment()
        ZONE.set_to(settings.zone)
    except ValueError as error:
        print(f"设置有误，没有启动：{error} / a setting is wrong", file=sys.stderr)
        return 2
    try:
        return _run(settings)
    except UnfitKey:
        file = settings.key_file
        print(f"收件密钥不在或不对，什么也没做：{file} / the arrivals' key", file=sys.stderr)
        return 2


def _run(settings: Settings) -> int:
    own = {"import": importing.command, "audit": auditing.command}  # with arguments of their own
    own |= {"sites": site_command.command}
    if sys.argv[1:2] and (run := own.get(sys.argv[1])):
        return run(settings, sys.argv[2:])
    commands = {"serve": _serve, "enrol": _enrol, "password": _password}
    commands |= {"revoke": _revoke, "quarantine": quarantine.command, "protect": old_rows.command}
    parser = argparse.ArgumentParser(prog="sync_server", description=__doc__)
    parser.add_argument("command", choices=[*commands, "seed"])
    parser.add_argument("--names", action="store_true", help="像人名的核对过 / of seed: see import")
    parser.add_argument(
        "what", nargs="?", default="", help="a county file, a duty post, a device or a digest"
    )
    options = parser.parse_args()
    if options.command == "seed":
        return _seed(settings, options.what, options.names)
    return commands[options.command](settings, options.what)


def _serve(settings: Settings, host: str) -> int:
    address = {"host": host or "127.0.0.1", "port": settings.port}
    options = address | serve.options(settings)
    config = serve.config(build_app(settings), **options)
    server = uvicorn.Server(config)
    anchors.to_journal()
    deque(compile_one_by_one(), maxlen=0)  # not during the first call
    gc.freeze()  # what exists now lives as long as the program: not to be scanned again
    gc.set_threshold(20_000, 20, 20)
    with suppress(KeyboardInterrupt):
        server.run()
    return 0 if server.started else 1


def _seed(settings: Settings, county: str, named: bool) -> int:
    try:
        with Store.open(settings.database, settings.bureau) as store:
            done = seed(store, Path(county), {}, named=named)
    except (wire.Unreadable, RowError, OSError) as error:
        print(f"没有写入：{error} / not written", file=sys.stderr)
        return 1
    print("已建立 / set up" if done else "已有数据，未改动 / not empty, nothing changed")
    return 0 if done else 1


def _enrol(settings: Settings, post: str) -> int:
    with Store.open(settings.database, settings.bureau) as store, store.writing() as tx:
        if not _is_known(tx, post):
            return 1
        age = settings.limits.enrolment_age
        code = phones.new_code(tx, post, datetime.now(UTC), age)
    invitations.show(settings, code, sys.stdout)
    return 0


def _password(settings: Settings, post: str) -> int:
    secret = getpass.getpass("新密码 / new password: ")
    if len(secret) < passwords.SHORTEST_PASSWORD:
        print(f"至少 {passwords.SHORTEST_PASSWORD} 位 / too short", file=sys.stderr)
        return 1
    with Store.open(settings.database, settings.bureau) as store, store.writing() as tx:
        if not _is_known(tx, post):
            return 1
        passwords.change(tx, post, secret, datetime.now(UTC))
    return 0


def _revoke(settings: Settings, device: str) -> int:
    now = datetime.now(UTC)
    with Store.open(settings.database, settings.bureau) as store, store.writing() as tx:
        if not devices.revoke(tx, device, now):
            print(f"没有这部手机 / no device {device!r}", file=sys.stderr)
            return 1
        audit_log.note(tx, AuditEntry(now, TECHNICIAN, "revoke", device))
    return 0


def _is_known(tx: Tx, post: str) -> bool:
    if people.one(tx, post) is None:
        print(f"没有岗位 {post!r} / no duty post {post!r}", file=sys.stderr)
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
