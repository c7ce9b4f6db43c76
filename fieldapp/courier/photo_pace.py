"""How fast photos went lately, and so what may travel together."""

from contract.protocol import MAX_BYTES_TOGETHER

SHORT_S = 2.0  # so long may a report wait that was sealed while photos travel


class PhotoPace:
    """Of this program's road to the bureau. Before a photo has gone over it, nobody knows."""

    def __init__(self) -> None:
        self._rate = 0.0  # bytes a second
        self._ended = False

    @property
    def room(self) -> int:
        """So many bytes may go in one request."""
        return 0 if self._ended else min(MAX_BYTES_TOGETHER, int(self._rate * SHORT_S))

    def went(self, size: int, seconds: float) -> None:
        self._rate = size / max(seconds, 0.001)

    def lost(self) -> None:
        """The road was cut: the next photo goes alone, and shows what the road is like now."""
        self._rate = 0.0

    def end(self) -> None:
        """This bureau will not have them together."""
        self._ended = True
