"""The key of a site: reports with one key are of one place, whatever their order and distance.

A key is made only where the parts that tell two doors apart are all there; what is missing is never
guessed. Without a key a report has a site of its own, and a person may say that it is another's.
"""

import re
from base64 import b32encode
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from uuid import UUID

from contract.address import Door
from contract.door_words import STREET, VILLAGE
from contract.report import Kind, Report
from contract.search_text import search_text
from sync_server.domain.gazetteer import Gazetteer
from sync_server.domain.located import Located

RULE = "2"  # the version of these rules; each link says by which it was made
LEADS = frozenset({Kind.SITE, Kind.AD})  # what is of a site
HOMES = frozenset({"RESIDENTIAL", "YARD"})
_SHOP = re.compile("(?:底商|车库)[0-9]|.*街$")
_STREET_NUMBER = re.compile("[0-9]+(?:-[0-9]+)?号?$")
_ORDINARY = re.compile(
    "(?:有限责任公司|有限公司|公司|工作室|俱乐部|培训|教育|托管|学校|分校|中心|机构|咨询|科技|文化"
    "|自习室|小饭桌|晚托|辅导|班|部|店|馆|室)+$"
)


@dataclass(frozen=True, slots=True)
class SiteKey:
    """`area`: the compound's code, or "~" and the text of an area that has none. `door`: all that
    tells this door from others, "" where the report does not say enough. `firm`: the core of the
    institution's name where signboards are compared, "" where none is given."""

    area: str
    door: str
    firm: str = ""

    @property
    def compares_firms(self) -> bool:
        """Whether reports with this key may still be of two institutions."""
        return compares_firms(self.door)


def site_key(report: Report, located: Located, known: Gazetteer) -> SiteKey:
    """The key of a report. Homes: compound, building and unit, or the house of a row or village.
    Other venues: shop or room number with the floor, or the institution's kind and name in its
    building.
    None where the fix says that another compound was picked."""
    area = located.compound or f"~{located.area}"
    if located.rest or known.is_elsewhere(located.compound, report.fix):
        return SiteKey(area, "")
    if report.place.venue in HOMES:
        return SiteKey(area, _home(located, report.place.venue, known))
    named = search_text(report.institution)[:100]
    named = f"{report.place.venue or ''}:{named}" if named else ""
    return SiteKey(area, _room(located, named, known), firm_core(report.institution))


def compares_firms(door: str) -> bool:
    """The same of a key's door: that of a home is building/unit, any other has four parts."""
    return door.count("/") > 1


def site_id(area: str, door: str, fork: str = "") -> str:
    """The name of the site with this key: 16 letters and digits, the same on every server and in
    every order of arrival. `fork` tells institutions at one door apart. Those of one area have one
    beginning: beside each other in an index, they are written in few pages."""
    return _named(_digest(area)[:3], f"{area}/{door}/{fork}")


def own_site_id(report: str, area: str) -> str:
    """The name of the site that a report without a key has for itself. It begins with the time in
    the report's id (to 256 ms), so that new ones stand beside each other as well."""
    return _named(UUID(report).bytes[:5], f"report:{report}/{area}")


def forks(firms: Collection[str]) -> Mapping[str, str]:
    """Which institutions at one door are one: firm → the fork that it belongs to, "" while all that
    were named can be one (or none was). Depends on the set alone, on no order."""
    groups: list[set[str]] = []
    for firm in sorted({one for one in firms if one}):
        joined = [group for group in groups if any(alike(firm, one) for one in group)]
        groups = [group for group in groups if group not in joined]
        groups.append({firm}.union(*joined))
    if len(groups) < 2:
        return dict.fromkeys(firms, "")
    return {firm: min(group) for group in groups for firm in group} | {"": ""}


def alike(one: str, other: str) -> bool:
    """Whether two cores of names may be one institution: one of them is part of the other."""
    return one in other or other in one


def firm_core(institution: str) -> str:
    """What tells an institution from others: 晨光托管中心 and 晨光教育 give 晨光."""
    whole = search_text(institution)
    core = _ORDINARY.sub("", whole)
    return (core if len(core) > 1 else whole)[:100]


def _home(located: Located, venue: str | None, known: Gazetteer) -> str:
    door, code = located.door, located.compound
    if not door.building:
        return ""
    units = known.units.get((code, door.building), frozenset())
    if len(units) == 1 and (door.unit is None or door.unit in units):
        return f"{door.building}/"
    is_whole = door.unit or _is_house(located, venue, known)
    return f"{door.building}/{door.unit or ''}" if is_whole else ""


def _room(located: Located, named: str, known: Gazetteer) -> str:
    """Of a shop, an office or a stall; its floor is known by the room's number (501 is on 5). Where
    no number is said, by the kind and the whole name of the institution."""
    door = located.door
    floor, room = door.floor or "", door.room or ""
    if room.isdecimal() and len(room) > 2:
        if floor not in ("", room[:-2]):
            return ""
        floor = room[:-2]
    if not door.building:
        return "///#" if _is_street_number(located) else ""
    is_shop = bool(door.unit and _SHOP.match(door.unit))
    if room and not door.unit and len(known.units.get((located.compound, door.building), ())) > 1:
        return ""  # each of its units has a 501
    if not (room or is_shop or named):  # of a home that was called a study room
        is_home = door.unit or _is_house(located, None, known)
        return _home(located, None, known) if is_home and not floor else ""
    number = room or ("-" if is_shop else f"@{named}")
    return "/".join((door.building, door.unit or "", floor, number))


def _is_house(located: Located, venue: str | None, known: Gazetteer) -> bool:
    """Whether the building is one home: in a yard, a row, or a village."""
    return venue == "YARD" or "排" in (located.door.building or "") or _is_village(located, known)


def _is_village(located: Located, known: Gazetteer) -> bool:
    if located.compound:
        return located.compound in known.houses
    return bool(VILLAGE.search(located.area))


def _is_street_number(located: Located) -> bool:
    """示例街56号: the number in the street is that of the shop."""
    number = _STREET_NUMBER.search(located.area)
    if number is None or located.compound or located.door != Door():
        return False
    return bool(STREET.search(located.area[: number.start()]))


@lru_cache(4096)  # many reports speak of one door
def _named(begin: bytes, text: str) -> str:
    return b32encode((begin + _digest(text))[:10]).decode().lower()


def _digest(text: str) -> bytes:
    return sha256(text.encode()).digest()
