"""Floor and room of a home, as a case officer adds them (rule L4; 民法典 art. 1033)."""

from collections.abc import Iterator
from dataclasses import dataclass

from contract.visible_text import has_visible
from sync_server.domain.screened_text import TextFlaw, text_flaw

HOME = "RESIDENTIAL"  # the kind of venue whose rooms are sealed
MOST_PART = 10  # characters of floor and of room, each
MOST_WHY = 200


@dataclass(frozen=True, slots=True)
class HomeRoom:
    """Both "" says that there is none (any more)."""

    floor: str = ""
    room: str = ""


def room_flaws(room: HomeRoom) -> Iterator[tuple[str, TextFlaw]]:
    """Each field that cannot be kept, with what is wrong with it."""
    if not has_visible(room.floor + room.room):
        yield "room", TextFlaw("room_needed")
    for name, text in (("floor", room.floor), ("room", room.room)):
        if flaw := text_flaw(text, MOST_PART):
            yield name, flaw


def why_flaw(why: str) -> TextFlaw | None:
    """What is wrong with a reason, which stands in the audit log: it names neither a person nor
    the room itself."""
    return text_flaw(why, MOST_WHY, needed="say_why", without_rooms=True)
