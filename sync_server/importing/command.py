"""`python -m sync_server import …`: what a technician types, and what is told back in words."""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from sync_server.importing.headings import KINDS
from sync_server.importing.import_file import ImportRequest, ImportResult, import_file
from sync_server.settings import Settings
from sync_server.store.engine import RejectedByDatabase, Store

MOST_TOLD = 50  # bad rows; who has more mends these first


def command(settings: Settings, words: Sequence[str]) -> int:
    """Takes one file in; 0 when all of it was good."""
    parser = argparse.ArgumentParser(prog="sync_server import", description=__doc__)
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("file", type=Path, help="xlsx, csv, GeoJSON")
    parser.add_argument("--dry-run", action="store_true", help="只检查，不写入 / write nothing")
    parser.add_argument(
        "--whole", action="store_true", help="文件里没有的就删掉 / what the file lacks goes"
    )
    asked = parser.parse_args(words)
    store = Store.open(settings.database, settings.bureau)
    wish = ImportRequest(asked.kind, asked.file, whole=asked.whole, dry=asked.dry_run)
    try:
        return _told(import_file(store, wish, datetime.now(UTC)), wish)
    except RejectedByDatabase:
        print("数据库不接受这些数据，未写入 / the database would not take it", file=sys.stderr)
        return 1
    finally:
        store.close()


def _told(taken: ImportResult, wish: ImportRequest) -> int:
    if taken.ignored:
        names = "、".join(taken.ignored)
        print(f"没有用到的列（不保存）：{names} / columns not used")
    for bad in taken.bad[:MOST_TOLD]:
        print(bad, file=sys.stderr)
    if taken.bad:
        print(f"共 {len(taken.bad)} 处，一行也没有写入 / nothing was written", file=sys.stderr)
        return 1
    done = "检查通过，没有写入 / checked, nothing written" if wish.dry else "已写入 / done"
    print(f"{done}：新增 {taken.added}，更新 {taken.changed}，删除 {taken.removed}")
    return 0
