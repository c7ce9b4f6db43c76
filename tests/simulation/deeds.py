"""What a worker does on a phone, as the app's state does it: one transaction each."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from uuid import UUID

from contract.ids import uuid7
from contract.patrol import Patrol
from contract.place import Fix, Place
from contract.protocol import ArrivalKind
from contract.report import Report, Suggestion
from fieldapp.ports import DiskFull, PhotoUploadState
from fieldapp.report.entry import Closed, Entry
from fieldapp.report.parcel import Parcel
from tests.simulation.handset import Handset
from tests.simulation.photography import NEWER_SIGN, newer_lists, photographed
from tests.simulation.truth import Sealed, Truth
from tests.simulation.versions import Age
from tests.sync_server.bureau import HERE

EVER = datetime(9000, 1, 1, tzinfo=UTC)
MOST = 10_000


def somewhere(n: int) -> Place:
    """A door in one of its spellings, few enough that several reports are of one; of every fifth
    the unit is not said, every fourth is a shop."""
    place = Place(community=HERE, compound="c1", compound_name="样例苑", venue="RESIDENTIAL")
    if n % 4 == 0:
        return place.changed(venue="SHOPFRONT", building=("1号楼", "1#")[n % 2], unit="底商1")
    unit = None if n % 5 == 0 else ("1单元", "01")[n % 2]
    return place.changed(building=(f"{n % 3}号楼", f"{n % 3}栋")[n % 2], unit=unit)


def somewhere_seen(n: int, at: datetime) -> Fix | None:
    """A position; of every third report there is none."""
    return (
        Fix(lat=38.6, lon=round(108.8 + n / 100_000, 5), accuracy_m=9.0, at=at) if n % 3 else None
    )


def seal(phone: Handset, truth: Truth, n: int) -> None:
    """A new report with up to three pictures; one in seventeen breaks a rule of the bureau's."""
    identity = phone.memory.identity()
    if identity is None:
        return
    now = phone.clock.now()
    unfit = n % 17 == 16
    given = phone.memory.reference().tasks or ()
    report = Report(
        id=uuid7(now, phone.clock.entropy(10)),
        device=identity.device,
        author=identity.author,
        patrol=phone.on_patrol(),
        seen_at=now,
        place=somewhere(n),
        institution=("", "晨光托管", "博雅自习室")[n % 3] if n % 4 == 0 else "",
        signs=(NEWER_SIGN if unfit else "PUPILS_ENTERING",),
        note=f"第{n}条",
        fix=somewhere_seen(n, now),
        task=given[n % len(given)].id if given and n % 3 == 0 else None,
    )
    if phone.road.speech.phone is Age.LATER:
        report = report.changed(mood="未来")
    entry = Entry(report=report)
    for photo in photographed(phone, truth, 0 if unfit else (0, 0, 1, 2, 3)[n % 5]):
        entry = entry.with_photo(photo)
    _sealed(phone, truth, entry, unfit)


def edit(phone: Handset, truth: Truth, n: int) -> None:
    """A new revision of something that may still be edited; a refused report is mended."""
    entry = _chosen(phone, n)
    if entry is None or not entry.editable:
        return
    entry = entry.answered("note", f"改{n}").answered("signs", ("PUPILS_ENTERING",))
    if n % 4 == 1:
        entry = entry.answered("place", somewhere(n))
    if n % 3 == 0 and len(entry.report.photos) < 3:
        for photo in photographed(phone, truth, 1):
            entry = entry.with_photo(photo)
    _sealed(phone, truth, entry, False)


def undo(phone: Handset, truth: Truth, _: int) -> None:
    """The last seal, within its ten seconds."""
    now, identity = phone.clock.now(), phone.memory.identity()
    last = next((one for one in reversed(truth.sealed.values()) if phone.name in one.holders), None)
    if last is None or identity is None or last.parcel.kind is not ArrivalKind.REPORT:
        return
    entry = phone.notebook.entry(UUID(last.parcel.id))
    if entry is None or entry.report.revision != last.parcel.revision:
        return
    try:
        undone = entry.undone(now)
    except Closed:
        return

    def take_back() -> None:
        with phone.notebook.atomic():
            phone.notebook.dequeue(last.parcel.digest)
            phone.notebook.write(undone)

    _done(phone, take_back)
    last.undone = last.parcel.digest not in outbox(phone)


