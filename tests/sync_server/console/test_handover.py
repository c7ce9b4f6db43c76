"""The hand-over form: what it says, to whom it is given, and that it is the same each time."""

from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO

import pytest
from httpx import Response
from pypdf import PdfReader
from sqlalchemy import select

from contract.report import Kind, Report
from sync_server.apart import ROOT, OverLimit, run_apart
from sync_server.exports import handover_form
from sync_server.exports.handover_form import HandoverForm, pdf_of
from sync_server.problems import Busy
from sync_server.store import case_events
from sync_server.store import records as case_store
from sync_server.store.case_events import CaseStep
from sync_server.store.schema import audit
from tests.sync_server.console.day import drawn
from tests.sync_server.console.office import BOTH, Office, a_jpeg, a_photo, a_place

MARKUP = '#panic("x") $a$ *b* _c_ `d` @e <f> \\u{41} = 1 // /* #import "@preview/x:1.0" "];'
PLAIN = HandoverForm("示例旗局", "1-1.1", datetime(2026, 11, 30, tzinfo=UTC), "样例苑小区", (), ())


def text_of(pdf: bytes) -> str:
    """What a reader finds in it, without the ends of lines."""
    pages = PdfReader(BytesIO(pdf)).pages
    return "".join("".join(page.extract_text().split("\n")) for page in pages)


def accepted(office: Office, **changes: object) -> Report:
    report = office.report(**changes)
    office.deliver(report)
    office.at("shenhe1")
    assert office.decide(report.id, "20").status_code == 303
    return report


def form_of(office: Office, report: Report, code: str = "shenhe1") -> Response:
    return office.at(code).get(f"/records/{report.id}/handover-form")


@BOTH
def test_the_form_says_what_was_seen_and_where_it_stands_and_never_by_whom(office: Office) -> None:
    photos = (a_photo(1), a_photo(2), a_photo(3))
    report = accepted(office, photos=photos, conflict_of_interest=True)
    office.finish_photo(photos[0], drawn(1))
    office.finish_photo(photos[1], b"\xff\xd8 never a picture")
    answer = form_of(office, report, "ban1")
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "no-store, private"
    said = text_of(answer.content)
    words = (
        *("线索移交单", "疑似线索", "不是认定", "示例旗教育体育局", f"{office.number(1)}-1.1"),
        *(
            "样例苑小区 3号楼2单元",
            "张贴",
            "单元门口张贴晚托广告",
            "示例镇第3网格",
            "网格员",
            "夜查",
        ),
        *(
            "台账第 1 条",
            "已受理",
            "供接收单位依职责核查",
            "仅供核查线索使用",
            "（公章）",
            "第 1 版",
        ),
        *("共 3 张，已到 2 张", "第 1 张", "无法缩小显示", "第 3 张（尚未传到）"),
        *(photo.sha256[:32] for photo in photos),
    )
    assert [word for word in words if word not in said] == []
    person = ("wg03", office.phone.device, "利害关系", "38.12351", "ban1")
    assert [word for word in person if word in said] == []
    page = PdfReader(BytesIO(answer.content)).pages[-1]
    assert len(page.images) == 1 and a_jpeg() not in answer.content


@BOTH
def test_the_same_version_is_the_same_file_and_each_is_an_audit_row(office: Office) -> None:
    report = accepted(office, photos=(a_photo(),))
    office.finish_photo(a_photo())
    one, again = form_of(office, report), form_of(office, report, "ban1")
    assert one.content == again.content
    office.deliver(report.changed(revision=2, note="门上有课程表"))
    other = form_of(office, report)
    assert other.content != one.content and "门上有课程表" in text_of(other.content)
    with office.store.reading() as tx:
        rows = tx.run(select(audit).where(audit.c.bureau == tx.bureau)).all()
    noted = [row for row in rows if row.what == "handover_form"]
    assert [(row.staff, row.subject) for row in noted] == [
        (code, str(report.id)) for code in ("shenhe1", "ban1", "shenhe1")
    ]
    assert noted[0].reason == noted[1].reason != noted[2].reason
    assert f"{office.number(1)}-1.1 SHA-256 " in noted[0].reason


