"""`python -m sync_server sites rebuild`: links all records to their sites anew, which those of
before there were sites need once; `--check` writes nothing and says what would change."""

import argparse
from collections.abc import Sequence
from datetime import UTC, datetime

from sync_server.settings import Settings
from sync_server.sites.rebuild import check, rebuild
from sync_server.store.engine import Store

SHOWN = 20


def command(settings: Settings, arguments: Sequence[str]) -> int:
    """Runs `sites …`; 0 if all links are what they should be, else 1."""
    parser = argparse.ArgumentParser(prog="sync_server sites", description=__doc__)
    parser.add_argument("verb", choices=("rebuild",))
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args(arguments)
    with Store.open(settings.database, settings.bureau) as store:
        if not options.check:
            rebuild(store, datetime.now(UTC))
        found = check(store)
    print(
        f"核对 {found.records} 条记录，不符 {len(found.wrong)} / looked at, not as they should be"
    )
    if found.unread:
        print(f"{found.unread} 条读不出来 / cannot be read")
    for one in found.wrong[:SHOWN]:
        print(one)
    return 1 if found.wrong else 0
