"""What one phone may leave on a day is bounded; what goes beyond it is put off and never lost."""

from collections.abc import Iterator
from dataclasses import astuple, replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from contract import wire
from contract.protocol import MAX_ARRIVAL_BYTES
from contract.report import Photo
from contract.zone import ZONE
from sync_server.__main__ import main
from sync_server.accounts.quota import next_day
from sync_server.intake.receive import CallArrivals, IntakeResult, receive
from sync_server.intake.validate import UnreadableArrival, validate
from sync_server.photos.creation import UploadRequest
from sync_server.photos.uploads import Uploads
from sync_server.settings import DAILY_VARIABLES, LEAST_DAILY, DailyQuota, Limits, Settings
from sync_server.store import inbox
from sync_server.store.engine import Store
from sync_server.store.photo_folder import PhotoFolder
from sync_server.store.photos import set_leaving
from sync_server.store.schema import arrivals, devices, photos, quarantine, records
from tests.builders import a_photo
from tests.sync_server.bureau import NOW, Bureau, Handset, a_report, codes, outcomes, sent
from tests.sync_server.photographs import BYTES, Sender, a_jpeg, digest
from tests.sync_server.serving import Server, problem, serving

FEW = DailyQuota(arrivals=3, photos=2)
ENVELOPE = {"protocol": 1, "sent_at": "2026-11-20T20:00:00+08:00"}


@pytest.fixture
def strict(bureau: Bureau) -> Iterator[Server]:
    """A server that takes few things on a day."""
    settings = replace(bureau.settings, limits=Limits(daily=FEW))
    with serving(settings) as running:
        yield running


def bring(
    bureau: Bureau, phone: Handset, *things: wire.Json, now: datetime = NOW, quota: DailyQuota = FEW
) -> IntakeResult:
    found = [validate(thing, phone.phone.author) for thing in things]
    return receive(bureau.store, CallArrivals(phone.phone, 0, now, found), quota)


def padded(phone: Handset, size: int) -> wire.Json:
    """A report of just so many bytes."""
    thing = sent(a_report(phone))
    thing["body"]["zzz"] = ""
    thing["body"]["zzz"] = "a" * (size - len(wire.canonical(thing)))
    return thing


def test_an_arrival_over_its_limit_is_refused_in_words_and_not_kept(bureau: Bureau) -> None:
    phone = bureau.enrol()
    whole, large = padded(phone, MAX_ARRIVAL_BYTES), padded(phone, MAX_ARRIVAL_BYTES + 1)
    came = bring(bureau, phone, large, whole)
    assert codes(came) == ["arrival_too_large"] and outcomes(came) == ["RECORDED"]
    [refusal] = came.refusals
    assert (refusal.digest, str(refusal.id)) == (wire.digest(large), large["body"]["id"])
    assert (bureau.count(arrivals), bureau.count(quarantine)) == (1, 0)
    torn = UnreadableArrival(b"1e999 " * 11_000, "not_json")
    assert codes(bring(bureau, phone, torn)) == ["arrival_too_large"]
    assert bureau.count(quarantine) == 0


def test_what_goes_beyond_a_day_is_put_off_and_taken_the_next(bureau: Bureau) -> None:
    phone, other = bureau.enrol(), bureau.enrol("wg2")
    things = [sent(a_report(phone)) for _ in range(5)]
    first = bring(bureau, phone, *things)
    assert len(first.receipts) == FEW.arrivals and not first.refusals
    assert first.retry_at == datetime(2026, 11, 21, tzinfo=ZONE)
    again = bring(bureau, phone, *things)  # what is here costs nothing
    assert outcomes(again) == ["HELD"] * FEW.arrivals and again.retry_at
    assert len(bring(bureau, other, sent(a_report(other))).receipts) == 1
    late = bring(bureau, phone, *things, now=first.retry_at)
    assert (len(late.receipts), late.retry_at) == (5, None)
    row = bureau.row(devices, device=phone.phone.device)
    assert (row.position, row.used_on, row.used_arrivals) == (5, "2026-11-21", 2)


def test_bytes_count_and_so_does_what_is_refused(bureau: Bureau) -> None:
    phone = bureau.enrol()
    quota = DailyQuota(bytes=100_000)
    came = bring(bureau, phone, padded(phone, 60_000), padded(phone, 60_000), quota=quota)
    assert len(came.receipts) == 1 and came.retry_at == next_day(NOW)
    strange = {"kind": "nonsense", "body": "a" * 30_000}
    came = bring(bureau, phone, strange, {**strange, "x": 1}, quota=quota)
    assert codes(came) == ["unknown_kind"] and came.retry_at
    assert bureau.count(quarantine) == 1


