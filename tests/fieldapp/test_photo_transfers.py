"""The arithmetic of a bar: bytes that are there, of all that go, the same after a restart."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from fieldapp.ports import PhotoUploadState
from fieldapp.state.photo_transfers import PhotoTransfers, TransferAmount
from tests.builders import SERVER_NOON

EARLIER = SERVER_NOON - timedelta(days=3)


def an_upload(n: int = 1, **changes: object) -> PhotoUploadState:
    return replace(PhotoUploadState(f"{n:064x}", 100, due=True), **changes)  # type: ignore[arg-type]


def transfers(*uploads: PhotoUploadState) -> PhotoTransfers:
    return PhotoTransfers.of(uploads, set(), None)


def test_bytes_are_counted_over_all_photos_that_are_due() -> None:
    uploads = (an_upload(1, sent=40), an_upload(2), an_upload(3, due=False))
    assert transfers(*uploads).load() == TransferAmount(sent=40, total=200, left=2, photos=2)


def test_a_photo_of_a_sealed_report_is_due_with_its_receipt_and_counts_now() -> None:
    upload = an_upload(1, due=False)
    assert PhotoTransfers.of([upload], {upload.sha256}, None).load().total == 100


def test_the_photo_on_the_road_counts_as_far_as_it_was_heard_to_be() -> None:
    one, two = an_upload(1, sent=10), an_upload(2)
    moving = transfers(one, two).moved(one.sha256, 60)
    assert moving.load().sent == 60
    assert moving.moved(two.sha256, 5).load().sent == 65


def test_a_photo_stored_meanwhile_stays_in_the_bar_until_all_are() -> None:
    old = an_upload(1, stored_at=EARLIER)
    began = transfers(old, an_upload(2), an_upload(3))
    assert began.load() == TransferAmount(0, 200, 2, 2)
    stored = (old, an_upload(2, stored_at=SERVER_NOON), an_upload(3))
    assert PhotoTransfers.of(stored, set(), began.since).load() == TransferAmount(100, 200, 1, 2)


def test_when_none_is_left_the_next_ones_begin_anew() -> None:
    done = PhotoTransfers.of([an_upload(1, stored_at=SERVER_NOON)], set(), EARLIER)
    assert done.since is None and done.load() == TransferAmount()
    assert PhotoTransfers.of([*done.photos.values(), an_upload(2)], set(), None).load().total == 100


def test_one_report_counts_its_photos_whenever_they_were_stored() -> None:
    old, new = an_upload(1, stored_at=EARLIER), an_upload(2, sent=50)
    load = transfers(old, new, an_upload(3)).load_of([old.sha256, new.sha256])
    assert load == TransferAmount(sent=150, total=200, left=1, photos=2)


def test_all_bytes_there_is_not_yet_the_bureaus_word() -> None:
    there = transfers(an_upload(1, sent=100))
    assert there.load().left == 0 and there.to_go() == {an_upload(1).sha256}


@given(st.integers(0, 10**9), st.integers(1, 10**9))
@example(999, 1000)
def test_a_hundred_per_cent_is_said_of_the_last_byte_only(sent: int, total: int) -> None:
    share = TransferAmount(min(sent, total), total).per_cent
    assert 0 <= share <= 100 and (share == 100) == (sent >= total)


@given(st.lists(st.integers(0, 130)), st.integers(0, 130))
def test_no_bar_is_fuller_than_full(sent: list[int], reached: int) -> None:
    uploads = [an_upload(n, sent=there) for n, there in enumerate(sent)]
    load = transfers(*uploads).moved(f"{0:064x}", reached).load()
    assert 0 <= load.sent <= load.total
