"""The verdict over a campaign sees whatever could be lost, doubled or changed."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, select, update

from sync_server.settings import Settings
from sync_server.store.engine import Store
from sync_server.store.schema import arrivals, records
from tests.kills.campaigns import claimed
from tests.kills.verdict import Lost, agreed
from tests.kills.warming import delivered

Spoil = Callable[[Store, Path], None]


def without_a_record(store: Store, _: Path) -> None:
    with store.writing() as tx:
        tx.run(delete(records))


def without_an_arrival(store: Store, _: Path) -> None:
    with store.writing() as tx:
        tx.run(delete(arrivals))


def with_a_second_arrival(store: Store, _: Path) -> None:
    with store.writing() as tx:
        row = dict(tx.run(select(arrivals)).one()._mapping)
        tx.run(insert(arrivals).values(row | {"digest": "f" * 64, "number": "x", "position": 2}))


def with_another_content(store: Store, _: Path) -> None:
    with store.writing() as tx:
        tx.run(update(records).values(digest="f" * 64))


def with_another_link(store: Store, _: Path) -> None:
    with store.writing() as tx:
        tx.run(update(arrivals).values(hash="f" * 64))


def without_the_photo(_: Store, folder: Path) -> None:
    for photo in folder.glob("photos/*/photos/*/*.jpg"):
        photo.unlink()


def with_another_byte(_: Store, folder: Path) -> None:
    for photo in folder.glob("photos/*/photos/*/*.jpg"):
        jpeg = bytearray(photo.read_bytes())
        jpeg[-3] ^= 1  # whatever it was
        photo.write_bytes(jpeg)


def without_an_entry(_: Store, folder: Path) -> None:
    with sqlite3.connect(folder / "phone/notebook.db") as notebook:
        notebook.execute("DELETE FROM entries")
    notebook.close()


def with_half_a_picture(_: Store, folder: Path) -> None:
    (folder / "phone/album" / ("f" * 64)).write_bytes(b"half")


SPOILS: list[Spoil] = [
    without_a_record,
    without_an_arrival,
    with_a_second_arrival,
    with_another_content,
    with_another_link,
    without_the_photo,
    with_another_byte,
    without_an_entry,
    with_half_a_picture,
]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(database=f"sqlite:///{tmp_path}/bureau.db", photos=tmp_path / "photos")


def test_what_was_delivered_is_agreed(settings: Settings, tmp_path: Path) -> None:
    sealed = claimed(delivered(settings, tmp_path / "phone"))
    said: list[str] = []
    agreed(settings, [tmp_path / "phone"], sealed)(said.append)
    assert len(sealed) == 1 and said == ["1 1 0"]


@pytest.mark.parametrize("spoil", SPOILS)
def test_whatever_is_spoilt_is_seen(settings: Settings, tmp_path: Path, spoil: Spoil) -> None:
    sealed = claimed(delivered(settings, tmp_path / "phone"))
    store = Store.open(settings.database, settings.bureau)
    spoil(store, tmp_path)
    store.close()
    with pytest.raises((Lost, FileNotFoundError)):
        agreed(settings, [tmp_path / "phone"], sealed)(lambda _: None)
