"""The last trip of a revoked phone: all is handed over, then all is given up; else all is kept."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from contract.codelists import built_in
from contract.protocol import MAX_ARRIVALS, SyncReply, SyncRequest
from contract.revocation import RevocationNotice
from fieldapp.adapters.file_safe import FileSafe
from fieldapp.courier.courier import Courier
from fieldapp.device import storage_key, wipe_record
from fieldapp.device.wipe_record import WipeRecord
from fieldapp.memory import retired
from fieldapp.ports import Deferred, NotebookClosed, Offline, PhoneRetired, PhoneRevoked, Refused
from fieldapp.report.entry import UNDO
from tests.builders import an_entry, an_identity
from tests.fieldapp.a_bureau import Phone, a_patrol, a_suggestion, refuses

pytestmark = pytest.mark.asyncio
KEY = "the key"


class Revoking:
    """A bureau that has revoked this phone: it takes what is brought, all but what it `leaves`."""

    def __init__(self, device: str = "d1") -> None:
        self.device, self.leaves = device, set[str]()
        self.wants: set[str] = set()  # photos
        self.left = 0  # how often a phone said that it has nothing more
        self.taken: list[list[str]] = []
        self.meanwhile: Callable[[], object] = lambda: None

    def __call__(self, asked: SyncRequest, parcels: Sequence[bytes]) -> SyncReply:
        digests = [sha256(raw).hexdigest() for raw in parcels]
        self.taken.append(digests)
        self.left += asked.leaving
        self.meanwhile()
        took = tuple(digest for digest in digests if digest not in self.leaves)
        wants = tuple(one for one in asked.photos if one in self.wants)
        raise PhoneRevoked(RevocationNotice(device=self.device, taken=took, wanted=wants))


@pytest.fixture
def safe(phone: Phone, tmp_path: Path) -> FileSafe:
    """With a key in it; the phone's courier has it."""
    safe = FileSafe(tmp_path / "safe")
    safe.keep(storage_key.KEY, KEY)
    restart(phone, safe)
    return safe


def restart(phone: Phone, safe: FileSafe) -> None:
    phone.courier = Courier(phone.ports(safe))


def revoked(phone: Phone, device: str = "d1") -> Revoking:
    bureau = Revoking(device)
    phone.road.answer = bureau
    return bureau


async def no_road(*_: object) -> None:
    raise Offline


def is_whole(phone: Phone, safe: FileSafe) -> bool:
    phone.notebook.waiting()
    return safe.kept(storage_key.KEY) == KEY and safe.kept(wipe_record.KEPT) is None


async def test_all_that_was_sealed_is_handed_over_and_the_key_is_gone(
    phone: Phone, safe: FileSafe
) -> None:
    unsent = [phone.seal(photos=1), phone.seal()]
    phone.notebook.enqueue(patrol := a_patrol())
    phone.notebook.write(an_entry())
    phone.clock.pass_(seconds=11)
    bureau = revoked(phone)
    home = await phone.courier.round()
    assert home.why == "given_up"
    handed = {digest for batch in bureau.taken for digest in batch}
    assert handed == {parcel.digest for parcel in (*unsent, patrol)}
    assert safe.kept(storage_key.KEY) is None
    word = await wipe_record.load(safe)
    assert word and (word.device, word.handed, word.drafts) == ("d1", 2, 1)
    assert phone.road.sent == {}  # no photo leaves


async def test_the_photos_that_standing_records_lack_go_before_the_key(
    phone: Phone, safe: FileSafe
) -> None:
    phone.seal(photos=2)
    await phone.courier.round(photos=False)
    names = [one.sha256 for one in phone.notebook.photos()]
    bureau = revoked(phone)
    bureau.wants = {names[0]}
    assert (await phone.courier.round()).why == "given_up"
    assert set(phone.road.sent) == {names[0]} and bureau.left == 1
    assert safe.kept(storage_key.KEY) is None


