"""What goes into a worker's reports: pictures from the camera, and a code from newer lists."""

from functools import cache, partial

from contract.codelists import CodeLists, built_in
from contract.report import Photo
from fieldapp.ports import DiskFull
from tests.simulation.handset import Handset
from tests.simulation.scenery import SIDES, a_picture
from tests.simulation.truth import Truth

NEWER_SIGN = "NEWER"


def photographed(phone: Handset, truth: Truth, count: int) -> list[Photo]:
    """Masked pictures in the album; one in ten was taken before. A full or dead phone has fewer."""
    found = []
    for _ in range(count):
        known, chance = len(truth.pictures), phone.clock.chance
        number = chance.randrange(known) if known % 10 == 9 else known
        jpeg = a_picture(number * len(SIDES) + chance.randrange(len(SIDES)))
        try:
            sha = phone.acts(partial(phone.album.keep, jpeg))
        except DiskFull:
            continue
        if sha:
            truth.pictures[sha] = jpeg
            found.append(_photo(phone, sha, jpeg))
    return found


@cache
def newer_lists() -> CodeLists:
    """As of an app whose rules are newer than the bureau's: one more sign is known."""
    known = built_in()
    signs = {**known.lists["sign"], NEWER_SIGN: known.lists["sign"]["POSTER"]}
    return known.changed(lists={**known.lists, "sign": signs})


def _photo(phone: Handset, sha: str, jpeg: bytes) -> Photo:
    return Photo(
        sha256=sha,
        bytes=len(jpeg),
        width=16,
        height=16,
        taken_at=phone.clock.now(),
        redaction_reviewed=True,
    )
