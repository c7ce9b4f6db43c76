"""Patterns for names cost no start: they are compiled when they are used, or when there is time."""

import subprocess
import sys

from contract.late_patterns import _ALL, compile_one_by_one, compiled_later

COUNT = (
    "import contract.rules, contract.late_patterns as l;"
    " print(sum('compiled' in vars(one) for one in l._ALL), len(l._ALL))"
)


def test_a_late_pattern_does_what_a_compiled_one_does() -> None:
    late = compiled_later("(?P<n>[0-9]+)x")
    assert "compiled" not in vars(late)
    assert late.sub("-", "a12x3x") == "a--" and late.groupindex == {"n": 1}
    assert [found["n"] for found in late.finditer("1x22x")] == ["1", "22"]
    assert "compiled" in vars(late)


def test_none_is_compiled_at_a_start_and_all_when_there_is_time() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", COUNT], capture_output=True, text=True, check=True
    ).stdout.split()
    assert ran[0] == "0" and int(ran[1]) > 30
    for _ in compile_one_by_one():
        pass
    assert all("compiled" in vars(one) for one in _ALL)
    assert list(compile_one_by_one()) == []
