"""Measures how fast photos went lately, and so how many may go in one request."""

from contract.protocol import MAX_BYTES_TOGETHER

REQUEST_S = 2.0  # a report that is sealed while photos travel waits no longer for its turn
SHORTEST_S = 0.001  # a measurement below the clock's precision means nothing


class PhotoPace:
    """Measured since this program began. Before the first photo has gone, photos go one by one."""

    def __init__(self) -> None:
        self._rate = 0.0  # bytes a second
        self._ended = False

    @property
    def group_bytes(self) -> int:
        """How many bytes may go in one request; 0 means one photo a request."""
        return 0 if self._ended else min(MAX_BYTES_TOGETHER, int(self._rate * REQUEST_S))

    def measure(self, size: int, seconds: float) -> None:
        """So many bytes arrived in so many seconds."""
        self._rate = size / max(seconds, SHORTEST_S)

    def reset(self) -> None:
        """The connection broke: the next photo goes alone, and is measured."""
        self._rate = 0.0

    def end(self) -> None:
        """This bureau takes no photos together: from now on they go one by one."""
        self._ended = True
