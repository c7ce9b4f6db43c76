"""Floor and room of a home (rule L4): sealed, seen by case officers alone, for a reason."""

import re
from html import unescape

import pytest
from httpx import Response
from sqlalchemy import insert, select, update

from contract.report import Report
from sync_server.casework.rooms import SeenRoom, keep_room, view_room
from sync_server.domain.roles import Role, Staff
from sync_server.domain.rooms import HomeRoom
from sync_server.problems import BadEntry, NotAllowed
from sync_server.store.audit_log import CHAIN
from sync_server.store.schema import audit, metadata, sealed_rooms
from tests.sync_server.console.office import BOTH, Office, a_place, token
from tests.sync_server.console.test_handover import text_of

OFFICER = Staff("ban1", Role.CASE_OFFICER)
WHY = "送达文书需要"
FLOOR, ROOM = "31层", "东户3107"  # no digest happens to hold them
HIDDEN = re.compile(r'name="last" value="(\d+)"')


def a_home(office: Office, **changes: object) -> Report:
    report = office.report(**changes)
    office.deliver(report)
    return report


def ask(office: Office, report: Report, deed: str, **said: str) -> Response:
    """Sends a form of the page as it stands."""
    page = office.client.get(f"/records/{report.id}/room")
    last = HIDDEN.search(page.text)
    form = {"csrf": token(page), "last": last[1] if last else "0", "deed": deed, "why": WHY} | said
    return office.client.post(f"/records/{report.id}/room", data=form)


def kept(office: Office, report: Report) -> Response:
    office.at("ban1")
    return ask(office, report, "keep", floor=FLOOR, room=ROOM)


def noted(office: Office) -> list[tuple[str, str, str, str]]:
    with office.store.reading() as tx:
        rows = tx.run(select(audit).where(audit.c.bureau == tx.bureau).order_by(audit.c.n)).all()
    return [(row.staff, row.what, row.subject, row.reason) for row in rows if "room" in row.what]


@BOTH
def test_a_room_is_seen_for_a_reason_that_is_written_down_first(office: Office) -> None:
    report = a_home(office)
    page = kept(office, report)
    assert page.status_code == 200 and ROOM not in page.text and "****" in page.text
    page = ask(office, report, "view", why="核对送达地址")
    assert f"<dd>{FLOOR}</dd>" in page.text and f"<dd>{ROOM}</dd>" in page.text
    assert page.headers["cache-control"] == "no-store, private"
    assert ROOM not in office.client.get(f"/records/{report.id}/room").text
    assert ROOM not in office.client.get(f"/records/{report.id}").text
    assert noted(office) == [
        ("ban1", "keep_room", str(report.id), WHY),
        ("ban1", "view_room", str(report.id), "核对送达地址"),
    ]
    with office.store.reading() as tx:
        rows = tx.run(select(audit).where(audit.c.bureau == tx.bureau).order_by(audit.c.n)).all()
    assert all(row.hash == CHAIN.content(row) for row in rows)
    log = office.at("shenji1").get(f"/audit?about={report.id}").text
    assert "<td>查看楼层、房号</td>" in log and ROOM not in log


@pytest.mark.parametrize(
    ("why", "words"),
    [
        ("", "请写明原因"),
        ("\u200b", "请写明原因"),
        ("王老师家要求", "像是个人信息"),
        ("找3号楼2单元501室", "不写到房间"),
        ("应" * 201, "太长了"),
    ],
)
@pytest.mark.parametrize("deed", ["view", "keep", "remove", "purge"])
def test_nothing_is_done_without_a_fit_reason(
    office: Office, deed: str, why: str, words: str
) -> None:
    report = a_home(office)
    kept(office, report)
    page = ask(office, report, deed, why=why, floor="1", room="2")
    assert page.status_code == 422 and words in page.text and ROOM not in page.text
    assert [row[1] for row in noted(office)] == ["keep_room"]


