"""Several workers on one phone, one after the other: each duty post has files and secrets of its
own, and neither sees nor loses what another has not sent."""

from dataclasses import dataclass

from contract import wire
from contract.value import Name, Value
from fieldapp.ports import Safe

KEPT = "posts"
FIRST = ""  # the room of whoever was there first: as on a phone that has only one


class Room(Value):
    """The room of one duty post: `name` in file names, `label` for people, "" before enrolment."""

    name: Name
    label: Name = ""


class Rooms(Value):
    """All rooms of this phone, in the order in which they were begun, and the one in use."""

    current: Name = FIRST
    rooms: tuple[Room, ...] = (Room(name=FIRST),)

    def others(self) -> tuple[Room, ...]:
        return tuple(room for room in self.rooms if room.name != self.current)

    def labelled(self, label: str) -> "Rooms":
        """With this label on the one in use."""
        own = Room(name=self.current, label=label)
        return self.changed(rooms=tuple(own if r.name == own.name else r for r in self.rooms))

    def entered(self, name: str) -> "Rooms":
        """With this one in use, which may be there already."""
        known = {room.name for room in self.rooms}
        new = () if name in known else (Room(name=name),)
        return self.changed(current=name, rooms=(*self.rooms, *new))

    def next_name(self) -> str:
        return str(len(self.rooms) + 1)


@dataclass(frozen=True, slots=True)
class RoomSafe:
    """Port Safe: the secrets of one room in the safe of the phone."""

    safe: Safe
    room: str

    async def get(self, name: str) -> str | None:
        return await self.safe.get(self._name(name))

    async def put(self, name: str, text: str | None) -> None:
        await self.safe.put(self._name(name), text)

    async def settle(self, name: str, text: str) -> str:
        return await self.safe.settle(self._name(name), text)

    def _name(self, name: str) -> str:
        return f"room-{self.room}_{name}" if self.room else name


async def load(safe: Safe) -> Rooms:
    """Raises OSError."""
    kept = await safe.get(KEPT)
    return wire.decode(Rooms, kept.encode()) if kept else Rooms()


async def enter(safe: Safe, name: str | None, label: str) -> None:
    """At the next start this room is in use, a new one for None; `label` is that of the one that is
    left. Raises OSError."""
    rooms = (await load(safe)).labelled(label)
    room = rooms.next_name() if name is None else name
    await safe.put(KEPT, wire.encode(rooms.entered(room)).decode())