def test_a_count_outlives_the_program(bureau: Bureau) -> None:
    phone = bureau.enrol()
    bring(bureau, phone, *[sent(a_report(phone)) for _ in range(3)])
    again = Bureau(bureau.settings, Store.open(bureau.settings.database, bureau.settings.bureau))
    came = bring(again, phone, sent(a_report(phone)))
    again.store.close()
    assert came.retry_at and not came.receipts


def test_a_body_that_cannot_be_read_counts_and_is_put_off(strict: Server, bureau: Bureau) -> None:
    phone = bureau.enrol()
    answers = [
        strict.client.post("/v1/sync", content=b'{"torn %d' % n, headers=phone.headers)
        for n in range(4)
    ]
    assert [answer.status_code for answer in answers] == [400, 400, 400, 429]
    assert problem(answers[-1]) == (429, "quota_used")
    assert 0 < int(answers[-1].headers["retry-after"]) <= 86_400
    assert bureau.count(quarantine) == 3
    thing = sent(a_report(phone))
    reply = strict.client.post(
        "/v1/sync", json={**ENVELOPE, "arrivals": [thing]}, headers=phone.headers
    ).json()
    assert "receipts" not in reply and "refusals" not in reply
    assert datetime.fromisoformat(reply["retry_at"]) == next_day(datetime.now(UTC))


def in_one_request(sender: Sender, jpeg: bytes) -> httpx.Response:
    told = {**BYTES, "Upload-Length": str(len(jpeg))}
    return sender.ask("POST", "/v1/photos/", jpeg, **told)


def test_photos_of_a_day_are_counted_however_they_come(strict: Server, bureau: Bureau) -> None:
    sender = Sender(strict, bureau.enrol())
    whole = in_one_request(sender, a_jpeg(1))
    assert whole.headers["photo-digest"] == digest(a_jpeg(1))
    begun = sender.begun(a_jpeg(2))
    assert problem(sender.create(a_jpeg(3))) == (429, "quota_used")
    assert sender.create(a_jpeg(1)).headers["photo-digest"] == digest(a_jpeg(1))  # is here
    assert sender.patch(begun, 0, a_jpeg(2)).headers["photo-digest"] == digest(a_jpeg(2))
    late = in_one_request(sender, a_jpeg(4))
    assert problem(late) == (429, "quota_used") and int(late.headers["retry-after"]) > 0
    row = bureau.row(devices, device=sender.handset.phone.device)
    both = len(a_jpeg(1)) + len(a_jpeg(2))
    assert (row.used_photos, row.used_photo_bytes) == (2, both)
    assert row.used_arrivals == 0


def created(uploads: Uploads, phone: Handset, numbers: range, now: datetime) -> list[str]:
    """What comes of so many creations that share one batch."""
    by = phone.headers["Authorization"]
    asked = [UploadRequest(by, len(a_jpeg(n)), digest(a_jpeg(n))) for n in numbers]
    return [type(one).__name__ for one in uploads.create(asked, now)]


def test_photos_of_one_batch_are_counted_together_and_anew_on_the_next_day(
    bureau: Bureau, folder: PhotoFolder
) -> None:
    phone, uploads = bureau.enrol(), Uploads(bureau.store, folder, Limits(daily=FEW))
    assert created(uploads, phone, range(3), NOW) == ["Upload", "Upload", "QuotaUsed"]
    late = next_day(NOW)
    assert created(uploads, phone, range(3, 5), late) == ["Upload", "Upload"]
    assert bureau.row(devices, device=phone.phone.device).used_photos == 2
    assert created(uploads, phone, range(5, 6), late) == ["QuotaUsed"]


def test_fourteen_days_without_network_come_home_in_one(settings: Settings) -> None:
    daily = settings.limits.daily
    assert daily.arrivals >= 500 and daily.bytes >= 500 * 4_000
    assert daily.photo_bytes >= 400 * 1024 * 1024 and daily.photos >= 1_000


class Shelf:
    """Photos of a bureau, and sweeps at chosen times."""

    def __init__(self, bureau: Bureau, folder: PhotoFolder) -> None:
        self.bureau, self.folder = bureau, folder
        self.uploads = Uploads(bureau.store, folder, bureau.settings.limits)

    def age(self, sha: str, days: float) -> None:
        with self.bureau.store.writing() as tx:
            row = photos.update().where(photos.c.bureau == tx.bureau, photos.c.sha256 == sha)
            tx.run(row.values(stored_at=datetime.now(UTC) - timedelta(days=days)))

    def sweep(self, hours: float) -> None:
        self.uploads.sweep(datetime.now(UTC) + timedelta(hours=hours))

    def here(self) -> set[str]:
        return {row.sha256 for row in self.bureau.rows(photos)}