def withdraw(phone: Handset, truth: Truth, n: int) -> None:
    entry = _chosen(phone, n)
    identity = phone.memory.identity()
    if entry is None or identity is None:
        return
    try:
        withdrawn, parcel = entry.withdrawn(phone.clock.now())
    except Closed:
        return
    _posted(phone, truth, parcel, withdrawn, Sealed(parcel, phone.post, (), {phone.name}))


def doubt(phone: Handset, truth: Truth, n: int) -> None:
    """An objection to the result of a report, where the worker may still make one."""
    found = [one for one in phone.notebook.entries(limit=MOST) if one.may_object(_today(phone))]
    if not found or phone.memory.identity() is None:
        return
    entry, parcel = found[n % len(found)].objected(f"第{n}个疑问", phone.clock.now())
    _posted(phone, truth, parcel, entry, Sealed(parcel, phone.post, (), {phone.name}))


def _today(phone: Handset) -> date:
    return phone.clock.now().date()


def patrol(phone: Handset, truth: Truth, _: int) -> None:
    identity = phone.memory.identity()
    if identity:
        now = phone.clock.now()
        ended = Patrol(
            id=phone.on_patrol(),
            device=identity.device,
            author=identity.author,
            started_at=now,
            ended_at=now,
        )
        _plain(phone, truth, ArrivalKind.PATROL, ended)
        phone.patrol = None


def suggest(phone: Handset, truth: Truth, n: int) -> None:
    identity = phone.memory.identity()
    if identity:
        now = phone.clock.now()
        said = Suggestion(
            id=uuid7(now, phone.clock.entropy(10)),
            device=identity.device,
            author=identity.author,
            at=now,
            text=f"字再大{n}点",
        )
        _plain(phone, truth, ArrivalKind.SUGGESTION, said)


def outbox(phone: Handset) -> set[str]:
    """The digests of everything that waits on this phone."""
    return {parcel.digest for parcel in phone.notebook.outbox(EVER, MOST)}


def _plain(phone: Handset, truth: Truth, kind: ArrivalKind, value: Patrol | Suggestion) -> None:
    parcel = Parcel.of(kind, value, value.revision, phone.clock.now())
    _posted(phone, truth, parcel, None, Sealed(parcel, phone.post, (), {phone.name}))


def _sealed(phone: Handset, truth: Truth, draft: Entry, unfit: bool) -> None:
    entry, parcel = draft.sealed(phone.clock.now(), newer_lists())
    pictures = tuple(photo.sha256 for photo in entry.report.photos)
    known = Sealed(parcel, phone.post, pictures, {phone.name}, unfit=unfit)
    _posted(phone, truth, parcel, entry, known)


def _posted(
    phone: Handset, truth: Truth, parcel: Parcel, entry: Entry | None, sealed: Sealed
) -> None:
    """The entry, its parcel and its pictures in one transaction. After a death in it, the notebook
    says whether it happened."""

    def post() -> None:
        with phone.notebook.atomic():
            if entry:
                phone.notebook.write(entry)
            phone.notebook.enqueue(parcel)
            known = {picture.sha256 for picture in phone.notebook.photos()}
            for photo in entry.report.photos if entry else ():
                if photo.sha256 not in known:
                    phone.notebook.save_photo(
                        PhotoUploadState(photo.sha256, photo.bytes, patrol=parcel.patrol)
                    )

    _done(phone, post)
    if parcel.digest in outbox(phone):
        truth.add(sealed)


def _done(phone: Handset, act: Callable[[], None]) -> None:
    """A full phone says so, and nothing was written."""
    try:
        phone.acts(act)
    except DiskFull:
        return


def _chosen(phone: Handset, n: int) -> Entry | None:
    found = phone.notebook.entries(limit=MOST)
    return found[n % len(found)] if found else None