async def test_a_photo_that_does_not_get_through_keeps_everything(
    phone: Phone, safe: FileSafe
) -> None:
    phone.seal(photos=1)
    await phone.courier.round(photos=False)
    bureau = revoked(phone)
    [one] = phone.notebook.photos()
    bureau.wants = {one.sha256}
    send, phone.road.photo = phone.road.photo, no_road  # type: ignore[assignment]  # a fake
    assert (await phone.courier.round()).why == "no_road"
    assert is_whole(phone, safe) and bureau.left == 0
    phone.road.photo = send  # type: ignore[method-assign]  # a fake
    assert (await phone.courier.round()).why == "given_up"


async def test_a_photo_that_is_put_off_is_waited_for(phone: Phone, safe: FileSafe) -> None:
    phone.seal(photos=1)
    await phone.courier.round(photos=False)
    bureau = revoked(phone)
    bureau.wants = {one.sha256 for one in phone.notebook.photos()}
    send = phone.road.photo

    async def full(*_: object) -> None:
        raise Deferred(3_600)

    phone.road.photo = full  # type: ignore[method-assign, assignment]  # a fake
    home = await phone.courier.round()
    assert (home.why, home.deferral.photos) == (
        "quota_used",
        phone.clock.now() + timedelta(hours=1),
    )
    assert is_whole(phone, safe) and bureau.left == 0
    phone.road.photo = send  # type: ignore[method-assign]  # a fake
    assert (await phone.courier.round()).why == "given_up"


async def test_nothing_new_is_sealed_once_the_phone_knows(phone: Phone, safe: FileSafe) -> None:
    left = phone.seal()
    revoked(phone).leaves.add(left.digest)
    await phone.courier.round()
    with pytest.raises(PhoneRetired):
        retired.enqueue(phone.notebook, a_suggestion())
    phone.memory.keep_identity(an_identity(device="d2"))  # enrolled anew
    assert retired.enqueue(phone.notebook, a_suggestion())
    phone.memory.keep_identity(an_identity())
    phone.road.answer = phone.bureau.reply  # the bureau was restored: nothing is revoked
    assert (await phone.courier.round()).why is None
    assert retired.enqueue(phone.notebook, a_suggestion())


async def test_a_notebook_that_was_given_up_takes_nothing_more(
    phone: Phone, safe: FileSafe
) -> None:
    revoked(phone)
    await phone.courier.round()
    with pytest.raises(NotebookClosed):
        phone.notebook.write(an_entry())
    assert (await phone.courier.round()).why == "given_up"


async def test_what_was_receipted_is_brought_again_for_the_bureau_may_have_lost_it(
    phone: Phone, safe: FileSafe
) -> None:
    known = phone.seal()
    await phone.courier.round()
    bureau = revoked(phone)
    assert (await phone.courier.round()).why == "given_up"
    assert [known.digest] in bureau.taken
    word = await wipe_record.load(safe)
    assert word and word.handed == 0


async def test_one_thing_that_was_not_taken_keeps_everything(phone: Phone, safe: FileSafe) -> None:
    phone.seal()
    left = phone.seal()
    revoked(phone).leaves.add(left.digest)
    home = await phone.courier.round()
    assert (home.why, home.waiting) == ("token_revoked", 2)
    assert is_whole(phone, safe)


async def test_what_may_still_be_undone_is_waited_for(phone: Phone, safe: FileSafe) -> None:
    entry, parcel = an_entry().sealed(phone.clock.now(), built_in())
    phone.post(entry, parcel)
    bureau = revoked(phone)
    assert (await phone.courier.round()).why == "token_revoked"
    assert bureau.taken == [[], []] and is_whole(phone, safe)
    phone.clock.pass_(seconds=UNDO.total_seconds() + 1)
    assert (await phone.courier.round()).why == "given_up"
    assert bureau.taken[-2:] == [[parcel.digest], []]


async def test_what_is_sealed_during_the_last_trip_is_not_lost(
    phone: Phone, safe: FileSafe
) -> None:
    phone.seal()
    bureau = revoked(phone)
    bureau.meanwhile = phone.seal
    assert (await phone.courier.round()).why == "token_revoked"
    assert is_whole(phone, safe)
    bureau.meanwhile = lambda: None
    assert (await phone.courier.round()).why == "given_up"


