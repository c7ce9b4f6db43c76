"""What a revoked phone sends is quarantined once, within limits, and answered with nothing else."""

from datetime import UTC, datetime
from typing import Any

import pytest

from contract import wire
from contract.protocol import ProblemDetails
from sync_server.accounts import phones
from sync_server.intake import quarantine, revoked
from sync_server.intake.validate import validate
from sync_server.store import devices
from sync_server.store.schema import arrivals, audit, photos, records, staff
from sync_server.store.schema import devices as device_rows
from sync_server.store.schema import quarantine as quarantined
from tests.builders import a_name, a_photo
from tests.sync_server.bureau import Bureau, Handset, a_report, a_withdrawal, sent
from tests.sync_server.photographs import Sender, a_jpeg, digest
from tests.sync_server.serving import Server, problem


@pytest.fixture
def phone(bureau: Bureau) -> Handset:
    return bureau.enrol()


def revoke(bureau: Bureau, phone: Handset) -> None:
    with bureau.store.writing() as tx:
        devices.revoke(tx, phone.phone.device, datetime.now(UTC))


def disable(bureau: Bureau, post: str) -> None:
    with bureau.store.writing() as tx:
        here = staff.update().where(staff.c.bureau == tx.bureau, staff.c.staff == post)
        tx.run(here.values(disabled_at=datetime.now(UTC)))


def told(answer: Any) -> ProblemDetails:
    assert problem(answer) == (401, "token_revoked")
    return wire.decode(ProblemDetails, answer.content)


def taken(answer: Any) -> list[str]:
    said = told(answer).farewell
    assert said
    return list(said.taken)


def test_what_a_revoked_phone_brings_lies_aside_and_is_not_recorded(
    server: Server, bureau: Bureau, phone: Handset
) -> None:
    revoke(bureau, phone)
    thing = sent(a_report(phone))
    said = told(server.sync(phone, thing)).farewell
    assert said and (said.device, said.taken) == (phone.phone.device, (wire.digest(thing),))
    row = bureau.row(quarantined)
    assert (row.code, row.device, bureau.sent(quarantined)) == (
        "phone_revoked",
        phone.phone.device,
        wire.canonical(thing),
    )
    assert (bureau.count(arrivals), bureau.count(records)) == (0, 0)


def test_a_revoked_phone_is_told_nothing_else(
    server: Server, bureau: Bureau, phone: Handset
) -> None:
    revoke(bureau, phone)
    answer = wire.parse_json(server.sync(phone, photos=["0" * 64]).content)
    assert set(answer) == {"type", "title", "status", "code", "detail", "farewell"}
    assert set(answer["farewell"]) == {"device", "taken", "wanted"}
    assert answer["farewell"]["wanted"] == []
    assert problem(server.client.post("/v1/photos/", headers=phone.headers))[0] in {401, 412}


def test_a_photo_that_a_standing_record_names_may_still_come(
    server: Server, bureau: Bureau, phone: Handset
) -> None:
    """Only such a one: the token of a lost phone puts nothing else here."""
    jpeg, other, unsent = a_jpeg(1), a_jpeg(2), a_jpeg(3)
    shown = a_photo(sha256=digest(jpeg), bytes=len(jpeg))
    bureau.receive(phone, sent(a_report(phone, photos=(shown,))))
    withdrawn = a_report(phone, photos=(a_photo(sha256=digest(other), bytes=len(other)),))
    bureau.receive(phone, sent(withdrawn), sent(a_withdrawal(withdrawn)))
    revoke(bureau, phone)
    names = [digest(one) for one in (jpeg, other, unsent)]
    farewell = told(server.sync(phone, photos=names)).farewell
    assert farewell and farewell.wanted == (digest(jpeg),)
    sender = Sender(server, phone)
    refused = [problem(sender.create(one)) for one in (other, unsent)]
    refused += [problem(sender.create(jpeg, None)), problem(sender.at_once(other))]
    assert refused == [(401, "token_revoked")] * 4
    assert sender.sent(jpeg).headers["photo-digest"] == digest(jpeg)
    assert bureau.row(photos).sha256 == digest(jpeg)
    farewell = told(server.sync(phone, photos=names)).farewell
    assert farewell and farewell.wanted == ()


def test_a_phone_that_says_it_leaves_is_known_to_be_empty(
    server: Server, bureau: Bureau, phone: Handset
) -> None:
    server.sync(phone, leaving=True)
    assert bureau.row(device_rows).emptied_at is None  # it is not revoked
    revoke(bureau, phone)
    server.sync(phone)
    assert bureau.row(device_rows).emptied_at is None
    server.sync(phone, leaving=True)
    assert bureau.row(device_rows).emptied_at is not None


def test_the_same_thing_lies_aside_once(server: Server, bureau: Bureau, phone: Handset) -> None:
    revoke(bureau, phone)
    thing = sent(a_report(phone))
    assert taken(server.sync(phone, thing)) == taken(server.sync(phone, thing, thing))
    assert bureau.count(quarantined) == 1


