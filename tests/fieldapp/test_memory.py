"""What the phone remembers between two starts, in a real notebook that is opened again."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from contract.codelists import CodeLists, built_in
from contract.patrol import Patrol
from contract.protocol import GENESIS
from contract.reference import Places
from fieldapp.adapters.sqlite_notebook import SqliteNotebook
from fieldapp.memory.memory import LastRound, LedgerLink, Memory, WorkerSettings
from tests.builders import NOON, a_name, a_parcel, an_identity


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "notebook.db"


@pytest.fixture
def memory(path: Path) -> Iterator[Memory]:
    notebook = SqliteNotebook(path)
    yield Memory(notebook)
    notebook.close()


def test_a_new_phone_knows_nobody_and_offers_what_it_shipped_with(memory: Memory) -> None:
    assert memory.identity() is None
    assert memory.settings() == WorkerSettings(language="zh")
    assert memory.lists() == built_in()
    assert memory.places() == Places(version="")
    assert (memory.patrol(), memory.last_round()) == (None, None)
    assert (memory.cursor(), memory.ledger()) == (0, (0, GENESIS))


def test_what_was_kept_is_there_after_a_start(memory: Memory, path: Path) -> None:
    patrol = Patrol(id=a_name(), device="d1", author="wg0301", started_at=NOON)
    lists, places = CodeLists(version="9", lists={}), Places(version="7")
    last = LastRound(at=NOON, ok=False, why="no_road")
    memory.keep_identity(an_identity())
    memory.keep_settings(WorkerSettings(language="en", left_handed=True))
    memory.keep_lists(lists)
    memory.keep_places(places)
    memory.keep_patrol(patrol)
    memory.keep_cursor(41)
    memory.keep_last_round(last)
    again = Memory(SqliteNotebook(path))
    assert again.identity() == an_identity()
    assert again.settings() == WorkerSettings(language="en", left_handed=True)
    assert (again.lists(), again.places(), again.patrol()) == (lists, places, patrol)
    assert (again.cursor(), again.last_round()) == (41, last)


def test_an_ended_patrol_is_forgotten(memory: Memory) -> None:
    memory.keep_patrol(Patrol(id=a_name(), device="d1", author="wg0301", started_at=NOON))
    memory.keep_patrol(None)
    assert memory.patrol() is None


def test_the_card_is_confirmed_once_for_each_patrol(memory: Memory) -> None:
    first, second = a_name(), a_name()
    memory.confirm_card(first, NOON)
    assert memory.card_confirmed(first)
    assert not memory.card_confirmed(second)


def test_a_phone_under_a_new_name_hears_everything_again(memory: Memory) -> None:
    head = LedgerLink(position=3, digest="0" * 64, number="R-3", hash="1" * 64)
    memory.keep_identity(an_identity())
    memory.keep_cursor(41)
    memory.keep_link(head)
    memory.keep_ledger_head(head)
    memory.keep_highest_link(head)
    memory.break_ledger(3)
    memory.keep_identity(an_identity(device="d2"))
    assert (memory.cursor(), memory.ledger()) == (0, (0, GENESIS))
    assert not memory.ledger_broken()
    assert (memory.link(3), memory.highest_link()) == (None, None)


def test_a_new_code_for_the_same_name_changes_nothing_else(memory: Memory) -> None:
    memory.keep_identity(an_identity())
    memory.keep_cursor(41)
    memory.keep_identity(an_identity(address="https://moved.example"))
    assert memory.cursor() == 41


def test_settings_of_a_newer_app_are_read_and_passed_on(memory: Memory) -> None:
    memory.keep_settings(WorkerSettings.model_validate({"theme": "dark", "haptics": True}))
    kept = memory.settings().changed(language="en")
    assert (kept.theme, kept.model_extra) == ("dark", {"haptics": True})


def test_a_parcel_set_aside_keeps_its_bytes(memory: Memory) -> None:
    parcel = a_parcel(now=NOON + timedelta(hours=1), note="门口有招牌")
    memory.keep_refused(parcel)
    assert memory.refused(parcel.digest) == parcel
    assert memory.refused("0" * 64) is None


def test_a_road_that_was_never_tried_carries_whole_batches(memory: Memory) -> None:
    assert memory.batch_size(50) == 50
    memory.keep_batch_size(3)
    assert memory.batch_size(50) == 3
