"""A walk past every screen of the field app, on a phone that has seen some weeks of work."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from contract.cases import CaseState
from demo import play
from demo.pocket import Pocket
from demo.programs import Program, reachable
from fieldapp.adapters.httpx_link import HttpxLink
from fieldapp.courier.courier import Courier
from fieldapp.device.access_token import StoredCredentials
from fieldapp.platforms.installation import Installation
from fieldapp.report.entry import Entry
from sync_server.casework import review
from sync_server.domain.decisions import Decision
from tests.journeys.conftest import DESK, Bureau, free_port
from tests.journeys.flet_driver import FletDriver
from tests.journeys.test_story import bureau_without_server
from tests.journeys.worker import Worker, field_app, inside, needs_chromium, worker

# What the bureau said of each report, oldest first: state, reason, comment; None waits.
DECIDED = (
    ("20", None, "已转社区联络核实。"),
    ("29", "NO_SIGN", "请写明看到了什么，再报一次"),
    ("20", None, ""),
    ("15", None, "是哪个单元门？"),
    None,
)


@dataclass(frozen=True, slots=True)
class Stop:
    """A screen: the taps from the one before it, and what stands there then."""

    name: str
    taps: tuple[str, ...]
    shows: str


STOPS = (
    Stop("home", (), "add"),
    Stop("duty", ("duty",), "duty-card"),
    Stop("notices", ("to-notices",), "title"),
    Stop("tasks", ("back", "to-tasks"), "title"),
    Stop("licensed", ("back", "to-licensed"), "title"),
    Stop("help", ("back", "to-help"), "topic-lead"),
    Stop("topic", ("topic-lead",), "topic"),
    Stop("diagnosis", ("back", "back", "to-diagnosis"), "diagnosis"),
    Stop("copied", ("copy",), "notice"),
    Stop("settings", ("back", "to-settings"), "language-zh"),
    Stop("suggest", ("suggest",), "suggestion"),
    Stop("privacy", ("back", "privacy"), "title"),
    Stop("posts", ("back", "posts"), "post-new"),
    Stop("about", ("back", "about"), "title"),
    Stop("lock", ("back", "lock"), "pin-set"),
    Stop("pin", ("pin-set",), "digit-5"),
    Stop("sync", ("back", "back", "back", "back", "sync"), "retry"),
    Stop("reports", ("back", "reports"), "find"),
    Stop("find", ("find",), "wanted"),
    Stop("question", ("pile-asked", "@report"), "question"),
    Stop("reply", ("mend",), "seal"),
    Stop("answered", ("back", "back", "pile-closed", "@report"), "story"),
    Stop("sos", ("back", "back", "sos"), "call-110"),
    Stop("patrol", ("back", "start-patrol"), "ad"),
    Stop("form", ("change-form",), "form-SWEEP"),
    Stop("place", ("back", "add", "building-2"), "unit-1"),
    Stop("pick", ("change",), "search"),
    Stop("seen", ("back", "unit-1", "next"), "sign-POSTER"),
    Stop("unanswered", ("seal",), "flaw-signs"),
    Stop("extras", ("back", "sign-POSTER", "extras"), "note"),
    Stop("camera", ("photo",), "shutter"),
    Stop("mask", ("shutter",), "use"),
    Stop("review", ("use", "review"), "facts"),
    Stop("undo", ("seal",), "undo"),
    Stop("summary", ("open-patrol", "end-patrol", "end-patrol"), "home"),
)


class Seasoned(NamedTuple):
    """A worker whose reports were received and decided, and what stands behind the phone."""

    one: Worker
    bureau: Bureau
    phones: Path


@contextmanager
def seasoned(folder: Path, pixels: int = 1) -> Iterator[Seasoned]:
    """`pixels` as in `worker`."""
    needs_chromium()
    bureau, phones = bureau_without_server(folder), folder / "phones"
    with Program.server(bureau.settings) as server:
        reachable(bureau.settings.port, server)
        with (
            field_app(free_port(), bureau.address, phones) as address,
            worker(folder / "profile", address, pixels) as one,
        ):
            one.enrol(bureau.code())
            weeks_of_work(bureau, phones, one)
            one.phone.open(address)
            yield Seasoned(one, bureau, phones)
    bureau.store.close()


def walk(phone: FletDriver, stops: tuple[Stop, ...] = STOPS) -> Iterator[Stop]:
    """Yields each stop when it stands there. `@report` is the first report in the list."""
    for stop in stops:
        for tap in stop.taps:
            phone.go(first_report(phone) if tap == "@report" else tap)
        phone.at(stop.shows).first.wait_for(state="attached", timeout=90_000)
        yield stop


def first_report(phone: FletDriver) -> str:
    cards = phone.page.locator('[flt-semantics-identifier^="report-"]')
    cards.first.wait_for(state="attached")
    return str(cards.first.get_attribute("flt-semantics-identifier"))


def weeks_of_work(bureau: Bureau, phones: Path, one: Worker) -> None:
    """Reports of this phone, received and decided: through its own courier and the bureau's own
    rooms."""

    async def work(phone: Pocket, mine: Installation) -> None:
        link = HttpxLink(StoredCredentials(phone.memory, mine.safe))
        courier = phone.courier_over(link)
        await _work(bureau, phone, courier)
        await link.close()

    inside(phones, one, work)


async def _work(bureau: Bureau, phone: Pocket, courier: Courier) -> None:
    await courier.round()  # the app's own first one may not have brought the places yet
    compounds = phone.memory.places().compounds
    for n, decided in enumerate(DECIDED):
        lead = play.draft(phone, ())
        at = lead.seen_at - timedelta(hours=7 * (len(DECIDED) - n))
        where = play.at(compounds[n % len(compounds)])
        note = "门口张贴晚托广告" if n % 2 else ""
        entry = phone.sealed(lead.changed(seen_at=at, place=where, note=note))
        await courier.round()
        if decided:
            await asyncio.to_thread(_decide, bureau, entry, decided)
    await courier.round()


def _decide(bureau: Bureau, entry: Entry, decided: tuple[str, str | None, str]) -> None:
    to, reason, comment = decided
    decision = Decision(
        to, CaseState.REPORTED, entry.report.revision, reason=reason, comment=comment
    )
    review.decide(bureau.store, DESK, str(entry.report.id), decision, datetime.now(UTC))
