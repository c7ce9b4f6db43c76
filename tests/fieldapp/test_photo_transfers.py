"""The arithmetic of a bar: bytes that are there, of all that go, the same after a restart."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from fieldapp.ports import PhotoUploadState
from fieldapp.state.photo_transfers import PhotoTransfers, TransferAmount
from tests.builders import SERVER_NOON

EARLIER = SERVER_NOON - timedelta(days=3)


def a_picture(n: int = 1, **changes: object) -> PhotoUploadState:
    return replace(PhotoUploadState(f"{n:064x}", 100, due=True), **changes)  # type: ignore[arg-type]


def freight(*pictures: PhotoUploadState) -> PhotoTransfers:
    return PhotoTransfers.of(pictures, set(), None)


def test_bytes_are_counted_over_all_photos_that_are_due() -> None:
    pictures = (a_picture(1, sent=40), a_picture(2), a_picture(3, due=False))
    assert freight(*pictures).load() == TransferAmount(sent=40, total=200, left=2, photos=2)


def test_a_photo_of_a_sealed_report_is_due_with_its_receipt_and_counts_now() -> None:
    picture = a_picture(1, due=False)
    assert PhotoTransfers.of([picture], {picture.sha256}, None).load().total == 100


def test_the_photo_on_the_road_counts_as_far_as_it_was_heard_to_be() -> None:
    one, two = a_picture(1, sent=10), a_picture(2)
    moving = freight(one, two).moved(one.sha256, 60)
    assert moving.load().sent == 60
    assert moving.moved(two.sha256, 5).load().sent == 65


def test_a_photo_stored_meanwhile_stays_in_the_bar_until_all_are() -> None:
    old = a_picture(1, stored_at=EARLIER)
    began = freight(old, a_picture(2), a_picture(3))
    assert began.load() == TransferAmount(0, 200, 2, 2)
    stored = (old, a_picture(2, stored_at=SERVER_NOON), a_picture(3))
    assert PhotoTransfers.of(stored, set(), began.since).load() == TransferAmount(100, 200, 1, 2)


def test_when_none_is_left_the_next_ones_begin_anew() -> None:
    done = PhotoTransfers.of([a_picture(1, stored_at=SERVER_NOON)], set(), EARLIER)
    assert done.since is None and done.load() == TransferAmount()
    assert PhotoTransfers.of([*done.photos.values(), a_picture(2)], set(), None).load().total == 100


def test_one_report_counts_its_photos_whenever_they_were_stored() -> None:
    old, new = a_picture(1, stored_at=EARLIER), a_picture(2, sent=50)
    load = freight(old, new, a_picture(3)).load_of([old.sha256, new.sha256])
    assert load == TransferAmount(sent=150, total=200, left=1, photos=2)


def test_all_bytes_there_is_not_yet_the_bureaus_word() -> None:
    there = freight(a_picture(1, sent=100))
    assert there.load().left == 0 and there.to_go() == {a_picture(1).sha256}


@given(st.integers(0, 10**9), st.integers(1, 10**9))
@example(999, 1000)
def test_a_hundred_per_cent_is_said_of_the_last_byte_only(sent: int, total: int) -> None:
    share = TransferAmount(min(sent, total), total).per_cent
    assert 0 <= share <= 100 and (share == 100) == (sent >= total)


@given(st.lists(st.integers(0, 130)), st.integers(0, 130))
def test_no_bar_is_fuller_than_full(sent: list[int], reached: int) -> None:
    pictures = [a_picture(n, sent=there) for n, there in enumerate(sent)]
    load = freight(*pictures).moved(f"{0:064x}", reached).load()
    assert 0 <= load.sent <= load.total
