"""What support gets: how the phone is, and nothing of what it holds."""

import re
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from contract.protocol import ArrivalKind
from contract.report import Suggestion
from contract.rules import suggestion_flaws
from fieldapp.adapters.folder_album import FolderAlbum
from fieldapp.adapters.sqlite_notebook import SqliteNotebook
from fieldapp.device.diagnosis import diagnosis_text
from fieldapp.memory.memory import Identity, LastRound, Memory, WorkerSettings
from fieldapp.memory.values import LedgerLink
from fieldapp.ports import PhotoUploadState
from fieldapp.report.entry import Stage
from tests.builders import (
    NOON,
    a_name,
    a_parcel,
    a_photo,
    a_place,
    a_receipt,
    an_answer,
    an_entry,
    an_identity,
)
from tests.fieldapp.a_phone import TOWN

NUMBERS = r"[0-9.,a-z+]+"
MOMENT = r"\d\d-\d\dT\d\d:\d\d"
LINE = re.compile(
    rf"(app|python|sqlite|flet|httpx|pillow|pydantic|sqlite-utils): ({NUMBERS}|\?)"
    r"|protocol: \d+ form \d+|ledger: \d+ (sound|broken)|enrolled: (yes|no)"
    r"|(reports_[a-z]+|outbox|kept|answers|photos|photos_to_go|photos_bytes|album_bytes): \d+"
    r"|(compounds|answers_heard|witnesses): \d+|settings: (zh|en) (system|light|dark)"
    rf"|now: \d{{4}}-{MOMENT}:\d\d[+-]\d\d:\d\d"
    rf"|round: {MOMENT} {MOMENT} x\d+ [a-z_]+"
)
SECRETS = {
    "community": "999900100001",
    "grid": "g0301",
    "compound": "yly-secret",
    "compound_name": "样例苑",
    "building": "3号楼",
    "unit": "2单元",
    "landmark": "铁桥北头",
    "venue": "RESIDENTIAL",
}


class Phone(NamedTuple):
    notebook: SqliteNotebook
    album: FolderAlbum
    memory: Memory


def empty_phone(folder: Path) -> Phone:
    notebook = SqliteNotebook(folder / "notebook.db")
    return Phone(notebook, FolderAlbum(folder / "album"), Memory(notebook))


def full_phone(folder: Path) -> tuple[Phone, set[str]]:
    """A phone with something in every place, and all of that which must not be told."""
    notebook, album, memory = empty_phone(folder)
    photo = a_photo(sha256=album.keep(b"\xff\xd8 a photo"))
    identity: Identity = an_identity(address="https://bureau.example", grid_name="示例片区")
    memory.keep_identity(identity)
    memory.keep_places(TOWN)
    place = a_place(**SECRETS)
    entry = an_entry(
        place=place, note="门口有学生", institution="样例艺术中心", photos=(photo,), id=a_name()
    )
    parcel = a_parcel(entry.report.next_revision(NOON))
    receipt = a_receipt(parcel)
    answer = an_answer(entry.report.id, comment="是哪个门", place="样例苑 3号楼", number="R-0001")
    told = entry.changed(stage=Stage.SEALED).delivered(receipt, NOON).reviewed(answer)
    words = Suggestion(
        id=a_name(NOON + timedelta(seconds=1)),
        device="d1",
        author="wg0301",
        at=NOON,
        text="按钮大些",
    )
    with notebook.atomic():
        notebook.write(told)
        notebook.enqueue(parcel)
        notebook.enqueue(a_parcel(words, ArrivalKind.SUGGESTION))
        notebook.save_photo(PhotoUploadState(photo.sha256, photo.bytes, due=True))
        notebook.keep_answer(answer)
        memory.keep_unread(memory.unread().with_answers([answer]))
        memory.keep_ledger_head(
            LedgerLink(position=1, digest=receipt.digest, number="R-0001", hash=receipt.hash)
        )
        memory.keep_settings(WorkerSettings(language="en", theme="dark"))
        notebook.remember("jotted", "没写完的建议")
        for n, why in enumerate(["no_road", "no_road", None, "busy"]):
            at = NOON + timedelta(minutes=n)
            memory.keep_last_round(LastRound(at=at, ok=why is None, why=why))
    fix = entry.report.fix
    assert fix
    hidden = {*SECRETS.values(), "门口有学生", "样例艺术中心", "是哪个门", "R-0001", "按钮大些"}
    hidden |= {photo.sha256, parcel.digest, receipt.hash, str(entry.report.id), "没写完的建议"}
    hidden |= {identity.author, identity.address, identity.grid_name}
    hidden |= {identity.bureau_name, str(fix.lat), str(fix.lon), *entry.report.signs}
    return Phone(notebook, album, memory), {word for word in hidden if word}


def test_it_tells_nothing_that_was_written_picked_or_photographed(tmp_path: Path) -> None:
    phone, hidden = full_phone(tmp_path)
    told = diagnosis_text(*phone, NOON)
    assert len(hidden) > 20
    assert not [word for word in hidden if word in told]


def test_every_line_is_a_version_a_count_a_size_a_time_or_a_code(tmp_path: Path) -> None:
    phone, _ = full_phone(tmp_path)
    for line in diagnosis_text(*phone, NOON).splitlines():
        assert LINE.fullmatch(line), line


def test_it_counts_what_is_there_and_how_the_rounds_ended(tmp_path: Path) -> None:
    phone, _ = full_phone(tmp_path)
    told = diagnosis_text(*phone, NOON).splitlines()
    assert {"outbox: 2", "photos_to_go: 1", "answers: 1", "enrolled: yes"} <= set(told)
    rounds = [line.split()[3:] for line in told if line.startswith("round")]
    assert rounds == [["x2", "no_road"], ["x1", "ok"], ["x1", "busy"]]


def test_only_the_last_rounds_are_kept(tmp_path: Path) -> None:
    memory = empty_phone(tmp_path).memory
    for n in range(40):
        why = "no_road" if n % 2 else "busy"
        memory.keep_last_round(LastRound(at=NOON + timedelta(minutes=n), ok=False, why=why))
    streaks = memory.round_streaks()
    assert len(streaks) == 12 and streaks[-1].last == NOON + timedelta(minutes=39)


@pytest.mark.parametrize("enrolled", [True, False])
def test_an_empty_phone_is_told_too(tmp_path: Path, enrolled: bool) -> None:
    phone = empty_phone(tmp_path)
    if enrolled:
        phone.memory.keep_identity(an_identity())
    told = diagnosis_text(*phone, NOON)
    assert f"enrolled: {'yes' if enrolled else 'no'}" in told


def test_it_can_go_the_way_of_a_suggestion(tmp_path: Path) -> None:
    """Its numbers must not look like somebody's telephone."""
    phone, _ = full_phone(tmp_path)
    for n in (1, 13_800_138, 138_001_380, 99_999_999):
        phone.notebook.save_photo(PhotoUploadState(f"{n:064x}", n))
    text = diagnosis_text(*phone, NOON)[:500]
    sent = Suggestion(id=a_name(), device="d1", author="wg0301", at=NOON, text=text)
    assert suggestion_flaws(sent) == ()
