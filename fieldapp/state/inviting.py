"""A phone's first code by its camera: one look after another, and no picture is kept."""

import asyncio

from contract.invitation import MARK, Invitation
from fieldapp.ports import Refused, Scanner
from fieldapp.state.sending import Sending

LOOKS = 12  # some ten seconds: then the worker hears that nothing was read
BREATH = 0.2  # seconds between two looks, for the screen
KIND = MARK.partition(":")[0] + ":"


class Inviting(Sending):
    """Verbs of the first screen's camera."""

    scanning: bool = False  # its screen is open
    looking: bool = False
    invited: str = ""  # the invitation that was read; it stands in the field of the code

    def scan(self) -> None:
        self.notice, self.invited, self.scanning = "", "", True
        self.aimed, self.torch, self.looking = False, False, False

    async def stop_scanning(self) -> None:
        self.looking = False  # the look that is under way is the last one
        await self.kit.camera.rest()
        self.notice, self.scanning, self.aimed = "", False, False

    async def look_for_code(self) -> None:
        """From the screen's first moment, without a tap; ends with an invitation or with words."""
        scanner = self.kit.scanner
        if not scanner or self.looking:
            return
        self.notice, self.looking, self.aimed = "", True, False
        try:
            await self.kit.camera.aim()
            self.aimed = True
            await self._read(scanner)
        except Refused as refused:
            self.notice = f"scan.{refused.code}" if self.scanning else ""
        finally:
            self.looking = False

    async def _read(self, scanner: Scanner) -> None:
        for _ in range(LOOKS):
            picture = await self.kit.camera.shoot()
            text = await asyncio.to_thread(scanner.scan, picture)
            if not self.looking:
                return
            if text:
                return await self._accept(text)
            await asyncio.sleep(BREATH)
        self.notice = "scan.none"

    async def _accept(self, text: str) -> None:
        if not Invitation.parse(text):
            self.notice = "scan.newer" if text.startswith(KIND) else "scan.not_ours"
            return
        await self.stop_scanning()
        self.invited = text
        await self.enrol(text, self.kit.address)
