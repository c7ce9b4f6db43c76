"""The screens past the everyday walk: what is rare, what is asked twice, and how a phone ends."""

import re
from collections.abc import Iterator
from urllib.parse import urljoin

from contract import wire
from demo.pocket import Pocket
from fieldapp.device.pin import KEPT, Pin
from fieldapp.platforms.installation import Installation
from tests.journeys import tour
from tests.journeys.days import SITE
from tests.journeys.flet_driver import FletDriver
from tests.journeys.tour import Seasoned, first_report
from tests.journeys.worker import inside

ONCE_MORE = re.compile("再点一次|Tap again")
PIN = ("digit-2", "digit-5", "digit-8", "digit-0")
# Each with what stands there then, in the order of the walk.
SHOWS = {
    "again": "same-place",
    "door": "read-door",
    "elsewhere": "read-place",
    "slip": "cut-note",
    "masked": "mask-remove",
    "draft": "resume",
    "ad": "institution",
    "paused": "paused",
    "clear": "seal",
    "sealed": "withdraw",
    "withdrawing": "withdraw",
    "pinned": "after-1",
    "locked": "forgot",
    "forgot": "enrol",
    "biometrics": "biometrics-off",
    "gone": "begin-anew",
    "enrol": "enrol",
    "scan": "torch",
    "shut": "shut",
}
SCREENS = (*(stop.name for stop in tour.STOPS), *SHOWS)


def all_of(there: Seasoned) -> Iterator[str]:
    """Past every screen: the everyday ones, then these."""
    yield from (stop.name for stop in tour.walk(there.one.phone))
    there.one.phone.go("home")
    yield from walk(there)


def walk(there: Seasoned) -> Iterator[str]:
    """Begins on home and yields each name of `SHOWS` when its screen stands there."""
    phone = there.one.phone
    for part in (_writing(phone), _round(phone), _sealing(phone), _locking(there), _end(there)):
        for name in part:
            phone.at(SHOWS[name]).first.wait_for(state="attached", timeout=60_000)
            yield name


def _taps(phone: FletDriver, *names: str) -> None:
    for name in names:
        phone.go(name)


def _writing(phone: FletDriver) -> Iterator[str]:
    _taps(phone, *SITE, "add")
    yield "again"
    _taps(phone, "other")
    yield "door"
    _taps(phone, "other", "change", "elsewhere")
    yield "elsewhere"
    _taps(phone, "change", "pick-c001", "building-2", "unit-1", "next", "sign-POSTER", "extras")
    phone.write("note", "牌子上写13800138000晚托")
    yield "slip"
    _taps(phone, "cut-note", "photo", "shutter", "mask-add")
    yield "masked"
    _taps(phone, "use", "back", "back")
    yield "draft"


def _round(phone: FletDriver) -> Iterator[str]:
    _given_up(phone)
    _taps(phone, "open-patrol", "ad", "building-2", "unit-1", "next")
    yield "ad"
    _taps(phone, "back", "back", "back")
    _given_up(phone)
    _taps(phone, "open-patrol", "pause")
    yield "paused"
    _taps(phone, "pause")
    _asked(phone, "end-patrol")
    _taps(phone, "end-patrol", "home")


def _sealing(phone: FletDriver) -> Iterator[str]:
    _taps(phone, "clear")
    yield "clear"
    _taps(phone, "seal", "reports")
    phone.go(first_report(phone))
    yield "sealed"
    _asked(phone, "withdraw")
    yield "withdrawing"
    _taps(phone, "back", "back")


def _locking(there: Seasoned) -> Iterator[str]:
    phone = there.one.phone
    _taps(phone, "settings", "lock", "pin-set")
    _typed(phone)
    _typed(phone)
    yield "pinned"
    inside(there.phones, there.one, _trusts_its_body)
    _opened_again(phone)
    yield "locked"
    _taps(phone, "forgot")
    yield "forgot"
    _taps(phone, "back")
    _typed(phone)
    _taps(phone, "settings", "lock")
    yield "biometrics"
    _taps(phone, "back", "back")


async def _trusts_its_body(_: Pocket, mine: Installation) -> None:
    """As if this were a phone that can look for a finger or a face; a browser cannot."""
    pin = wire.decode(Pin, (await mine.safe.get(KEPT) or "").encode())
    await mine.safe.put(KEPT, wire.encode(pin.changed(biometrics=True)).decode())


def _typed(phone: FletDriver) -> None:
    for n, digit in enumerate(PIN):
        phone.expect_text("dots", f"{n} ")
        phone.tap(digit)


def _end(there: Seasoned) -> Iterator[str]:
    """Revoked by the bureau; then a phone without a name; then one whose safe does not answer."""
    phone = there.one.phone
    _taps(phone, "sync")
    there.bureau.revoke_all()
    phone.tap("retry")
    yield "gone"
    _taps(phone, "begin-anew")
    yield "enrol"
    _taps(phone, "scan")
    yield "scan"
    for key in there.phones.glob("*/safe/storage_key"):
        key.write_bytes(b"torn")
    _opened_again(phone)
    yield "shut"


def _given_up(phone: FletDriver) -> None:
    _asked(phone, "drop")
    _taps(phone, "drop")


def _asked(phone: FletDriver, name: str) -> None:
    """The first of two taps: nothing but the button's own words changes."""
    phone.tap(name)
    phone.page.get_by_text(ONCE_MORE).first.wait_for()


def _opened_again(phone: FletDriver) -> None:
    phone.open(urljoin(phone.page.url, "/"))
