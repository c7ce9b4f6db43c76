"""A fictional week at the bureau: some thirty reports of every kind, through the real intake."""

from contextlib import suppress
from datetime import timedelta
from functools import cache
from io import BytesIO
from random import Random
from typing import Any

from PIL import Image, ImageDraw

from contract import wire
from contract.place import Fix
from contract.report import Kind, Report
from contract.wire import Json
from sync_server.casework.review import decide
from sync_server.domain.decisions import Decision
from sync_server.domain.roles import Role, Staff
from sync_server.problems import StateChanged
from tests.sync_server.console.office import COUNTY, HOME, Office, a_photo, a_place

SUPERVISOR = Staff("shenhe1", Role.SUPERVISOR)
NOTES = ("单元门口张贴晚托广告，18:30 起有学生进出", "", "居民反映周末上午固定有学生来", "")
SIGNS = ("POSTER", "PUPILS_ENTERING", "SIGNBOARD", "SCHEDULE", "FEE_INFO", "RESIDENT_REPORTS")
NAMES = ("CARE", "STUDY_ROOM", "ONE_ON_ONE", "QUALITY", "FAMILY_EDU", "HOMEWORK")
COMPOUNDS = [c for c in wire.parse_json(COUNTY.read_bytes())["compounds"] if c["community"] == HOME]


def a_week(office: Office, size: int = 32) -> list[Report]:
    """Oldest first; the last one has two photos here and a third on the way."""
    dice = Random(7)
    reports = []
    for n in range(size):
        ago = timedelta(minutes=9 + 40 * (size - 1 - n) ** 1.5)
        reports.append(a_report_of_the_week(office, n, ago, dice))
        office.deliver(reports[-1], ago=ago - timedelta(minutes=3))
    newest = office.report(
        photos=tuple(a_photo(n) for n in (901, 902, 903)),
        institution="示范素质拓展中心",
        subjects=("MA", "FL"),
        stage="PRIMARY",
        time_slots=("WEEKDAY_EVENING",),
        patrol_form="DOUBLE_RANDOM",
    )
    office.deliver(newest)
    for photo, what in zip(newest.photos, (0, 1), strict=False):
        office.finish_photo(photo, drawn(what))
    office.part_of_photo(newest.photos[2], b"x" * 128_000)
    trouble(office, reports)
    return [*reports, newest]


def a_report_of_the_week(office: Office, n: int, ago: timedelta, dice: Random) -> Report:
    seen = office.now - ago
    ground = dice.choice(COMPOUNDS)
    kind = dice.choice((Kind.SITE, Kind.SITE, Kind.SITE, Kind.SITE, Kind.AD, Kind.CLEAR))
    lat = round(ground["lat"] + dice.uniform(-3e-4, 3e-4), 5)
    lon = round(ground["lon"] + dice.uniform(-3e-4, 3e-4), 5)
    fix = Fix(lat=lat, lon=lon, accuracy_m=dice.choice((6, 9, 14, 28, 74)), at=seen)
    photos = tuple(a_photo(10 * n + k) for k in range(dice.choice((0, 0, 1, 2))))
    report = office.report(
        seen_at=seen,
        kind=kind,
        shift=dice.choice(("DAY", "NIGHT")),
        fix=fix if n % 5 else None,
        place=a_place(**door(ground, dice)),
        signs=tuple(dice.sample(SIGNS, dice.choice((1, 1, 2, 3)))),
        disguises=tuple(dice.sample(NAMES, dice.choice((0, 1, 1, 2)))) if kind is Kind.SITE else (),
        count_band=dice.choice(("B1", "B2", None)),
        note=NOTES[n % 4],
        photos=photos,
    )
    for photo in photos:
        office.finish_photo(photo, drawn(n % 3))
    return report


def door(ground: Json, dice: Random) -> dict[str, Any]:
    building = dice.choice(ground["buildings"])
    units = building["units"]
    return {
        "compound": ground["compound"],
        "compound_name": ground["name"],
        "building": building["name"],
        "unit": dice.choice(units) if units else None,
        "venue": ground["venue"],
    }


def trouble(office: Office, reports: list[Report]) -> None:
    """One in dispute, one taken back, some decided: what a real week has."""
    office.deliver(reports[-3].changed(note="传单换成了自习室", signs=("FEE_INFO",)), skew_s=7500)
    office.withdraw(reports[-6])
    for report in reports[:20:3]:
        settle(office, report, "20")
    for report in reports[1:20:5]:
        settle(office, report, "29", "看不出迹象，再见到请再报", "NO_SIGN")
    for report in reports[2:26:6]:
        settle(office, report, "15", "请补充门口招牌的照片")


def settle(
    office: Office, report: Report, to: str, comment: str = "", reason: str | None = None
) -> None:
    """Decided, unless it was decided before."""
    taken = Decision(to, "10", report.revision, reason, comment)
    with suppress(StateChanged):
        decide(office.store, SUPERVISOR, str(report.id), taken, office.now)


@cache
def drawn(n: int) -> bytes:
    """An invented street front, so that a page with photos can be looked at."""
    ground = ((122, 140, 131), (140, 133, 118), (112, 128, 140))[n]
    image = Image.new("RGB", (1600, 1200), ground)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 900, 1600, 1200), fill=(92, 98, 94))
    pen.rectangle((300, 220, 1300, 420), fill=(222, 228, 222))
    for left in range(340, 1240, 120):
        pen.rectangle((left, 280, left + 70, 360), fill=(96, 60, 50))
    pen.rectangle((620, 520, 980, 900), fill=(58, 74, 70))
    pen.rectangle((350, 520, 560, 780), fill=(180, 196, 200))
    pen.rectangle((1040, 520, 1250, 780), fill=(180, 196, 200))
    file = BytesIO()
    image.save(file, "JPEG", quality=80)
    return file.getvalue()