def test_what_was_recorded_before_is_named_and_not_put_aside(
    server: Server, bureau: Bureau, phone: Handset
) -> None:
    known, unknown = sent(a_report(phone)), sent(a_report(phone))
    server.sync(phone, known)
    revoke(bureau, phone)
    assert set(taken(server.sync(phone, known, unknown))) == {
        wire.digest(known),
        wire.digest(unknown),
    }
    assert bureau.row(quarantined).digest == wire.digest(unknown)


def test_what_breaks_every_rule_lies_aside_as_well(
    server: Server, bureau: Bureau, phone: Handset
) -> None:
    revoke(bureau, phone)
    strange = {"kind": "census", "body": {"id": "x"}}
    assert taken(server.sync(phone, strange, 7)) == [wire.digest(strange), wire.digest(7)]
    assert bureau.count(quarantined) == 2


def test_a_phone_of_a_disabled_post_is_told_no_farewell(
    server: Server, bureau: Bureau, phone: Handset
) -> None:
    disable(bureau, "wg1")
    assert told(server.sync(phone, sent(a_report(phone)))).farewell is None
    assert bureau.count(quarantined) == 0
    revoke(bureau, phone)
    assert told(server.sync(phone)).farewell


def test_a_token_that_nobody_knows_is_told_no_farewell(server: Server, phone: Handset) -> None:
    stranger = Handset(phone.phone, "x" * 43)
    answer = server.sync(stranger, sent(a_report(phone)))
    assert problem(answer) == (401, "not_signed_in")
    assert "farewell" not in wire.parse_json(answer.content)


def test_an_unreadable_or_too_old_last_call_is_told_no_farewell(
    server: Server, bureau: Bureau, phone: Handset
) -> None:
    revoke(bureau, phone)
    assert told(server.raw_sync(phone, b"no json")).farewell is None
    assert told(server.sync(phone, sent(a_report(phone)), protocol=0)).farewell is None
    assert bureau.count(quarantined) == 0


def test_a_last_call_with_a_long_body_is_not_read(
    server: Server, bureau: Bureau, phone: Handset
) -> None:
    revoke(bureau, phone)
    long = sent(a_report(phone)) | {"more": "x" * 70_000}
    assert told(server.sync(phone, long)).farewell is None
    assert bureau.count(quarantined) == 0


@pytest.mark.parametrize(
    ("limit", "value"), [("MOST", 2), ("HEAVIEST", 1_500), ("MAX_ARRIVAL_BYTES", 900)]
)
def test_a_revoked_phone_can_put_aside_only_so_much(
    bureau: Bureau, phone: Handset, limit: str, value: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(revoked, limit, value)
    large = [False, False, False] if limit == "MOST" else [False, True, False]
    things = [sent(a_report(phone, note="长" * 200 if one else "短")) for one in large]
    now = datetime.now(UTC)
    for n, thing in enumerate(things):
        with bureau.store.writing() as tx:
            named = revoked.keep_from_revoked(tx, phone.phone.device, [validate(thing, "")], now)
        fits = n < 2 if limit == "MOST" else not large[n]
        assert named == ((wire.digest(thing),) if fits else ())
    assert bureau.count(quarantined) == 2


def test_the_audit_log_says_that_something_was_put_aside_and_read(
    server: Server, bureau: Bureau, phone: Handset, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    revoke(bureau, phone)
    thing = sent(a_report(phone))
    server.sync(phone, thing)
    server.sync(phone, thing)
    assert quarantine.command(bureau.settings, "") == 0
    listed = capsysbinary.readouterr().out.decode()
    assert all(
        word in listed for word in ("wg1", phone.phone.device, "phone_revoked", wire.digest(thing))
    )
    assert quarantine.command(bureau.settings, wire.digest(thing)) == 0
    assert capsysbinary.readouterr().out == wire.canonical(thing) + b"\n"
    assert quarantine.command(bureau.settings, "0" * 64) == 1
    noted = [row.what for row in bureau.rows(audit)]
    assert noted[-2:] == ["put_aside", "read_quarantine"] and noted.count("put_aside") == 1


def test_an_enrolled_successor_is_a_phone_like_any_other(
    server: Server, bureau: Bureau, phone: Handset
) -> None:
    revoke(bureau, phone)
    thing = sent(a_report(phone))
    server.sync(phone, thing)
    assert server.sync(bureau.enrol(), thing).status_code == 200
    assert bureau.count(records) == 1
    with bureau.store.reading() as tx, pytest.raises(Exception, match="token_revoked"):
        phones.phone_of(tx, phone.headers["Authorization"])


def test_ids_of_another_shape_harm_nobody(server: Server, bureau: Bureau, phone: Handset) -> None:
    revoke(bureau, phone)
    odd = {"kind": "report", "body": {"id": 7, "revision": "x"}}
    assert taken(server.sync(phone, odd, sent(a_report(phone, id=a_name()))))[0] == wire.digest(odd)
