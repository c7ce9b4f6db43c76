"""What comes from others: the page that names it, and the audit of its versions."""

import json
import re
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from tools import audit
from tools.third_party import BY_HAND, PAGE, ROOT, VENDORED, licence, locked

ROWS = {
    (name, version): terms.strip()
    for name, version, terms in re.findall(
        r"^\| (\S+) \| (\d\S*) \| ([^|]+) \|", PAGE.read_text(), re.MULTILINE
    )
}
FLAW = {"id": "CVE-1", "fix_versions": ["2"]}
FOUND = {"name": "a", "version": "1", "vulns": [FLAW]}
CLEAN = {"name": "b", "version": "1", "vulns": []}
UNKNOWN = {"name": "c", "skip_reason": "Dependency not found"}


def test_every_locked_package_is_named_with_version_and_licence() -> None:
    assert len(locked()) > 100
    assert sorted(locked()) == sorted(ROWS)
    assert [one for one, terms in ROWS.items() if not terms] == []


def test_no_home_is_a_page_of_a_package_index() -> None:
    assert [line for line in PAGE.read_text().splitlines() if "/project/" in line] == []


def test_what_is_noted_by_hand_is_locked() -> None:
    names = {name for name, _ in locked()} | {"==".join(one) for one in locked()}
    assert set(BY_HAND) <= names


def test_a_licence_that_nobody_noted_is_told() -> None:
    with pytest.raises(LookupError, match="BY_HAND"):
        licence("a-package", "1", None)


def test_files_of_others_are_named() -> None:
    page = PAGE.read_text()
    folders = {
        where for _, places in VENDORED.values() for where in re.findall("`([^`]+)`", places)
    }
    assert all(f"`{folder}`" in page and (ROOT / folder).exists() for folder in folders)
    theirs = [path for kind in ("*.min.js", "*.woff2", "*.ttf", "*.bin") for path in ours(kind)]
    assert len(theirs) >= 6
    assert [path for path in theirs if not path.startswith(tuple(folders))] == []


def ours(kind: str) -> list[str]:
    rooms = (ROOT / room for room in ("assets", "contract", "fieldapp", "sync_server", "demo"))
    return [path.relative_to(ROOT).as_posix() for room in rooms for path in room.rglob(kind)]


@pytest.mark.parametrize(
    ("packages", "status", "said"),
    [
        ([CLEAN], 0, ["no known vulnerability in 1 packages"]),
        ([FOUND, CLEAN], 1, ["a 1: CVE-1, mended in 2"]),
        ([UNKNOWN, CLEAN], 0, ["NOT CHECKED, its service does not know 1 of 2 packages"]),
        ([FOUND, UNKNOWN], 1, ["a 1: CVE-1, mended in 2", "NOT CHECKED, its service does not"]),
    ],
)
def test_an_audit_tells_what_it_found_and_what_it_could_not_check(
    packages: list[dict[str, Any]], status: int, said: list[str]
) -> None:
    found, lines = audit.verdict(packages)
    assert found == status and len(lines) == len(said)
    assert all(line.startswith(word) for line, word in zip(lines, said, strict=True))


def test_one_lock_with_a_flaw_fails_the_audit_of_all(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = {
        "a.lock": CompletedProcess([], 1, json.dumps({"dependencies": [FOUND]}), ""),
        "b.lock": CompletedProcess([], 0, json.dumps({"dependencies": [CLEAN]}), ""),
        "c.lock": CompletedProcess([], 1, "", "requests.exceptions.ConnectionError: …"),
    }
    monkeypatch.setattr(audit, "ask", answers.__getitem__)
    assert audit.main(list(answers)) == 1
    said = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in said] == [f"pip-audit {lock}" for lock in answers]
    assert "NOT CHECKED" in said[2]
    assert audit.main(["b.lock", "c.lock"]) == 0


def test_every_lock_is_audited() -> None:
    (audited,) = re.findall(r"tools\.audit (.*)", (ROOT / "Makefile").read_text())
    assert {Path(lock).name for lock in ROOT.glob("*.lock")} == set(audited.split())
