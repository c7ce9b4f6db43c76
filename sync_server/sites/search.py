"""Finds records by what people type: a receipt's number, a compound in any spelling, a door."""

import re
from collections.abc import Collection

from contract.address import Door, parse
from contract.search_text import search_text, search_words
from sync_server.sites.gazetteer import gazetteer
from sync_server.store import arrivals, inbox, site_records
from sync_server.store.engine import Tx

MOST_AREAS = 50
_LETTERS = re.compile("([A-Za-z]{2,})[ ,，-]*(?=.)")  # yly3-2, yangliyuan 3号楼
COMPOUND = "小区"  # what a door is read after
DIGITS = 6  # of a receipt's number, at least


def records_found(tx: Tx, asked: str) -> tuple[str, ...]:
    """The ids of the records that are meant by a receipt's number (0123 is 9999-000123), or by
    compound and door, each in any spelling: 样例苑3栋2单元, yly 3-2, 3-2-501, 样例. The newest,
    no more than site_records.MOST_FOUND and what the words of a compound's name find. () where
    nothing is known by the indexes; then the words are to be looked for in all records."""
    folded = search_text(asked)
    if numbered := arrivals.ids_by_number(tx, _numbers(tx, folded)):
        return numbered
    letters = _LETTERS.match(asked)
    read = parse(COMPOUND + asked[letters.end() :] if letters else asked)
    door, is_whole = read.door, bool(read.door.building) and not read.rest
    areas, zone = _areas(tx, letters[1] if letters else read.area)
    if is_whole and areas:
        entrances = gazetteer(tx).entrances(areas, f"{zone}{door.building}")
        return site_records.ids_at(tx, areas, doors(door, zone, entrances))
    if is_whole and not read.area and (door.unit or door.room):
        found = site_records.ids_at(tx, None, doors(door))
        return found or site_records.ids_at(tx, None, doors(door, entrances=(door.unit or "",)))
    named, _ = _areas(tx, asked)
    found = site_records.ids_at(tx, named, ()) if named else ()
    return found and (*found, *inbox.newest_with(tx, search_words(asked)))


def doors(door: Door, zone: str = "", entrances: Collection[str] = ()) -> tuple[str, ...]:
    """Which doors of sites are meant: that of a home, and what lies behind it; each as it is, or
    the beginning of it with a "*". Of a building with one entrance, which is one of `entrances`,
    the site's door has no unit."""
    building, unit, room = f"{zone}{door.building or ''}", door.unit, door.room
    if unit is None and room is None:
        return (f"{building}/*",)
    if unit is None:
        return (f"{building}//{room[:-2] if room else ''}/{room}",)
    found = [f"{building}/{unit}"] + [f"{building}/"] * (unit in entrances)
    return (*found, *([f"{building}/{unit}/*"] if room is None else []))


def _areas(tx: Tx, words: str) -> tuple[list[str], str]:
    """The areas of sites that are meant by a text, and the stage or zone after the name of the only
    one: that to which an address with this text leads, else those that have the word."""
    word, known = search_text(words), gazetteer(tx)
    if not word:
        return [], ""
    area = parse(words).area
    code, zone = known.resolved(area, None)
    if code:
        return [code], zone
    sound = known.sound(area).replace("'", "")
    found = known.named(word, MOST_AREAS) or known.named(search_text(sound), MOST_AREAS)
    return [*found, f"~{area}"], ""


def _numbers(tx: Tx, folded: str) -> tuple[str, ...]:
    """The receipts' numbers that may be meant."""
    head, _, tail = folded.rpartition("-")
    if not (tail.isascii() and tail.isdecimal()) or head not in ("", tx.bureau.lower()):
        return ()
    return (f"{tx.bureau}-{int(tail):0{DIGITS}d}",) if len(tail) >= 4 or head else ()
