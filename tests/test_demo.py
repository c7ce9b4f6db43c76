"""`make run` on a machine where something is in its way: one clear line, and nothing broken."""

from pathlib import Path

import pytest

from demo.__main__ import ROOT, alone_in, main, settings_of
from demo.stage import DESKS, CannotStart, Stage
from sync_server.accounts.passwords import Attempt, sign_in
from sync_server.settings import Settings
from sync_server.store import places
from tests.sync_server.bureau import NOW

COUNTY = ROOT / "demo/county.json"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(f"sqlite:///{tmp_path}/bureau.db", tmp_path / "photos")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashing takes no time here."""
    monkeypatch.setattr("sync_server.accounts.passwords.hash_password", lambda word: word)
    monkeypatch.setattr("sync_server.accounts.passwords._matches", lambda one, two: one == two)


def test_a_second_one_in_the_same_folder_says_so_and_stops(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORT", "8000")
    with alone_in(tmp_path):
        assert main(tmp_path) == 1
    said = capsys.readouterr().err
    assert len(said.splitlines()) == 1 and f"another make run uses {tmp_path}" in said
    assert [path.name for path in tmp_path.iterdir()] == ["lock"]
    with alone_in(tmp_path):
        pass


@pytest.mark.parametrize("port", ["abc", "", "-1", "0", "65535", "8000.5", "８０００"])
def test_a_port_that_is_none_is_one_clear_line(
    port: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PORT", port)
    assert main(tmp_path) == 1
    (said,) = capsys.readouterr().err.splitlines()
    assert f"PORT={port} 不是端口号" in said and "is no port" in said
    assert settings_of({"PORT": "8100"}).port == 8100


def test_lost_passwords_beside_a_database_are_new_ones_that_work(
    settings: Settings, tmp_path: Path
) -> None:
    before = Stage.set_up(settings, COUNTY, tmp_path)
    before.close()
    for lost in ("", "{", None):
        (tmp_path / "demo.json").unlink()
        if lost is not None:
            (tmp_path / "demo.json").write_text(lost)
        stage = Stage.set_up(settings, COUNTY, tmp_path)
        assert stage.kept.passwords.keys() == set(DESKS)
        assert stage.kept.passwords != before.kept.passwords
        for desk, password in stage.kept.passwords.items():
            assert sign_in(stage.store, Attempt(desk, password, "::1"), NOW).staff == desk
        stage.close()
    again = Stage.set_up(settings, COUNTY, tmp_path)
    again.close()
    assert again.kept == stage.kept


def test_the_database_of_another_bureau_keeps_its_passwords(
    settings: Settings, tmp_path: Path
) -> None:
    first = Stage.set_up(settings, COUNTY, tmp_path)
    with first.store.writing() as tx:
        places.name_bureau(tx, "示范旗教育体育局")
    first.close()
    (tmp_path / "demo.json").unlink()
    with pytest.raises(CannotStart, match="not the demo's"):
        Stage.set_up(settings, COUNTY, tmp_path)
    assert not (tmp_path / "demo.json").exists()
