"""What the worker has to know after the phone's files were damaged, until it was read."""

from dataclasses import dataclass

from fieldapp.memory.values import Damage
from fieldapp.state.shell import StatePart


@dataclass(eq=False)
class DamageState(StatePart):
    damage: Damage | None = None

    async def load(self) -> None:
        self.damage = await self.shell.keep(self.shell.kit.memory.damage)

    async def confirm(self) -> None:
        """Read and understood: it is not said again."""
        if damage := self.damage:
            self.damage = None
            await self.shell.keep(lambda: self.shell.kit.memory.keep_damage_told(damage))
