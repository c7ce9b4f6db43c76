"""`audit verify`: what the chains show by themselves, and what only an anchor outside shows."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from contract import wire
from contract.anchor import Anchor, ChainHead, Witness
from contract.protocol import SyncReply
from sync_server.auditing import chains
from sync_server.auditing.anchors import Anchors, witness_of
from sync_server.auditing.chains import CHAINS, Fault, FaultCode, Walk, anchor_now, walk
from sync_server.auditing.command import command
from sync_server.auditing.witnesses import LONGEST, witnesses
from sync_server.auditing.words import CHAIN_WORDS, FAULTS
from sync_server.store import audit_log
from sync_server.store.audit_log import AuditEntry
from sync_server.store.engine import Store
from sync_server.store.migrate import migrate
from sync_server.store.schema import case_events
from tests.sync_server.bureau import NOW, Bureau, a_report, sent
from tests.sync_server.old_database import old_database
from tests.sync_server.serving import serving
from tests.sync_server.test_audit import noted, tamper

A, B = "a" * 64, "b" * 64


def verify(bureau: Bureau, *files: Path) -> int:
    named = [word for file in files for word in ("--witness", str(file))]
    return command(bureau.settings, ["verify", *named])


def decided(bureau: Bureau, number: int) -> None:
    phone = bureau.enrol()
    for _ in range(number):
        report = a_report(phone)
        bureau.receive(phone, sent(report))
        bureau.decide(report, "20")


def written_down(bureau: Bureau, file: Path) -> Path:
    """What the journal keeps, in `file`."""
    with bureau.store.reading() as tx:
        anchor = anchor_now(tx)
    assert anchor
    file.write_text(f"xuncha[712]: {witness_of(bureau.store.bureau, anchor, NOW).line()}\n")
    return file


def step_changed(bureau: Bureau, write: str) -> None:
    with bureau.store.engine.begin() as connection:
        connection.execute(text(f"{write} AND bureau = '{bureau.store.bureau}'"))


def test_what_nobody_touched_is_whole(
    bureau: Bureau, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    decided(bureau, 2)
    kept = written_down(bureau, tmp_path / "kept")
    assert verify(bureau) == 0
    assert "compared with no anchor" in capsys.readouterr().out
    noted(bureau, 3)
    assert verify(bureau, kept) == 0
    out = capsys.readouterr().out
    assert "audit log: 7 rows" in out and "steps of cases: 2 rows" in out and "1 条见证" in out


@pytest.mark.parametrize(
    ("write", "told"),
    [
        ("UPDATE case_events SET comment = 'x' WHERE seq = 2", "row 2 was changed"),
        ("UPDATE case_events SET staff = 'x' WHERE seq = 1", "row 1 was changed"),
        ("DELETE FROM case_events WHERE seq = 2", "row 2 is missing, after it comes row 3"),
        ("UPDATE case_events SET prev = hash WHERE seq = 3", "row 3 does not follow"),
    ],
)
def test_a_step_of_a_case_that_was_changed_is_told_with_its_number(
    bureau: Bureau, write: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    decided(bureau, 3)
    step_changed(bureau, write)
    assert verify(bureau) == 1
    assert f"steps of cases: {told}" in capsys.readouterr().out


@pytest.mark.parametrize("cut", ["n > 3", "n > 0"])
def test_a_cut_end_and_an_emptied_log_show_beside_an_anchor(
    bureau: Bureau, tmp_path: Path, cut: str, capsys: pytest.CaptureFixture[str]
) -> None:
    noted(bureau, 5)
    kept = written_down(bureau, tmp_path / "kept")
    tamper(bureau, f"DELETE FROM audit WHERE {cut}")  # noqa: S608
    assert verify(bureau) == 0  # the chain alone cannot show it
    assert verify(bureau, kept) == 1
    assert "row 5 was there with the hash" in capsys.readouterr().out


def test_a_log_written_anew_shows_beside_an_anchor(
    bureau: Bureau, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    noted(bureau, 4)
    kept = written_down(bureau, tmp_path / "kept")
    tamper(bureau, "DELETE FROM audit WHERE n > 0")
    with bureau.store.writing() as tx:
        for _ in range(6):
            audit_log.note(tx, AuditEntry(NOW, "other", "view_photo"))
    assert verify(bureau) == 0
    assert verify(bureau, kept) == 1
    assert "audit log: row 4 had the hash" in capsys.readouterr().out


def test_steps_cut_off_show_beside_an_anchor(bureau: Bureau, tmp_path: Path) -> None:
    decided(bureau, 3)
    kept = written_down(bureau, tmp_path / "kept")
    step_changed(bureau, "DELETE FROM case_events WHERE seq > 1")
    assert (verify(bureau), verify(bureau, kept)) == (0, 1)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "no anchor of this bureau"),
        ("nothing here\n", "no anchor of this bureau"),
        ('{"bureau": "nobody"}\n', "line 1: no anchor"),
        ("?{" + "x" * LONGEST + "}", "line 1: no anchor"),
        (None, "cannot be read"),
    ],
)
def test_a_file_that_says_nothing_is_no_agreement(
    bureau: Bureau,
    tmp_path: Path,
    content: str | None,
    told: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    noted(bureau, 1)
    if content is not None:
        (tmp_path / "kept").write_text(content)
    assert verify(bureau, tmp_path / "kept") == 1
    assert told in capsys.readouterr().out


def test_witnesses_are_read_with_whatever_stands_around_them() -> None:
    one = Witness(bureau="9999", day=NOW.date(), anchor=Anchor(audit=ChainHead(position=3, hash=A)))
    lines = ["app: 1", one.line(), f"Nov 20 host: {one.line()} ", f"{one.line()}\r\n", "}{", "{}"]
    lines += [one.changed(anchor=Anchor()).line()]  # of no chain: it would agree with anything
    unread = [(5, None), (6, None), (7, None)]
    assert list(witnesses(lines)) == [(2, one), (3, one), (4, one), *unread]


def test_the_head_is_a_line_that_verify_reads(
    bureau: Bureau, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(bureau.settings, ["head"]) == 1
    noted(bureau, 2)
    capsys.readouterr()
    assert command(bureau.settings, ["head"]) == 0
    (tmp_path / "head").write_text(capsys.readouterr().out)
    assert verify(bureau, tmp_path / "head") == 0


def test_anchors_go_to_the_journal_and_to_the_file_when_rows_were_added(
    bureau: Bureau, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "xuncha.anchors")
    elsewhere = tmp_path / "elsewhere"
    settings = replace(bureau.settings, anchors=str(elsewhere))
    anchors = Anchors(bureau.store, settings, lambda: NOW)
    anchors.renew()
    assert not elsewhere.exists()
    for _ in range(2):
        noted(bureau, 1)
        anchors.renew()
        anchors.renew()
    lines = elsewhere.read_text().splitlines()
    heads = [one.anchor.audit for _, one in witnesses(lines) if one]
    assert [head.position for head in heads if head] == [1, 2] and caplog.messages == lines
    assert command(settings, ["verify"]) == 0
    tamper(bureau, "DELETE FROM audit WHERE n = 2")
    assert command(settings, ["verify"]) == 1  # its own file needs no naming


def test_a_file_that_cannot_be_written_stops_nothing(
    bureau: Bureau, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    noted(bureau, 1)
    anchors = Anchors(bureau.store, replace(bureau.settings, anchors=str(tmp_path)), lambda: NOW)
    anchors.renew()
    assert anchors.for_phone("d1", NOW) and "was not written" in caplog.text


def test_a_hash_that_nobody_could_keep_is_no_anchor(bureau: Bureau) -> None:
    noted(bureau, 1)
    tamper(bureau, "UPDATE audit SET hash = 'x' WHERE n = 1")
    with bureau.store.reading() as tx:
        assert anchor_now(tx) is None
    noted(bureau, 1)  # and the log goes on


def test_a_row_that_cannot_be_read_is_told_with_its_number(bureau: Bureau) -> None:
    noted(bureau, 3)
    never = "'never'" if bureau.settings.database.startswith("sqlite") else "'infinity'"
    tamper(bureau, f"UPDATE audit SET at = {never} WHERE n = 2")  # noqa: S608
    with bureau.store.reading() as tx:
        fault = walk(tx, "audit").fault
    assert fault and (fault.n, fault.code) == (2, FaultCode.UNREADABLE)


def test_every_chain_and_fault_has_words_in_both_languages() -> None:
    assert CHAINS.keys() == CHAIN_WORDS.keys() == Anchor.model_fields.keys()
    assert FAULTS.keys() == set(FaultCode)
    assert [code for code, words in FAULTS.items() if words.count(" / ") != 1] == []


@pytest.fixture
def old_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A database of before steps were linked."""
    with old_database(request, tmp_path, "0004") as store:
        yield store


