"""Waits until bytes of a photo are on the bureau's disk. It looks at the disk, for a request would
cancel the one that brings them."""

import time

from sync_server.store.photo_folder import PhotoFolder

PATIENCE_S = 60  # a busy machine's disk may take many seconds for one commit


def until(folder: PhotoFolder, place: str, size: int) -> None:
    """Returns once `size` bytes of the upload at `place` have arrived."""
    name, deadline = place.rsplit("/", 1)[1], time.monotonic() + PATIENCE_S
    while folder.reached(name) != size and time.monotonic() < deadline:
        time.sleep(0.01)
    assert folder.reached(name) == size


def until_begun(folder: PhotoFolder, size: int) -> str:
    """The address of the only upload there is, once `size` bytes of it have arrived."""
    deadline = time.monotonic() + PATIENCE_S
    while not list(folder.parts()) and time.monotonic() < deadline:
        time.sleep(0.01)
    [name] = folder.parts()
    place = f"/v1/photos/{name}"
    until(folder, place, size)
    return place
