"""What phones ask of the bureau under load, request by request, and what must be answered."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from bench.photographs import Jpeg, photographs
from bench.wares import RECEIPT, Desk, parcels
from bench.written import Written


@dataclass(frozen=True, slots=True)
class Ask:
    """One request and what its answer must say; `reports` are done once it is there."""

    parts: tuple[bytes, ...] | Written
    status: bytes
    sign: bytes
    due: int
    reports: int


@dataclass(frozen=True, slots=True)
class Load:
    """What is asked for: reports in one call, photos a report, and fresh connections or kept."""

    connections: int = 1
    batch: int = 1
    photos: int = 0
    fresh: bool = False


def asks(desk: Desk, load: Load) -> Iterator[Ask]:
    """What one phone says, without end."""
    sealed = parcels(desk.caller, load.photos)
    pictures = photographs()
    while True:
        if load.photos:
            taken = list(islice(pictures, load.photos))
            yield from _with_photos(desk, next(sealed)[1], taken)
        else:
            call = Written(desk, [raw for _, raw in islice(sealed, load.batch)])
            yield Ask(call, b"200", RECEIPT, load.batch, load.batch)


def _with_photos(desk: Desk, form: bytes, taken: Sequence[Jpeg]) -> Iterator[Ask]:
    """The phone's own trip: the report with a question about its photos, then each of them until
    the bureau has confirmed its digest."""
    for n, photo in enumerate(taken):
        form = form.replace(f"{n:064x}".encode(), photo.sha256.encode())
    names = sorted(photo.sha256 for photo in taken)
    yield Ask(Written(desk, [form], names), b"200", RECEIPT, 1, 0)
    for n, photo in enumerate(taken, 1):
        parts = (desk.upload(photo), photo.front, photo.rest)
        yield Ask(parts, b"201", photo.sha256.encode(), 1, int(n == len(taken)))