async def test_a_farewell_to_another_phone_is_none(phone: Phone, safe: FileSafe) -> None:
    phone.seal()
    revoked(phone, device="d2")
    assert (await phone.courier.round()).why == "token_revoked"
    assert is_whole(phone, safe)


async def test_a_phone_with_a_new_name_by_then_keeps_everything(
    phone: Phone, safe: FileSafe
) -> None:
    """Another tab has enrolled it anew while the last answer was on its way."""
    phone.seal()
    bureau = revoked(phone)
    bureau.meanwhile = lambda: phone.memory.keep_identity(an_identity(device="d2"))
    assert (await phone.courier.round()).why == "token_revoked"
    assert is_whole(phone, safe)


@pytest.mark.parametrize(
    ("trouble", "why"),
    [
        (Refused("token_revoked", 401), "token_revoked"),  # an older bureau, or a disabled post
        (Refused("not_signed_in", 401), "not_signed_in"),  # an unknown token, a restored bureau
        (Refused("not_allowed", 403), "not_allowed"),
        (Offline("not_the_bureau"), "not_the_bureau"),
        (Offline("other_certificate"), "other_certificate"),
    ],
)
async def test_nothing_but_the_bureaus_farewell_takes_anything(
    phone: Phone, safe: FileSafe, trouble: Exception, why: str
) -> None:
    phone.seal()
    phone.road.answer = refuses(trouble)
    home = await phone.courier.round()
    assert (home.why, home.waiting) == (why, 1)
    assert is_whole(phone, safe)


async def test_a_bad_road_on_the_last_trip_keeps_everything(phone: Phone, safe: FileSafe) -> None:
    phone.seal()
    bureau = revoked(phone)
    phone.road.troubles = []

    def cut() -> None:
        if len(bureau.taken) == 3:
            raise Offline("timed_out")

    bureau.meanwhile = cut
    home = await phone.courier.round()
    assert (home.why, home.waiting) == ("timed_out", 1)
    assert is_whole(phone, safe)
    assert (await phone.courier.round()).why == "given_up"


async def test_a_bureau_that_takes_calls_again_is_believed(phone: Phone, safe: FileSafe) -> None:
    """Restored from a backup in which this phone was not revoked."""
    phone.seal()
    bureau = revoked(phone)

    def restored() -> None:
        phone.road.answer = phone.bureau.reply

    bureau.meanwhile = restored
    assert (await phone.courier.round()).why == "unanswered"
    assert is_whole(phone, safe)
    assert (await phone.courier.round()).why is None
    assert phone.notebook.waiting() == 0


async def test_many_things_go_in_small_batches(light: Phone, tmp_path: Path) -> None:
    restart(light, FileSafe(tmp_path / "safe"))
    many = [light.seal() for _ in range(120)]
    bureau = revoked(light)
    assert (await light.courier.round()).why == "given_up"
    sizes = [len(batch) for batch in bureau.taken[1:]]
    assert sum(sizes) == len(many) and max(sizes) <= MAX_ARRIVALS


async def test_a_safe_that_does_not_answer_keeps_the_key(phone: Phone, safe: FileSafe) -> None:
    class Shut(FileSafe):
        async def put(self, name: str, text: str | None) -> None:
            raise OSError

    restart(phone, Shut(Path(safe._folder)))
    revoked(phone)
    assert (await phone.courier.round()).why == "given_up"  # the app begins again, with all it had
    assert safe.kept(storage_key.KEY) == KEY


async def test_the_word_stands_before_the_key_goes(tmp_path: Path) -> None:
    done: list[tuple[str, str | None]] = []

    class Noting(FileSafe):
        async def put(self, name: str, text: str | None) -> None:
            done.append((name, text))
            await super().put(name, text)

    safe = Noting(tmp_path)
    word = WipeRecord(at=an_entry().report.seen_at, device="d1")
    await wipe_record.begin_wipe(safe, word)
    assert [name for name, _ in done] == [wipe_record.KEPT, storage_key.KEY]
    assert await wipe_record.load(safe) == word
