"""The diagnosis text for support, which contains nothing that was reported; and the bureau's
anchors that this phone keeps."""

from dataclasses import dataclass
from functools import partial

from contract.rules import MOST_SUGGESTION
from fieldapp.device.diagnosis import diagnosis_text, witness_lines
from fieldapp.ports import Refused
from fieldapp.state import paths
from fieldapp.state.shell import StatePart
from fieldapp.state.suggestion import SuggestionState


@dataclass(eq=False)
class DiagnosisState(StatePart):
    suggestion: SuggestionState
    text: str = ""

    async def write(self) -> None:
        """The text anew, as its screen is opened."""
        kit, now = self.shell.kit, self.shell.now()
        text = partial(diagnosis_text, kit.notebook, kit.album, kit.memory, now)
        self.text = await self.shell.keep(text) or ""

    async def copy(self) -> None:
        """Onto the clipboard."""
        await self._copy(self.text)

    async def copy_witnesses(self) -> None:
        """Onto the clipboard, for whoever checks the bureau's audit log."""
        kept = await self.shell.keep(partial(witness_lines, self.shell.kit.memory))
        if kept:
            await self._copy(kept)
        elif kept == "":
            self.shell.notice = "diagnosis.no_witness"

    async def _copy(self, text: str) -> None:
        try:
            await self.shell.kit.copy(text)
        except Refused as refused:
            self.shell.notice = f"why.{refused.code}"
        else:
            self.shell.notice = "diagnosis.copied"

    async def send(self) -> None:
        """As a suggestion: the whole lines that go into one."""
        await self.suggestion.post(self.text[:MOST_SUGGESTION].rpartition("\n")[0], paths.DUTY)
