"""`python -m sync_server import …`: imports a file and prints the result in words."""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sync_server.importing.headings import ALIASES, KINDS, heading
from sync_server.importing.import_file import (
    ImportRequest,
    ImportResult,
    import_file,
    undo_import,
)
from sync_server.importing.preview import Change, RowChange
from sync_server.importing.row_error import printable
from sync_server.importing.words import note
from sync_server.problems import Busy, StorageFull
from sync_server.settings import Settings
from sync_server.store.engine import RejectedByDatabase, Store

MOST_PRINTED = 50  # bad rows; who has more mends these first
MOST_PREVIEWED = 500  # rows of a preview
FAILURES: dict[type[Exception], str] = {
    Busy: "数据库正被别的程序占用或连不上，没有写入；过一会儿再试"
    " / the database is locked or cannot be reached, nothing was written; try again later",
    StorageFull: "磁盘已满，没有写入；腾出空间后再试"
    " / the disk is full, nothing was written; make room and try again",
    RejectedByDatabase: "数据库不接受这些数据，没有写入 / the database would not take it",
    OSError: "数据库文件打不开，没有写入；检查路径、权限和磁盘空间"
    " / the database file cannot be opened, nothing was written; check path, rights and room",
}
CHANGES = {
    Change.NEW: "新增 / new",
    Change.CHANGED: "更新 / changed",
    Change.SAME: "不变 / same",
    Change.REMOVED: "删除 / removed",
}


def command(settings: Settings, words: Sequence[str]) -> int:
    """Imports one file as the words of the command line ask; 0 if all of it was good, 1 if not."""
    parser = _parser()
    options = parser.parse_args(words)
    if not options.undo and not (options.kind and options.file):
        parser.error("the list and the file, or --undo")
    try:
        with Store.open(settings.database, settings.bureau) as store:
            return _undo(store) if options.undo else _import(store, options)
    except tuple(FAILURES) as error:
        failure = next(words for kind, words in FAILURES.items() if isinstance(error, kind))
        print(failure, file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="sync_server import", description=__doc__)
    parser.add_argument("kind", choices=KINDS, nargs="?")
    parser.add_argument("file", type=Path, nargs="?", help="xlsx, xls, ods, csv, GeoJSON, gpkg")
    flags = {
        "--dry-run": "只检查，逐行列出变化，不写入 / show each row's change, write nothing",
        "--whole": "文件里没有的就删掉 / what the file lacks goes",
        "--yes": "确实要删 / delete what others refer to, or the whole list",
        "--everybody": "文件没有网格、社区列：发给全部 / a file without reach is for everybody",
        "--names": "像人名的核对过，是地名、单位名 / names like persons are those of places",
        "--undo": "撤销上一次导入 / take the last import back",
    }
    for flag, meaning in flags.items():
        parser.add_argument(flag, action="store_true", help=meaning)
    parser.add_argument(
        "--ignore", action="append", default=[], metavar="HEADING", help="不读这一列 / leave out"
    )
    return parser


def _import(store: Store, options: argparse.Namespace) -> int:
    request = ImportRequest(
        options.kind,
        options.file,
        whole=options.whole,
        dry=options.dry_run,
        everybody=options.everybody,
        sure=options.yes,
        ignore=tuple(options.ignore),
        named=options.names,
    )
    return _print_result(import_file(store, request, datetime.now(UTC)), request)


def _undo(store: Store) -> int:
    undone = undo_import(store, datetime.now(UTC))
    if undone is None:
        print("没有可以撤销的导入 / there is no import to take back", file=sys.stderr)
        return 1
    kind, file = undone
    print(f"已撤销 {kind} 的导入：{printable(file)} / taken back")
    return 0


def _print_result(result: ImportResult, request: ImportRequest) -> int:
    for code, found in result.notes:
        print(note(code, printable(found, 500)))
    if request.dry:
        for row in result.rows[:MOST_PREVIEWED]:
            print(_row_in_words(row))
        if (more := len(result.rows) - MOST_PREVIEWED) > 0:
            print(f"还有 {more} 行 / {more} more rows")
    for bad in result.bad[:MOST_PRINTED]:
        print(bad, file=sys.stderr)
    if result.bad:
        print(f"共 {len(result.bad)} 处，一行也没有写入 / nothing was written", file=sys.stderr)
        return 1
    done = "检查通过，没有写入 / checked, nothing written" if request.dry else "已写入 / done"
    print(f"{done}：新增 {result.added}，更新 {result.changed}，删除 {result.removed}")
    return 0


def _row_in_words(row: RowChange) -> str:
    where = f"第 {row.line} 行 " if row.line else ""
    fields = "；".join(_field_in_words(*field) for field in row.fields)
    named = f"{printable(row.id)} {printable(row.name)}"
    return f"{where}{CHANGES[row.change]}：{named}" + (f"（{fields}）" if fields else "")


def _field_in_words(name: str, old: Any, new: Any) -> str:
    shown = heading(name) if name in ALIASES else name
    return f"{shown}：{_value(old)} → {_value(new)}"


def _value(value: Any) -> str:
    if value in (None, "", [], ()):
        return "（空）"
    if isinstance(value, list):
        return printable("、".join(map(_item, value)))
    return printable(str(value))


def _item(one: Any) -> str:
    if not isinstance(one, dict):
        return str(one)
    units = "、".join(one.get("units", ()))
    return f"{one['name']}({units})" if units else str(one["name"])
