"""`python -m sync_server audit verify`: is the audit log as it was written? `audit head`: where it
ends now, a line to keep elsewhere."""

import argparse
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from sync_server.auditing import words
from sync_server.auditing.anchors import witness_of
from sync_server.auditing.chains import CHAINS, anchor_now, compare, walk
from sync_server.auditing.witnesses import witnesses
from sync_server.settings import Settings
from sync_server.store.engine import Store, Tx


class NotAsWritten(Exception):
    """The message says in plain words what does not fit."""


def command(settings: Settings, arguments: Sequence[str]) -> int:
    """Runs `audit …`; 0 if all is as it was written, else 1."""
    parser = argparse.ArgumentParser(prog="sync_server audit", description=__doc__)
    parser.add_argument("verb", choices=("verify", "head"))
    parser.add_argument(
        "--witness", action="append", default=[], metavar="FILE", help="anchors, one a line"
    )
    options = parser.parse_args(arguments)
    own = [settings.anchors] if settings.anchors else []
    files = [Path(name) for name in dict.fromkeys([*own, *options.witness])]
    try:
        with Store.open(settings.database, settings.bureau) as store, store.reading() as tx:
            lines = _head(tx) if options.verb == "head" else _verified(tx, files)
            for line in lines:
                print(line)
    except NotAsWritten as news:
        print(news)
        return 1
    return 0


def _head(tx: Tx) -> Iterator[str]:
    anchor = anchor_now(tx)
    if anchor is None:
        raise NotAsWritten(words.say("empty"))
    yield witness_of(tx.bureau, anchor, datetime.now(UTC)).line()


def _verified(tx: Tx, files: Sequence[Path]) -> Iterator[str]:
    """What fits. Raises NotAsWritten for the first that does not: in the chains by themselves, then
    beside what was kept outside."""
    for name in CHAINS:
        walked = walk(tx, name)
        if walked.fault:
            raise NotAsWritten(words.fault(walked.fault))
        yield words.whole(name, walked.rows)
    compared = sum(_compared(tx, file) for file in files)
    yield words.say("compared" if compared else "alone", count=compared)


def _compared(tx: Tx, file: Path) -> int:
    """How many anchors of this bureau the file has, all of which fit."""
    count = 0
    try:
        with file.open(encoding="utf-8", errors="replace") as lines:
            for number, witness in witnesses(lines):
                if witness is None:
                    raise NotAsWritten(words.say("bad_line", file=file, line=number))
                if witness.bureau != tx.bureau:
                    continue
                if fault := compare(tx, witness):
                    where = words.say("at", file=file, line=number, day=witness.day)
                    raise NotAsWritten(f"{where}\n{words.fault(fault)}")
                count += 1
    except OSError as error:
        raise NotAsWritten(words.say("no_file", file=file, why=error.strerror)) from error
    if not count:
        raise NotAsWritten(words.say("no_witness", file=file))
    return count
