"""A phone's enrolment by a code from the bureau, typed or read by the camera; no photo is kept."""

import asyncio
from dataclasses import dataclass

from contract.invitation import MARK, Invitation
from contract.typed_address import fold_typed, read_address
from fieldapp.ports import Offline, Refused, Scanner
from fieldapp.state.camera import CameraState
from fieldapp.state.lock import Lock
from fieldapp.state.shell import StatePart
from fieldapp.state.sync import SyncState

LOOKS = 12  # some ten seconds: then the worker hears that nothing was read
PAUSE_S = 0.2  # between two looks, for the screen
SCHEME = MARK.partition(":")[0] + ":"  # of an invitation of any version


@dataclass(eq=False)
class EnrolmentState(StatePart):
    lock: Lock
    sync: SyncState
    camera: CameraState
    again: bool = False  # though the phone has a name: the bureau no longer knows it
    scanning: bool = False  # the camera's screen is open
    looking: bool = False  # for a code, at this moment
    invitation: str = ""  # that was read by the camera; it stands in the field of the code

    async def enrol(self, code: str, address: str) -> None:
        """`code` is the bureau's code or a whole invitation, which has the server's address."""
        self.shell.notice, self.sync.busy = "", True
        code, address, invited = fold_typed(code), read_address(address), Invitation.parse(code)
        if invited:  # pasted, or read by the camera
            code, address = invited.code, invited.pinned_address()
        try:
            kit = self.shell.kit
            self.shell.identity = await kit.courier.enrol(code, kit.model, address)
        except Offline as offline:
            self.shell.notice = f"why.{offline.why}"
        except Refused as refused:
            self.shell.notice = f"why.{refused.code}"
        finally:
            self.sync.busy = False
        failed = bool(self.shell.notice)
        self.again = self.again and failed
        if self.lock.forgotten and not failed:
            await self.lock.release()
        if self.shell.identity and not self.again:
            await self.sync.run()

    def begin_again(self) -> None:
        """The bureau no longer knows this phone: a new code gives it a new name."""
        self.again = True

    def give_up(self) -> None:
        """Without a code at hand: what is on the phone can be read and gone on with."""
        self.again, self.shell.notice = False, ""

    def open_camera(self) -> None:
        self.shell.notice, self.invitation, self.scanning = "", "", True
        self.camera.reset()
        self.looking = False

    async def leave_camera(self) -> None:
        self.looking = False  # the look that is under way is the last one
        await self.shell.kit.camera.rest()
        self.shell.notice, self.scanning, self.camera.aimed = "", False, False

    async def look_for_code(self) -> None:
        """From the screen's first moment, without a tap; ends with an invitation or a notice."""
        scanner = self.shell.kit.scanner
        if not scanner or self.looking:
            return
        self.shell.notice, self.looking, self.camera.aimed = "", True, False
        try:
            await self.camera.switch_on()
            await self._look(scanner)
        except Refused as refused:
            self.shell.notice = f"scan.{refused.code}" if self.scanning else ""
        finally:
            self.looking = False

    async def _look(self, scanner: Scanner) -> None:
        for _ in range(LOOKS):
            photo = await self.shell.kit.camera.shoot()
            text = await scanner.scan(photo)
            if not self.looking:
                return
            if text:
                return await self._accept(text)
            await asyncio.sleep(PAUSE_S)
        self.shell.notice = "scan.none"

    async def _accept(self, text: str) -> None:
        if not Invitation.parse(text):
            self.shell.notice = (
                "scan.newer" if fold_typed(text).startswith(SCHEME) else "scan.not_ours"
            )
            return
        await self.leave_camera()
        self.invitation = text
        await self.enrol(text, self.shell.kit.address)
