"""The photos of the one report that a screen shows, as small as it shows them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from fieldapp.report.entry import Entry
from fieldapp.state.shell import StatePart


@dataclass(eq=False)
class Thumbnails(StatePart):
    jpegs: Mapping[str, bytes] = field(default_factory=dict)  # by digest

    async def load(self, entry: Entry) -> None:
        """Those of its photos that are still in the album."""
        wanted = [photo.sha256 for photo in entry.report.photos]
        album = self.shell.kit.album
        read = await self.shell.keep(lambda: {sha: album.read(sha) for sha in wanted}) or {}
        self.jpegs = {sha: jpeg for sha, jpeg in read.items() if jpeg}

    def add(self, sha256: str, jpeg: bytes) -> None:
        self.jpegs = {**self.jpegs, sha256: jpeg}

    def clear(self) -> None:
        self.jpegs = {}
