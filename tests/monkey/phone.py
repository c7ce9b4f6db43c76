"""The monkey's phone: real notebook, album, courier and screens before a truthful bureau in memory,
on a road, with a disk and senses that come and go."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import flet as ft

from fieldapp.adapters.sqlite_notebook import SqliteNotebook
from fieldapp.courier.courier import Courier, TripPorts
from fieldapp.ports import DiskFull, Offline, Refused
from fieldapp.state import Kit
from tests.builders import SERVER_NOON
from tests.fieldapp import a_phone
from tests.fieldapp.a_bureau import Bureau
from tests.fieldapp.fakes import FakeLink


class Road(FakeLink):
    """Down while the hands hold it down."""

    def __init__(self, hands: a_phone.Hands) -> None:
        super().__init__()
        self.hands = hands

    def _stumble(self) -> None:
        if not self.hands.road:
            raise Offline("no_road")
        if self.hands.why == "token_revoked":
            raise Refused(self.hands.why)
        if self.hands.why:
            raise Offline(self.hands.why)
        super()._stumble()


class Brim(SqliteNotebook):
    """A notebook on a disk that can be full."""

    full = False

    @contextmanager
    def atomic(self) -> Iterator[None]:
        if self.full:
            raise DiskFull
        with super().atomic():
            yield


class World:
    """What outlives a kill: the folder, the bureau, the hands."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.hands = folder, a_phone.Hands()
        self.road = Road(self.hands)
        self.bureau = Bureau(self.road)
        self.bureau.places, self.bureau.at = a_phone.TOWN, SERVER_NOON
        self.drawn = 0


class Phone(a_phone.Phone):
    """One life of the app."""

    def __init__(self, world: World) -> None:
        super().__init__(world.folder, world.hands, enrolled=False)
        self.world = world
        self.notebook.close()
        self.brim = self.notebook = Brim(world.folder / "notebook.db", a_phone.CIPHER)
        self.memory = type(self.memory)(self.notebook)

    def _kit(self, page: ft.Page) -> Kit:
        kit = super()._kit(page)
        kit.clock.drawn = self.world.drawn  # type: ignore[attr-defined]  # ids are minted once
        ports = TripPorts(
            self.notebook, self.memory, self.album, self.world.road, kit.clock, self.safe
        )
        courier = Courier(ports)
        return replace(kit, notebook=self.notebook, memory=self.memory, courier=courier)
