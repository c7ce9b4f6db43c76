"""Another worker takes over this phone: what the one before has not sent waits in a room apart."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from fieldapp.device import posts
from fieldapp.device.posts import Room
from fieldapp.state import paths
from fieldapp.state.shell import StatePart
from fieldapp.state.sync import SyncState


@dataclass(eq=False)
class PostsState(StatePart):
    sync: SyncState
    others: Sequence[Room] = ()  # of other duty posts on this phone

    async def load(self) -> None:
        with suppress(OSError):  # then only the way back is missing
            if safe := self.shell.kit.phone_safe:
                self.others = (await posts.load(safe)).others()

    def open(self) -> None:
        self.shell.go(paths.POSTS)

    async def enter(self, name: str | None) -> None:
        """The app begins again in this room, in a new one for None; not while a round is under
        way, which needs the notebook."""
        kit, identity = self.shell.kit, self.shell.identity
        if not kit.phone_safe:
            return
        if self.sync.busy:
            self.shell.notice = "posts.busy"
            return
        label = f"{identity.author} {identity.grid_name}".strip() if identity else ""
        try:
            await posts.enter(kit.phone_safe, name, label)
        except OSError:
            self.shell.notice = "why.safe_shut"
            return
        self.sync.revoked = True  # no round begins any more
        await self.shell.keep(lambda: kit.notebook.close_if(lambda: True))
        self.shell.go(paths.HOME)
        kit.restart()
