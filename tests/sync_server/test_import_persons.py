"""Rule L2 for files: no column lets a person in unseen. A name that reads like one waits until it
is said to be that of a place or an organisation."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import pytest

from contract import wire
from sync_server import __main__ as program
from sync_server.importing.command import command
from sync_server.importing.headings import KINDS, heading
from sync_server.importing.personal_texts import NAMED
from sync_server.settings import Settings
from sync_server.store.schema import compounds
from tests.sync_server.bureau import HERE, Bureau
from tests.sync_server.test_importing import CODE, csv, reasons, taken

PERSON = "王老师家"
FIT = {  # what a field needs; all others may stay empty
    "name": "模拟花园",
    "title": "夜查",
    "community": HERE,
    "code": CODE,
    "source": "示例旗公示",
    "published": "2026-10-30",
    "first": "2026-11-20",
    "last": "2026-11-22",
    "issued": "2026-11-20",
    "grid": "g1",
    "day": "2027-10-01",
    "works": "否",
    "holiday": "国庆节",
}
HEAD = ["名称", "社区", "楼栋"]


def a_row(kind: str, spoiled: Mapping[str, str] = MappingProxyType({})) -> list[str]:
    """A row of this list, in the order of its fields."""
    own = {"communities": {"id": "999900100009"}, "grids": {"id": "g9"}}.get(kind, {})
    return [{**FIT, **own, **spoiled}.get(field, "") for field in KINDS[kind].fields]


def headings(kind: str) -> list[str]:
    return [heading(field) for field in KINDS[kind].fields]


def test_no_column_of_any_list_takes_a_person(bureau: Bureau, tmp_path: Path) -> None:
    """Each file has a person in another column, and one has none."""
    passed = []
    for kind, columns in KINDS.items():
        for field in ("", *columns.fields):
            file = csv(tmp_path, headings(kind), a_row(kind, {field: PERSON}))
            if not taken(bureau, kind, file, dry=True).bad:
                passed.append((kind, field))
    assert passed == [(kind, "") for kind in KINDS]


def test_what_reads_like_a_person_comes_in_when_it_is_said_to_be_a_place(
    bureau: Bureau, tmp_path: Path
) -> None:
    file = csv(tmp_path, HEAD, ["王老师大院", HERE, "李秀英楼(1单元);2号楼"])
    came = taken(bureau, "compounds", file)
    assert reasons(came) == [(2, "reads_personal")] * 2
    assert [(bad.found, bad.address) for bad in came.bad] == [("王老师", "A2"), ("李秀英", "C2")]
    came = taken(bureau, "compounds", file, named=True)
    assert (came.added, came.bad, came.notes) == (1, (), (("named", "王老师、李秀英"),))
    assert len(bureau.rows(compounds, name="王老师大院")) == 1


def test_what_the_bureau_has_is_not_asked_about_again(bureau: Bureau, tmp_path: Path) -> None:
    taken(bureau, "compounds", csv(tmp_path, HEAD, ["王老师大院", HERE, ""]), named=True)
    more = csv(tmp_path, HEAD, ["王老师大院", HERE, "2号楼"], ["模拟花园", HERE, ""])
    came = taken(bureau, "compounds", more)
    assert (came.added, came.changed, came.bad, came.notes) == (1, 1, (), ())


def test_a_number_in_a_name_is_never_that_of_a_place(bureau: Bureau, tmp_path: Path) -> None:
    file = csv(tmp_path, HEAD, ["样例大院13912345678", HERE, ""], ["王老师13912345678", HERE, ""])
    came = taken(bureau, "compounds", file, named=True)
    assert {code for _, code in reasons(came)} == {"personal"}
    assert [line for line, _ in reasons(came)] == [2, 3]


def test_a_licence_may_have_as_many_digits_as_it_has(bureau: Bureau, tmp_path: Path) -> None:
    row = a_row("institutions", {"licence": "13912345678"})
    assert taken(bureau, "institutions", csv(tmp_path, headings("institutions"), row)).added == 1


def test_the_command_tells_what_reads_like_a_person(
    bureau: Bureau, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = csv(tmp_path, HEAD, ["王老师大院", HERE, ""])
    words = ["compounds", str(file)]
    assert command(bureau.settings, words) == 1
    assert "--names" in capsys.readouterr().err
    assert command(bureau.settings, [*words, "--names"]) == 0
    assert "王老师" in capsys.readouterr().out


def test_every_name_that_is_looked_at_is_a_field() -> None:
    assert {*NAMED} <= {field for columns in KINDS.values() for field in columns.fields}


def test_a_county_file_is_screened_like_an_import(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What `seed` loads: a name that reads like a person waits for --names, a number and a person
    in a note are refused whatever is said."""
    for name, value in settings.environment().items():
        monkeypatch.setenv(name, value)
    plain = {"bureau": {"name": "示例旗"}, "staff": [], "communities": []}
    told = {}
    for field, text in (("name", "样例苑 13800000000"), ("title", PERSON), ("name", PERSON)):
        kind = "communities" if field == "name" else "notices"
        entry = {"name": text} if field == "name" else {"title": text, "issued": "2026-11-20"}
        file = tmp_path / "county.json"
        file.write_bytes(
            wire.canonical(plain | {kind: [{"id": "n9", "community": "999900100009", **entry}]})
        )
        for words in ([], ["--names"]):
            monkeypatch.setattr("sys.argv", ["sync_server", "seed", str(file), *words])
            told[field, text, bool(words)] = program.main()
    assert [key for key, status in told.items() if status == 0] == [("name", PERSON, True)]