def test_it_is_given_to_those_who_hand_over_and_to_nobody_else(office: Office) -> None:
    report, link = accepted(office), "handover-form"
    for code in ("shenhe1", "ban1", "shequ1", "shenji1", "guanli1", "dpo1"):
        may = code in ("shenhe1", "ban1")
        assert form_of(office, report, code).status_code == (200 if may else 403), code
        assert (link in office.client.get(f"/records/{report.id}").text) == may, code


def test_a_case_that_was_handed_over_names_the_department(office: Office) -> None:
    report = accepted(office)
    assert "市场监管部门" not in text_of(form_of(office, report).content)
    said = {"department": "MARKET", "number": "2026-0007"}
    move = (str(report.id), "40", "55", "ban1", "CASE_OFFICER", office.now)
    with office.store.writing() as tx:
        case_events.add(tx, CaseStep(*move, said=said))
        case_store.alter(tx, str(report.id), {"state": "55"})
    told = text_of(form_of(office, report).content)
    assert told.count("市场监管部门") == 2 and "2026-0007（第 1 次移送）" in told


def test_what_cannot_be_handed_over_has_no_form(office: Office) -> None:
    fresh, taken_back = office.report(), office.report()
    clear = office.report(kind=Kind.CLEAR, signs=(), disguises=(), count_band=None)
    office.deliver(fresh, taken_back, clear)
    office.withdraw(taken_back)
    for report in (fresh, taken_back, clear):
        assert form_of(office, report).status_code == 404, report
        assert "handover-form" not in office.client.get(f"/records/{report.id}").text


def test_a_place_without_a_building_is_told_by_its_position(office: Office) -> None:
    place = a_place(compound=None, compound_name="", building=None, unit=None, landmark="桥头平房")
    said = text_of(form_of(office, accepted(office, place=place)).content)
    assert "桥头平房" in said and "38.12351, 108.54322" in said


def test_no_text_is_ever_markup() -> None:
    form = PLAIN.__class__(
        bureau=MARKUP,
        number=MARKUP,
        at=PLAIN.at,
        place=MARKUP,
        seen=((MARKUP, MARKUP),),
        origin=(("反\\", "行\n行"),),
        department=MARKUP,
        purpose=MARKUP,
    )
    said = text_of(pdf_of(form)).replace(" ", "")
    assert said.count(MARKUP.replace(" ", "")) >= 7
    assert pdf_of(replace(PLAIN, place=f"{PLAIN.place}\u202e")) == pdf_of(PLAIN)


def test_the_form_can_be_read_out() -> None:
    """PDF/UA: a title, its language, and tags; typst refuses to write one without."""
    reader = PdfReader(BytesIO(pdf_of(PLAIN)))
    document = dict(reader.root_object)
    assert str(document["/Lang"]) == "zh-CN" and "/StructTreeRoot" in document
    assert reader.metadata and reader.metadata.title == "线索移交单 1-1.1"
    assert b"pdfuaid:part" in pdf_of(PLAIN)


def test_a_form_that_takes_too_much_is_put_off(monkeypatch: pytest.MonkeyPatch) -> None:
    def too_much(*_: object, **__: object) -> tuple[int, bytes]:
        raise OverLimit

    for run in (too_much, lambda *_, **__: (3, b"")):
        monkeypatch.setattr(handover_form, "run_apart", run)
        with pytest.raises(Busy):
            pdf_of(PLAIN)


def test_the_typesetter_reads_no_file_and_reaches_no_host() -> None:
    """Its template is ours, all data are on stdin; what is not JSON ends it with a status."""
    assert run_apart(handover_form.DRAWING, "0", given=b"no json", seconds=20) == (3, b"")
    template = (ROOT / "sync_server/exports/handover.typ").read_text()
    assert [word for word in ("read(", "#import", "#include", "eval(") if word in template] == []
