"""The in-app camera, by flet-camera: a view to look through and one still at a time."""

import asyncio
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import flet as ft
import flet_camera as fc

from fieldapp.ports import Refused

STILL_S = 15.0  # that taking a photo may last
PAUSES_S = (0.5, 1.5, 3.0)  # before the next try to switch the camera on
LEAVING_S = 2.0  # that a screen waits for the plugin's answer before it closes
MIRRORED = 2  # the EXIF orientation of an image that is flipped left to right


class FletCamera:
    """Port Camera, with a view for the screen (ViewfinderCamera). A declarative screen makes a new
    control at each rendering, and flet moves the camera over to it: the reference always points at
    the newest. A control that is kept instead would fall off the page."""

    def __init__(self, *, web: bool) -> None:
        self._web = web
        self._control: ft.Ref[fc.Camera] = ft.Ref()
        self._mirrored = False
        self._calls, self._idle = 0, asyncio.Event()  # calls that the plugin has not answered
        self._idle.set()

    def view(self) -> ft.Control:
        return fc.Camera(ref=self._control, expand=True)

    async def aim(self) -> None:
        """Switches the camera on, trying again while it is busy: on a slow phone its view takes a
        while to appear. Raises Refused."""
        for pause in PAUSES_S:
            try:
                return await self._switch_on()
            except Refused as refused:
                if refused.code != "camera_busy":
                    raise
            await asyncio.sleep(pause)
        return await self._switch_on()

    async def _switch_on(self) -> None:
        camera = self._on_screen()
        with self._calling():
            lens = _best(await camera.get_available_cameras())
            self._mirrored = self._web and lens.lens_direction is not fc.CameraLensDirection.BACK
            await camera.initialize(
                lens,
                fc.ResolutionPreset.VERY_HIGH,
                enable_audio=False,
                image_format_group=fc.ImageFormatGroup.JPEG,
            )
        with suppress(Refused):  # without this, the plugin flashes by itself in the dark
            await self.shine(False)

    async def shine(self, on: bool) -> None:
        mode = fc.FlashMode.TORCH if on else fc.FlashMode.OFF
        with self._calling("no_torch"):
            await self._on_screen().set_flash_mode(mode)

    async def shoot(self) -> bytes:
        with self._calling():
            async with asyncio.timeout(STILL_S):
                jpeg = _encoded(await self._on_screen().take_picture())
        return with_orientation(jpeg, MIRRORED) if self._mirrored else jpeg

    async def rest(self) -> None:
        """Waits until the plugin has answered every call. Flet 1.0.5 drops an answer to a control
        that has left the page: the call would wait on, and a browser's connection be closed."""
        with suppress(TimeoutError):
            async with asyncio.timeout(LEAVING_S):
                await self._idle.wait()

    @contextmanager
    def _calling(self, code: str = "") -> Iterator[None]:
        """Counts one call of the plugin. Raises Refused with this code, or that of its error."""
        self._calls += 1
        self._idle.clear()
        try:
            yield
        except Refused:
            raise
        except Exception as error:  # whatever the plugin raises, there is no photo
            raise Refused(code or refusal_code(str(error))) from error
        finally:
            self._calls -= 1
            if not self._calls:
                self._idle.set()

    def _on_screen(self) -> fc.Camera:
        camera = self._control.current
        if camera is None:
            raise Refused("camera_busy")
        return camera


def _encoded(still: object) -> bytes:
    """The bytes of a still. Raises Refused for anything else that a plugin may deliver."""
    if not isinstance(still, bytes | bytearray | memoryview) or not len(still):
        raise Refused("camera_busy")
    return bytes(still)


def _best(listed: object) -> fc.CameraDescription:
    """The one at the back, if there is one; a laptop has none."""
    found = listed if isinstance(listed, list | tuple) else ()
    lenses = [lens for lens in found if isinstance(lens, fc.CameraDescription)]
    if not lenses:
        raise Refused("no_camera")
    back = [lens for lens in lenses if lens.lens_direction is fc.CameraLensDirection.BACK]
    return (back or lenses)[0]


def refusal_code(error: str) -> str:
    """By words in the plugin's error, which is a sentence; these were seen in flet 1.0.5."""
    text = error.lower()
    if "notfound" in text or "no camera" in text:
        return "no_camera"
    denied = ("denied", "permission", "notallowed", "accessrestricted")
    return "camera_denied" if any(word in text for word in denied) else "camera_busy"


def with_orientation(jpeg: bytes, orientation: int) -> bytes:
    """A JPEG with an EXIF orientation added; anything else as it is. Browsers mirror every camera
    that is not at the back, and a mirrored signboard cannot be read. The darkroom applies the
    orientation and drops it."""
    if not jpeg.startswith(b"\xff\xd8"):
        return jpeg
    tag = struct.pack(">HHIHH", 0x0112, 3, 1, orientation, 0)
    exif = b"Exif\0\0MM\0*" + struct.pack(">IH", 8, 1) + tag + b"\0\0\0\0"
    return b"\xff\xd8\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + jpeg[2:]
