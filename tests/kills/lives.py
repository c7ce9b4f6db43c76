"""What a phone does until it is killed, and how it goes home when nobody kills it any more."""

import asyncio
import random
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from PIL import Image

from contract.report import Photo
from demo.play import draft
from demo.pocket import Pocket
from fieldapp.report.entry import Stage
from tests.kills.forking import Say

Life = Callable[[Say], None]
SIDE = 160  # px: noise of this size is some 30 KB, two pieces of an upload and a half
MOST_WAITING = 3
ROUNDS_HOME = 40
ALL = 1_000_000
BREAK = "broken round"


def enrolled(folder: Path, code: str, address: str) -> Life:
    """Enrols, and hears the bureau once."""

    async def life() -> None:
        async with Pocket(folder) as phone:
            await phone.courier.enrol(code, "kills", address)
            await phone.courier.round()

    return lambda _: asyncio.run(life())


def sealing(folder: Path) -> Life:
    """Takes pictures and seals reports, one after the other, offline."""

    def life(say: Say) -> None:
        phone = Pocket(folder)
        say("ready")
        for n in range(ALL):
            seal(phone, say, pictures=n % 2)

    return life


def uploading(folder: Path) -> Life:
    """Delivers what waits, then seals the next report with two pictures, and so on."""

    async def life(say: Say) -> None:
        async with Pocket(folder) as phone:
            say("ready")
            while True:
                say("begin round")
                await phone.courier.round()
                say("end round")
                seal(phone, say, pictures=2)

    return lambda say: asyncio.run(life(say))


def working(folders: list[Path], pictures: int, stop: Callable[[], bool]) -> Life:
    """Several phones seal and deliver side by side until `stop`, whatever the bureau does."""

    async def one(folder: Path, say: Say) -> None:
        async with Pocket(folder) as phone:
            while not stop():
                if phone.notebook.waiting() < MOST_WAITING:
                    seal(phone, say, pictures)
                if (await phone.courier.round()).why:
                    say(BREAK)

    async def life(say: Say) -> None:
        say("ready")
        await asyncio.gather(*(one(folder, say) for folder in folders))

    return lambda say: asyncio.run(life(say))


def home(folder: Path) -> Life:
    """Rounds until nothing waits; raises RuntimeError when that never comes."""

    async def life() -> None:
        async with Pocket(folder) as phone:
            for _ in range(ROUNDS_HOME):
                why = (await phone.courier.round()).why
                if not why and not phone.notebook.waiting() and _all_stored(phone):
                    return
            raise RuntimeError(f"something waits for ever: {why}")

    return lambda _: asyncio.run(life())


def _all_stored(phone: Pocket) -> bool:
    return all(picture.stored for picture in phone.notebook.photos())


def seal(phone: Pocket, say: Say, pictures: int) -> None:
    """One more report. `sealed` is said once sealing has returned: from then on it is not lost."""
    say("begin seal")
    photos = tuple(_photographed(phone) for _ in range(pictures))
    say("pictured")
    entry = phone.sealed(draft(phone, photos))
    assert entry.stage is Stage.SEALED
    say(f"sealed {entry.report.id}")


def _photographed(phone: Pocket) -> Photo:
    sheet = BytesIO()
    noise = random.randbytes(SIDE * SIDE * 3)
    Image.frombytes("RGB", (SIDE, SIDE), noise).save(sheet, "JPEG", quality=95)
    return phone.photographed(sheet.getvalue())