@pytest.mark.parametrize(
    "old_store", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True
)
def test_steps_of_before_are_linked_too(old_store: Store) -> None:
    """More than are linked in one statement, of two bureaus; one has a time that nobody can read,
    which stops no update and is told."""
    names = ("id", "n", "before", "after", "comment", "staff", "role", "at")
    insert = text(
        f"INSERT INTO case_events (bureau, {', '.join(names)})"  # noqa: S608
        f" VALUES (:bureau, {', '.join(f':{name}' for name in names)})"
    )
    same = {"before": "10", "after": "15", "comment": "问", "staff": "s", "role": "SUPERVISOR"}
    rows = [
        {**same, "bureau": f"b{n % 2}", "id": f"{n // 4:036d}", "n": n % 4 // 2 + 1}
        | {"at": "2026-11-20 12:00:00.000005"}
        for n in range(2_402)
    ]
    rows[-1]["at"] = "never" if old_store.engine.dialect.name == "sqlite" else "infinity"
    with old_store.engine.begin() as connection:
        connection.execute(insert, rows)
    migrate(old_store.engine)
    walks = {}
    for bureau in ("b0", "b1"):
        with Store(old_store.engine, bureau).reading() as tx:
            walks[bureau] = walk(tx, "cases")
    assert walks["b0"] == Walk(1_201)
    assert walks["b1"] == Walk(1_200, Fault("cases", 1_201, FaultCode.UNREADABLE))


def test_each_phone_is_told_once_a_day(bureau: Bureau) -> None:
    anchors = Anchors(bureau.store, bureau.settings, lambda: NOW)
    assert anchors.for_phone("d1", NOW) is None
    noted(bureau, 2)
    anchors.renew()
    calls = [("d1", 0), ("d1", 1), ("d2", 1), ("d1", 24), ("d2", 25), ("d2", 26)]
    told = [anchors.for_phone(device, NOW + timedelta(hours=later)) for device, later in calls]
    assert [one is not None for one in told] == [True, False, True, True, True, False]


def test_a_sync_reply_brings_what_verify_can_compare(bureau: Bureau, tmp_path: Path) -> None:
    phone, found = bureau.enrol(), None
    with serving(bureau.settings) as server:
        for _ in range(500):  # the server reads where the chains end beside the calls
            found = wire.decode(SyncReply, server.sync(phone).content).anchor
            if found:
                break
        again = wire.decode(SyncReply, server.sync(phone).content)
    assert found and found.audit and found.audit.position == 2 and again.anchor is None
    kept = tmp_path / "kept"
    kept.write_text(witness_of(bureau.store.bureau, found, NOW).line())
    assert verify(bureau, kept) == 0


def test_steps_of_one_bureau_are_no_part_of_anothers_chain(bureau: Bureau) -> None:
    decided(bureau, 2)
    seqs: Sequence[int] = [row.seq for row in bureau.rows(case_events)]
    assert sorted(seqs) == [1, 2] and chains.CHAINS["cases"].before.name == "prev"
