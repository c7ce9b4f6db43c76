"""What a trip to the bureau reads and writes, in one value."""

from dataclasses import dataclass

from fieldapp.memory.memory import Memory
from fieldapp.ports import Album, Clock, Link, Notebook, Safe


@dataclass(frozen=True, slots=True)
class TripPorts:
    """The same for all trips of one phone; `memory` is that of the notebook."""

    notebook: Notebook
    memory: Memory
    album: Album
    link: Link
    clock: Clock
    safe: Safe
