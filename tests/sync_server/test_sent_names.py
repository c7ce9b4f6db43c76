"""Rules L2 and L4 for names that a phone sends beside a code: the bureau's own name is shown, or
the sent one if it names nobody; what was sent stays in the arrival."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import insert

from contract.patrol import Patrol, Visit
from contract.protocol import EnrolmentRequest, Outcome
from contract.wire import Json
from sync_server.accounts.phones import enrol
from sync_server.domain.sent_names import LONGEST_UNLISTED, MOST_UNLISTED, with_known_names
from sync_server.intake.receive import CallArrivals, receive
from sync_server.store.schema import arrivals, compounds, devices, patrols, records
from tests.builders import a_name
from tests.sync_server.bureau import HERE, NOW, Bureau, Handset, a_report, outcomes, sent

PERSON = "王老师家 13800000000"
# Code and name as sent, and the name that the record then has; c1 is the bureau's.
SENT = (
    ("c1", "样例苑", "样例苑"),
    ("c1", PERSON, "样例苑"),
    ("c1", "样例苑3号楼2单元501", "样例苑"),
    ("c999", PERSON, ""),
    ("c999", "样例苑3号楼2单元501室", ""),
    ("c999", "李秀英", ""),
    ("c999", "模拟花园", "模拟花园"),
    ("13800000000", "模拟花园", "模拟花园"),
)


@pytest.fixture
def phone(bureau: Bureau) -> Handset:
    return bureau.enrol()


def a_patrol(phone: Handset) -> Json:
    """A patrol whose visits are those of SENT."""
    visits = tuple(Visit(compound=code, name=name, result="SITE") for code, name, _ in SENT)
    device, author = phone.phone.device, phone.phone.author
    patrol = Patrol(id=a_name(), device=device, author=author, started_at=NOW, visits=visits)
    return sent(patrol)


def test_a_record_has_the_bureaus_name_or_one_that_names_nobody(
    bureau: Bureau, phone: Handset
) -> None:
    told = {}
    for code, name, _ in SENT:
        place = a_report(phone).place.changed(compound=code, compound_name=name)
        report = a_report(phone, place=place)
        assert outcomes(bureau.receive(phone, sent(report))) == [Outcome.RECORDED]
        row = bureau.row(records, id=str(report.id))
        told[code, name] = row.body["place"]["compound_name"]
        assert row.place == f"{told[code, name]} 3号楼2单元".strip()
        assert "13800000000" not in f"{row.place} {row.place_folded}"
        assert name.encode() in bureau.sent(arrivals, id=str(report.id))
    assert told == {(code, name): shown for code, name, shown in SENT}


def test_a_patrol_has_no_other_names_than_a_record(bureau: Bureau, phone: Handset) -> None:
    assert outcomes(bureau.receive(phone, a_patrol(phone))) == [Outcome.RECORDED]
    kept = [visit.get("name", "") for visit in bureau.row(patrols).body["visits"]]
    assert kept == [shown for _, _, shown in SENT]


def test_another_bureaus_name_is_not_ours(bureau: Bureau, phone: Handset) -> None:
    theirs = {"bureau": "elsewhere", "compound": "c999", "name": "别处", "community": HERE}
    with bureau.store.writing() as tx:
        tx.run(insert(compounds).values(theirs))
    place = a_report(phone).place.changed(compound="c999", compound_name="模拟花园")
    bureau.receive(phone, sent(a_report(phone, place=place)))
    assert bureau.row(records).place == "模拟花园 3号楼2单元"


def test_a_phone_named_after_somebody_is_kept_without_its_name(bureau: Bureau) -> None:
    for model, kept in (("王老师的手机", ""), ("示例手机", "示例手机")):
        asked = EnrolmentRequest(code=bureau.code(), model=model)
        device = enrol(bureau.store, asked, datetime.now(UTC)).device
        assert bureau.row(devices, device=device).model == kept


def test_an_app_that_calls_itself_after_somebody_has_no_version(
    bureau: Bureau, phone: Handset
) -> None:
    for app, kept in (("0.1.0+7", "0.1.0+7"), (PERSON, "")):
        receive(bureau.store, CallArrivals(phone.phone, 0, NOW, app=app))
        assert bureau.row(devices).app == kept


def test_of_names_the_bureau_does_not_have_few_are_read() -> None:
    """Reading a long name full of figures takes 5 ms, and one call may bring thousands."""
    names = [f"{sign}样苑" for sign in "甲乙丙丁戊己庚"]
    visits = tuple(Visit(compound="c9", name=name, result="CLEAR") for name in names)
    own = Visit(compound="c1", name="别的", result="CLEAR")
    patrol = Patrol(id=a_name(), device="d1", author="wg1", started_at=NOW, visits=(*visits, own))
    shown = [one.name for one in with_known_names(patrol, {"c1": "样例苑"}).visits]
    assert shown == [*names[:MOST_UNLISTED], "", "", "样例苑"]
    for name in ("模" * (LONGEST_UNLISTED + 1), "1-1-" * 7, "十一一零二"):
        one = patrol.changed(visits=(Visit(compound="c9", name=name, result="CLEAR"),))
        assert with_known_names(one, {}).visits[0].name == "", name
