"""One lead from a phone in the dark to the bureau and home again, through the real code of both."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from contract.cases import CaseState
from contract.ids import uuid7
from contract.place import Fix, Place
from contract.reference import Compound
from contract.report import Photo, Report
from demo import scenes
from demo.pocket import Pocket
from demo.road import Road, Way
from demo.stage import SUPERVISOR, Stage
from fieldapp.ports import Mask
from fieldapp.report.entry import Entry
from fieldapp.ui.words import speaker, why
from sync_server.casework import review
from sync_server.domain.decisions import Decision
from sync_server.domain.roles import Role, Staff

HEADS = (Mask(0.16, 0.55, 0.1, 0.16), Mask(0.25, 0.6, 0.1, 0.16))
FURTHER = 60 * 1024  # bytes of the first photo that get through before the road breaks
Say = Callable[[str], None]
CHINESE = speaker("zh")


async def one_lead(stage: Stage, say: Say) -> str:
    """Plays it over a road that is closed, then breaks; returns the receipt number."""
    say("演示一条线索 / one lead, played through:")
    with TemporaryDirectory(prefix="xuncha-") as folder:
        async with Road(stage.settings.port) as road, Pocket(Path(folder)) as phone:
            identity = await phone.courier.enrol(stage.code(), "demo", road.address)
            say(f"  1 登记 enrolled          {identity.author} · {identity.device}")
            await phone.courier.round()
            entry = await _sealed_in_the_dark(phone, road, say)
            number = await _delivered(phone, road, entry, say)
            await asyncio.to_thread(_decided, stage, entry, say)
            await _collected(phone, entry, say)
    return number


async def _sealed_in_the_dark(phone: Pocket, road: Road, say: Say) -> Entry:
    road.close()
    pictures = [phone.photographed(scenes.entrance(n), HEADS) for n in range(2)]
    entry = phone.sealed(draft(phone, tuple(pictures)))
    tried = await phone.courier.round()
    place, waits = entry.report.place.in_words, why(CHINESE, tried.why or "")
    say(f"  2 离线封存 sealed offline {place}，照片 2 张；{waits}")
    return entry


async def _delivered(phone: Pocket, road: Road, entry: Entry, say: Say) -> str:
    road.open()
    road.cut(Way.UP, FURTHER)
    broken = await phone.courier.round()
    receipt = phone.entry(entry).receipt
    if receipt is None:
        raise RuntimeError(f"no receipt: {broken.why}")
    say(f"  3 已收到 received        回执 {receipt.number} · 台账第 {receipt.position} 条")
    cut = why(CHINESE, broken.why) if broken.why else "当场接上 resumed at once"
    say(f"  4 照片断线 photo cut      {cut}")
    whole = await phone.courier.round()
    if whole.why:
        raise RuntimeError(whole.why)
    size, carried = sum(photo.bytes for photo in entry.report.photos), road.carried[Way.UP]
    say(f"  5 续传完成 photos resumed {size:,} bytes 的照片，路上共 {carried:,} bytes on the road")
    return receipt.number


def _decided(stage: Stage, entry: Entry, say: Say) -> None:
    desk = Staff(SUPERVISOR, Role.SUPERVISOR)
    decision = Decision(
        CaseState.ACCEPTED, CaseState.REPORTED, entry.report.revision, comment="已转社区联络核实。"
    )
    review.decide(stage.store, desk, str(entry.report.id), decision, datetime.now(UTC))
    say("  6 审核员受理 accepted")


async def _collected(phone: Pocket, entry: Entry, say: Say) -> None:
    home = await phone.courier.round()
    answer = phone.entry(entry).answers[-1]
    word = phone.memory.lists().word("case_state", answer.state)
    say(f"  7 反馈已到 answer home    {word}：{answer.comment}（{home.answers}）")


def draft(phone: Pocket, photos: tuple[Photo, ...]) -> Report:
    """A night lead at the first compound of the phone's own grid."""
    identity, places, now = phone.identity(), phone.memory.places(), phone.clock.now()
    compound = places.compounds[0]
    return Report(
        id=uuid7(now, phone.clock.entropy(10)),
        device=identity.device,
        author=identity.author,
        shift="NIGHT",
        seen_at=now,
        fix=Fix(lat=compound.lat or 0, lon=compound.lon or 0, accuracy_m=8, at=now),
        place=at(compound),
        signs=("POSTER", "PUPILS_ENTERING"),
        count_band="B2",
        disguises=("CARE",),
        note="单元门口张贴晚托广告，18:30起有学生进出",
        photos=photos,
    )


def at(compound: Compound) -> Place:
    """A door of this compound, as a worker would pick it."""
    building = compound.buildings[min(2, len(compound.buildings) - 1)]
    return Place(
        community=compound.community,
        grid=compound.grid,
        compound=compound.id,
        compound_name=compound.name,
        building=building.name,
        unit=building.units[0] if building.units else None,
        venue=compound.venue,
    )
