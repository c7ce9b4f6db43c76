"""A town for the journeys of other days: each on a phone of its own, and what the bureau holds of
it in the end is looked at, too."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Row, Table, select

from sync_server.store.schema import records
from tests.journeys.a_town import Town, a_town
from tests.journeys.worker import Worker

PLACE = ("add", "building-2", "unit-1", "next")
SITE = (*PLACE, "sign-POSTER", "seal")
LOOK_MS = 300
SLOW_MS = 45_000  # ten seconds of undo, the road, and a machine that does other things besides


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with a_town(tmp_path_factory.mktemp("town")) as found:
        yield found


@pytest.fixture
def one(town: Town) -> Iterator[Worker]:
    with town.worker() as found:
        yield found
        assert found.strangers == []


def taps(one: Worker, *names: str) -> None:
    for name in names:
        one.phone.go(name)


def until(one: Worker, holds: Callable[[], object]) -> None:
    """Looks at the bureau's own rows: on a slow machine a badge may still say what was before."""
    for _ in range(SLOW_MS // LOOK_MS):
        if holds():
            return
        one.phone.page.wait_for_timeout(LOOK_MS)
    raise AssertionError("it did not come")


def logged(town: Town, one: Worker, *names: str) -> Row[Any]:
    """Taps to the seal, and what the bureau has of it."""
    before = len(rows(town, records))
    taps(one, *names)
    until(one, lambda: len(rows(town, records)) > before)
    return newest(town)


def rows(town: Town, table: Table) -> list[Row[Any]]:
    with town.bureau.store.reading() as tx:
        return list(tx.run(select(table)).all())


def newest(town: Town) -> Row[Any]:
    return max(rows(town, records), key=lambda row: row.seq)
