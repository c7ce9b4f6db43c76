"""Reads the lists of names and of buildings that offices write into one cell."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from contract.address import canonical_building
from sync_server.importing.cells import folded, listed, text
from sync_server.importing.reading.table import Cell, CellType
from sync_server.importing.row_error import RowError

MOST_UNITS = 60
MOST_BUILDINGS = 300
_SEPARATOR = re.compile(r"[;；、,，\n]+(?![^(（]*[)）])")  # not inside brackets
_HOUSE_SEPARATOR = re.compile(r"[;、,\n]+(?![^(]*\))")
_BRACKETS = str.maketrans("【】[]〔〕{}", "()()()()")
_WORD = "号楼|号院|号|栋|幢|座|楼|#楼|#"
_ONE = re.compile(r"([^():]*[^(): ])\s*(?:\((.*)\)|:(.*))?")
_RANGE = re.compile(rf"(第?)([0-9]+)({_WORD}|)[-~—–−－至到]+第?([0-9]+)({_WORD}|单元|门|)")
_LETTERS = re.compile(rf"([A-Z])({_WORD}|)[-~—–−－至到]+([A-Z])({_WORD}|单元|门|)")
_BARE = re.compile(r"[0-9]+|[A-Z]|[东南西北中甲乙丙丁]")
_SUFFIX = re.compile(rf"(?:第?[0-9]+|[A-Z]|[东南西北中甲乙丙丁])({_WORD}|单元|门)(?:\(.*\)|:.*)?")
_JOINED = re.compile(rf"(?<=楼|号|栋|幢|座|#|\))[ /]+(?=第?[0-9A-Z]+(?:{_WORD}))")


def names(column: str, cell: Cell | None) -> list[str]:
    """Several names in one cell; a GeoJSON file may have a list."""
    given = listed(cell)
    if given is not None:
        return [_name(column, one) for one in given]
    return [
        name for part in _SEPARATOR.split(text(column, cell)) if (name := " ".join(part.split()))
    ]


def _name(column: str, one: object) -> str:
    """One name of a list of GeoJSON."""
    if not isinstance(one, str) or not one.strip():
        raise RowError("wrong_shape", column, str(one))
    return text("name", Cell(CellType.TEXT, one))


def buildings(column: str, cell: Cell | None) -> list[dict[str, Any]]:
    """1号楼(1-4单元);2号楼(1单元、2单元);3-5号楼;商铺. A GeoJSON file may have the list itself:
    names, or `name` and `units` of each."""
    given = listed(cell)
    if given is not None:
        return _each_once(column, [_given(column, one) for one in given])
    written = folded(text(column, cell)).translate(_BRACKETS)
    written = _JOINED.sub(";", written)
    parts = [part.strip() for part in _HOUSE_SEPARATOR.split(written) if part.strip()]
    found = (one for part in _with_suffixes(parts) for one in _buildings(column, part))
    return _each_once(column, found)


def _given(column: str, one: object) -> dict[str, Any]:
    if isinstance(one, dict) and one.keys() <= {"name", "units"} and one.get("name"):
        units = one.get("units") or []
        if isinstance(units, list):
            return {"name": _name(column, one["name"]), "units": [_name(column, u) for u in units]}
    return {"name": _name(column, one), "units": []}


def _with_suffixes(parts: list[str]) -> list[str]:
    """1、2、3号楼 are three buildings with the word of the last."""
    suffix, found = "", []
    for part in reversed(parts):
        if _BARE.fullmatch(part):
            found.append(part + suffix)
            continue
        shown = _SUFFIX.fullmatch(part)
        suffix = shown[1] if shown else ""
        found.append(part)
    return found[::-1]


def _buildings(column: str, part: str) -> Iterator[dict[str, Any]]:
    found = _ONE.fullmatch(part)
    if not found:
        raise RowError("wrong_shape", column, part)
    written = found[2] or found[3] or ""
    inside = [unit.strip() for unit in re.split(r"[、,;/ ]+", written) if unit.strip()]
    units = [unit for one in _with_suffixes(inside) for unit in _expanded(column, one, "单元")]
    for name in _expanded(column, found[1].strip(), ""):
        if len(name) > 100 or any(len(unit) > 100 for unit in units):
            raise RowError("too_long", column, name)
        yield {"name": name, "units": list(dict.fromkeys(units))}


def _expanded(column: str, written: str, suffix: str) -> list[str]:
    """1-4单元 is four units, 1-5号楼 five buildings; anything but a range is the name of one."""
    if found := _RANGE.fullmatch(written.replace(" ", "")):
        ordinal, first, word, last, end = found.groups()
        ends = int(first), int(last)
        shown = [f"{ordinal}{n}" for n in range(ends[0], min(ends[1], ends[0] + 1_000) + 1)]
    elif found := _LETTERS.fullmatch(written.replace(" ", "")):
        first, word, last, end = found.groups()
        ends = ord(first), ord(last)
        shown = [chr(n) for n in range(ends[0], ends[1] + 1)]
    else:
        return [written]
    kind = end or word or suffix
    if ends[0] >= ends[1] or not kind or (word and end and word != end) or len(shown) > MOST_UNITS:
        raise RowError("unclear_range", column, written)
    return [name + kind for name in shown]


def _each_once(column: str, found: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each building once, however its name is spelled."""
    known: dict[str, dict[str, Any]] = {}
    for one in found:
        same = known.setdefault(canonical_building(one["name"]), one)
        if same["units"] != one["units"]:
            raise RowError("building_twice", column, one["name"])
    if len(known) > MOST_BUILDINGS:
        raise RowError("too_long", column, f"{len(known)} > {MOST_BUILDINGS}")
    return list(known.values())
