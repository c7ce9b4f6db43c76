"""The camera as its two screens use it: the photo's and the one of a new phone's code."""

from dataclasses import dataclass

from fieldapp.ports import Refused
from fieldapp.state.shell import StatePart


@dataclass(eq=False)
class CameraState(StatePart):
    aimed: bool = False  # there is something to see
    torch: bool = False  # the light beside the lens is on

    async def aim(self) -> None:
        """Switches the camera on, its light off; a notice says why that did not work."""
        self.reset()
        self.shell.notice = ""
        try:
            await self.switch_on()
        except Refused as refused:
            self.shell.notice = f"why.{refused.code}"

    async def switch_on(self) -> None:
        """Raises Refused."""
        await self.shell.kit.camera.aim()
        self.aimed = True

    async def toggle_torch(self) -> None:
        """Off until the worker wants it, for it shows who is there."""
        try:
            await self.shell.kit.camera.shine(not self.torch)
            self.torch = not self.torch
        except Refused as refused:
            self.shell.notice = f"why.{refused.code}"

    def reset(self) -> None:
        self.aimed, self.torch = False, False