@BOTH
def test_the_database_never_holds_it_in_the_clear(office: Office) -> None:
    report = a_home(office)
    kept(office, report)
    ask(office, report, "view")
    ask(office, report, "keep", floor="", room="西户2806")
    with office.store.reading() as tx:
        for table in metadata.sorted_tables:
            own = table.c.bureau == tx.bureau  # another test's bureau may hold what nobody can read
            text = repr([tuple(row) for row in tx.run(select(table).where(own))])
            assert not any(word in text for word in (ROOM, FLOOR, "西户2806")), table.name
        rows = tx.run(select(sealed_rooms.c.sealed).where(sealed_rooms.c.bureau == tx.bureau)).all()
    assert len({len(row.sealed) for row in rows}) == 1 and len(rows) == 2


def test_nobody_else_sees_that_there_is_one(office: Office) -> None:
    report = a_home(office)
    kept(office, report)
    for code in ("shenhe1", "shequ1", "shenji1", "guanli1", "dpo1"):
        client = office.at(code)
        form = {"csrf": token(client.get("/")), "deed": "view", "why": WHY, "last": "1"}
        for answer in (
            client.get(f"/records/{report.id}/room"),
            client.post(f"/records/{report.id}/room", data=form),
            client.post(f"/records/{report.id}/handover-form", data=form),
        ):
            assert answer.status_code == 403 and ROOM not in answer.text, code
        assert "****" not in client.get(f"/records/{report.id}").text, code
    for role in set(Role) - {Role.CASE_OFFICER}:
        with pytest.raises(NotAllowed):
            view_room(office.store, Staff("x", role), SeenRoom(str(report.id), 1, WHY), office.now)
    assert [row[1] for row in noted(office)] == ["keep_room"]
    assert "****" in office.at("ban1").get(f"/records/{report.id}").text


def test_it_is_corrected_and_removed_by_another_row(office: Office) -> None:
    report = a_home(office)
    kept(office, report)
    ask(office, report, "keep", floor="", room="西户2806")
    page = ask(office, report, "view").text
    assert "西户2806" in page and ROOM not in page and "<dd>–</dd>" in page
    ask(office, report, "remove")
    page = ask(office, report, "view").text
    assert "已经删除" in page and "西户2806" not in page
    with office.store.reading() as tx:
        rows = tx.run(select(sealed_rooms).order_by(sealed_rooms.c.n)).all()
    assert [(row.n, row.staff, row.reason) for row in rows] == [(n, "ban1", WHY) for n in (1, 2, 3)]


@BOTH
def test_a_purge_destroys_all_that_was_ever_sealed_and_leaves_who_and_why(office: Office) -> None:
    report, other = a_home(office), a_home(office)
    for one in (report, other):
        kept(office, one)
    ask(office, report, "keep", floor="", room="西户2806")
    page = ask(office, report, "purge", why="保存期满")
    assert "内容已彻底清除" in page.text and "****" not in page.text
    with office.store.reading() as tx:
        here = sealed_rooms.c.bureau == tx.bureau
        rows = tx.run(select(sealed_rooms).where(here)).all()
    assert {(row.record == str(other.id), row.sealed is None) for row in rows} == {
        (True, False),
        (False, True),
    }
    assert noted(office)[-1] == ("ban1", "purge_room", str(report.id), "保存期满")
    assert ask(office, report, "purge").status_code == 409
    assert "打不开" in ask(office, report, "view").text


def test_only_an_open_case_of_a_home_gets_one(office: Office) -> None:
    shop = a_home(office, place=a_place(venue="OFFICE"))
    office.at("ban1")
    assert office.client.get(f"/records/{shop.id}/room").status_code == 404
    assert "/room" not in office.client.get(f"/records/{shop.id}").text
    closed, gone = a_home(office), a_home(office)
    office.at("shenhe1")
    office.decide(closed.id, "29", reason="OUT_OF_SCOPE")
    office.withdraw(gone)
    for report in (closed, gone):
        office.at("ban1")
        assert "不能再补充" in office.client.get(f"/records/{report.id}/room").text
        assert ask(office, report, "keep", room="1").status_code == 409
        assert f"{report.id}/room" not in office.client.get(f"/records/{report.id}").text
    assert noted(office) == []


