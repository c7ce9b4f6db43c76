"""The in-app camera, by flet-camera: a view to look through and one still at a time."""

import asyncio
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import flet as ft
import flet_camera as fc

from fieldapp.ports import Refused

STILL = 15.0  # seconds that a picture may take
PAUSES = (0.5, 1.5, 3.0)  # seconds before the next try to switch the camera on
LEAVING = 2.0  # seconds that a screen waits for an answer before it goes
MIRRORED = 2  # the EXIF orientation of a picture that is flipped left to right


class FletCamera:
    """A declarative screen makes a new control at each rendering and flet moves the camera over to
    it; the reference always points at the newest. A kept control would fall off the page."""

    def __init__(self, *, web: bool) -> None:
        self._web = web
        self._control: ft.Ref[fc.Camera] = ft.Ref()
        self._mirrored = False
        self._open, self._idle = 0, asyncio.Event()  # calls that the client has not answered
        self._idle.set()

    def view(self) -> ft.Control:
        return fc.Camera(ref=self._control, expand=True)

    async def aim(self) -> None:
        """Tries again while the camera is busy: on a slow phone its view is not there at once."""
        for pause in PAUSES:
            try:
                return await self._aim()
            except Refused as refused:
                if refused.code != "camera_busy":
                    raise
            await asyncio.sleep(pause)
        return await self._aim()

    async def _aim(self) -> None:
        camera = self._on_screen()
        with self._asking():
            lens = _best(await camera.get_available_cameras())
            self._mirrored = self._web and lens.lens_direction is not fc.CameraLensDirection.BACK
            await camera.initialize(
                lens,
                fc.ResolutionPreset.VERY_HIGH,
                enable_audio=False,
                image_format_group=fc.ImageFormatGroup.JPEG,
            )
        with suppress(Refused):  # left alone, the plugin flashes by itself where it is dark
            await self.shine(False)

    async def shine(self, on: bool) -> None:
        mode = fc.FlashMode.TORCH if on else fc.FlashMode.OFF
        with self._asking("no_torch"):
            await self._on_screen().set_flash_mode(mode)

    async def shoot(self) -> bytes:
        with self._asking():
            async with asyncio.timeout(STILL):
                jpeg = bytes(await self._on_screen().take_picture())
        return with_orientation(jpeg, MIRRORED) if self._mirrored else jpeg

    async def rest(self) -> None:
        """Flet 1.0.5 gives an answer to a control that has left the page to nobody: the call waits
        on, and a browser's connection is dropped."""
        with suppress(TimeoutError):
            async with asyncio.timeout(LEAVING):
                await self._idle.wait()

    @contextmanager
    def _asking(self, code: str = "") -> Iterator[None]:
        """One call of the client. Raises Refused with this code, or with one of the error's own."""
        self._open += 1
        self._idle.clear()
        try:
            yield
        except (RuntimeError, TimeoutError) as error:
            raise Refused(code or refusal_code(str(error))) from error
        finally:
            self._open -= 1
            if not self._open:
                self._idle.set()

    def _on_screen(self) -> fc.Camera:
        camera = self._control.current
        if camera is None:
            raise Refused("camera_busy")
        return camera


def _best(lenses: list[fc.CameraDescription]) -> fc.CameraDescription:
    """The one at the back; a desk has only the other kind."""
    if not lenses:
        raise Refused("no_camera")
    back = [lens for lens in lenses if lens.lens_direction is fc.CameraLensDirection.BACK]
    return (back or lenses)[0]


def refusal_code(error: str) -> str:
    """The plugin's errors are sentences; these words in them were seen in 1.0.5."""
    said = error.lower()
    if "notfound" in said or "no camera" in said:
        return "no_camera"
    denied = ("denied", "permission", "notallowed", "accessrestricted")
    return "camera_denied" if any(word in said for word in denied) else "camera_busy"


def with_orientation(jpeg: bytes, orientation: int) -> bytes:
    """The picture with an EXIF orientation and nothing else: browsers mirror every camera that is
    not at the back, and a mirrored signboard cannot be read. Developing applies and drops it."""
    if not jpeg.startswith(b"\xff\xd8"):
        return jpeg
    tag = struct.pack(">HHIHH", 0x0112, 3, 1, orientation, 0)
    exif = b"Exif\0\0MM\0*" + struct.pack(">IH", 8, 1) + tag + b"\0\0\0\0"
    return b"\xff\xd8\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + jpeg[2:]