@pytest.fixture
def shelf(bureau: Bureau, folder: PhotoFolder) -> Shelf:
    return Shelf(bureau, folder)


def named(jpeg: bytes) -> Photo:
    return a_photo(sha256=digest(jpeg), bytes=len(jpeg))


def test_a_photo_that_no_report_names_is_collected(sender: Sender, shelf: Shelf) -> None:
    """In two sweeps; one that any revision names stays, whether it is shown or not."""
    jpegs = [a_jpeg(n) for n in range(4)]
    for jpeg in jpegs:
        sender.patch(sender.begun(jpeg), 0, jpeg)
    names = [digest(jpeg) for jpeg in jpegs]
    report = a_report(sender.handset, photos=(named(jpegs[0]),))
    newer = report.changed(revision=2, photos=(named(jpegs[1]),))
    stale = report.changed(revision=1, note="另一次", photos=(named(jpegs[2]),))
    shelf.bureau.receive(sender.handset, sent(report), sent(newer), sent(stale))
    for name in names[:3]:
        shelf.age(name, 8)
    shelf.age(names[3], 6.5)
    shelf.sweep(0)
    shelf.sweep(2)
    assert shelf.here() == set(names)
    shelf.age(names[3], 7.5)
    shelf.sweep(3)
    assert shelf.here() == set(names) and shelf.folder.holds(names[3])
    shelf.sweep(4.5)
    assert shelf.here() == set(names[:3]) and not shelf.folder.holds(names[3])


def test_a_photo_that_is_named_while_a_sweep_runs_does_not_leave(
    sender: Sender, shelf: Shelf
) -> None:
    jpeg = a_jpeg(1)
    sender.patch(sender.begun(jpeg), 0, jpeg)
    report = a_report(sender.handset, photos=(named(jpeg),))
    shelf.bureau.receive(sender.handset, sent(report))  # after the sweep has read what is unnamed
    with shelf.bureau.store.writing() as tx:
        set_leaving(tx, [digest(jpeg)], NOW)
    assert shelf.bureau.row(photos).leaving_at is None


def test_a_photo_that_is_leaving_is_wanted_again_and_stays(sender: Sender, shelf: Shelf) -> None:
    jpeg, late = a_jpeg(1), a_jpeg(2)
    for one in (jpeg, late):
        sender.patch(sender.begun(one), 0, one)
        shelf.age(digest(one), 8)
    shelf.sweep(0)
    body = {**ENVELOPE, "photos": [digest(jpeg)]}
    asked = sender.server.client.post("/v1/sync", json=body, headers=sender.handset.headers)
    assert [one["sha256"] for one in asked.json()["wanted"]] == [digest(jpeg)]
    sender.patch(sender.begun(jpeg), 0, jpeg)
    report = a_report(sender.handset, photos=(named(late),))
    shelf.bureau.receive(sender.handset, sent(report))
    shelf.sweep(2)
    assert shelf.here() == {digest(jpeg), digest(late)}
    asked = sender.server.client.post("/v1/sync", json=body, headers=sender.handset.headers)
    assert asked.json()["stored"] == [digest(jpeg)]


def test_the_list_loads_no_content_of_a_record(bureau: Bureau) -> None:
    phone = bureau.enrol()
    bring(bureau, phone, padded(phone, 60_000))
    with bureau.store.reading() as tx:
        page = inbox.page(tx, inbox.RecordFilter(), None, None, 30)
    [row] = page.rows
    assert len(repr(row)) < 2_000 and "PUPILS_ENTERING" in repr(row)
    assert bureau.count(records) == 1


def test_a_quota_that_would_put_off_what_comes_home_is_no_setting() -> None:
    assert Settings.from_environment({}).limits.daily == DailyQuota()
    for name, least in zip(DAILY_VARIABLES, astuple(LEAST_DAILY), strict=True):
        assert least in astuple(Settings.from_environment({name: str(least)}).limits.daily)
        with pytest.raises(ValueError, match=f"{name}: at least {least}"):
            Settings.from_environment({name: str(least - 1)})


def test_a_setting_that_is_no_number_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["sync_server", "serve"])
    for name in ("PORT", "XUNCHA_HEAD_SECONDS", "XUNCHA_DAILY_BYTES"):
        with monkeypatch.context() as now:
            now.setenv(name, "abc")
            assert main() == 2
        said = capsys.readouterr().err
        assert f"{name}: 'abc'" in said and said.count("\n") == 1