def test_a_closed_case_still_lets_it_be_seen_removed_and_purged(office: Office) -> None:
    report = a_home(office)
    kept(office, report)
    office.at("shenhe1")
    office.decide(report.id, "29", reason="OUT_OF_SCOPE")
    office.at("ban1")
    assert ROOM in ask(office, report, "view").text
    assert ask(office, report, "remove").status_code == 200
    assert "彻底清除" in ask(office, report, "purge").text


@pytest.mark.parametrize(
    ("floor", "room", "words"),
    [
        ("", " ", "请写楼层或房号"),
        ("1" * 11, "", "太长了"),
        ("", "王老师家", "像是个人信息"),
    ],
)
def test_what_cannot_be_a_room_is_said_beside_it(
    office: Office, floor: str, room: str, words: str
) -> None:
    report = a_home(office)
    office.at("ban1")
    page = ask(office, report, "keep", floor=floor, room=room)
    assert page.status_code == 422 and words in page.text
    assert f">{WHY}</textarea>" in page.text and noted(office) == []


def test_the_second_of_two_officers_sees_that_it_has_changed(office: Office) -> None:
    report = a_home(office)
    kept(office, report)
    keep_room(
        office.store, OFFICER, SeenRoom(str(report.id), 1, WHY), HomeRoom("", "9"), office.now
    )
    page = ask(office, report, "keep", last="1", room="西户2806")
    assert page.status_code == 409 and "刚才有变化" in page.text
    assert 'value="西户2806"' in page.text


def test_a_hand_over_form_has_it_only_when_it_is_asked_for_there(office: Office) -> None:
    report = a_home(office)
    office.at("shenhe1")
    office.decide(report.id, "20")
    kept(office, report)
    address = f"/records/{report.id}/handover-form"
    plain = office.client.get(address)
    assert ROOM not in text_of(plain.content)
    page = office.client.get(f"/records/{report.id}/room")
    assert f'formaction="{address}"' in page.text
    form = {"csrf": token(page), "last": "1", "why": "移送需要门牌", "deed": "view"}
    told = office.client.post(address, data=form)
    assert told.headers["content-type"] == "application/pdf"
    said = text_of(told.content)
    assert FLOOR in said and ROOM in said and f"{office.number(1)}-1.1.1" in said
    assert office.client.post(address, data=form).content == told.content
    assert noted(office)[-1] == ("ban1", "print_room", str(report.id), "移送需要门牌")
    unsaid = office.client.post(address, data=form | {"why": ""})
    assert unsaid.status_code == 422 and "请写明原因" in unescape(unsaid.text)
    assert ROOM not in text_of(office.client.get(address).content)
    ask(office, report, "remove")
    assert office.client.post(address, data=form | {"last": "2"}).status_code == 404


def test_what_was_moved_or_put_there_in_the_clear_does_not_open(office: Office) -> None:
    report, other = a_home(office), a_home(office)
    kept(office, report)
    with office.store.writing() as tx:
        row = tx.run(select(sealed_rooms)).one()._mapping
        tx.run(insert(sealed_rooms).values(dict(row) | {"record": str(other.id)}))
    assert "打不开" in ask(office, other, "view").text
    with office.store.writing() as tx:
        tx.run(update(sealed_rooms).values(sealed=b'{"floor":"1","room":"2"}'))
    page = ask(office, report, "view").text
    assert "打不开" in page and "<dd>2</dd>" not in page


def test_a_reason_is_asked_for_by_the_use_case_too(office: Office) -> None:
    report = a_home(office)
    seen = SeenRoom(str(report.id), 0, " ")
    with pytest.raises(BadEntry):
        keep_room(office.store, OFFICER, seen, HomeRoom("1"), office.now)
    with pytest.raises(BadEntry):
        view_room(office.store, OFFICER, seen, office.now)
