"""`python -m sync_server import …`: imports a file and prints the result in words."""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from sync_server.importing.headings import KINDS
from sync_server.importing.import_file import ImportRequest, ImportResult, import_file
from sync_server.settings import Settings
from sync_server.store.engine import RejectedByDatabase, Store

MOST_PRINTED = 50  # bad rows; who has more mends these first


def command(settings: Settings, words: Sequence[str]) -> int:
    """Imports one file as the words of the command line ask; 0 if all of it was good, 1 if not."""
    parser = argparse.ArgumentParser(prog="sync_server import", description=__doc__)
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("file", type=Path, help="xlsx, csv, GeoJSON")
    parser.add_argument("--dry-run", action="store_true", help="只检查，不写入 / write nothing")
    parser.add_argument(
        "--whole", action="store_true", help="文件里没有的就删掉 / what the file lacks goes"
    )
    options = parser.parse_args(words)
    store = Store.open(settings.database, settings.bureau)
    request = ImportRequest(options.kind, options.file, whole=options.whole, dry=options.dry_run)
    try:
        return _print_result(import_file(store, request, datetime.now(UTC)), request)
    except RejectedByDatabase:
        print("数据库不接受这些数据，未写入 / the database would not take it", file=sys.stderr)
        return 1
    finally:
        store.close()


def _print_result(result: ImportResult, request: ImportRequest) -> int:
    if result.ignored:
        names = "、".join(result.ignored)
        print(f"没有用到的列（不保存）：{names} / columns not used")
    for bad in result.bad[:MOST_PRINTED]:
        print(bad, file=sys.stderr)
    if result.bad:
        print(f"共 {len(result.bad)} 处，一行也没有写入 / nothing was written", file=sys.stderr)
        return 1
    done = "检查通过，没有写入 / checked, nothing written" if request.dry else "已写入 / done"
    print(f"{done}：新增 {result.added}，更新 {result.changed}，删除 {result.removed}")
    return 0
