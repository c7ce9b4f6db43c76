"""The screen and the courier write the same entry: neither may undo what the other did."""

from pathlib import Path

import pytest

from contract.codelists import built_in
from contract.protocol import Refusal
from contract.rules import Flaw, FlawCode
from fieldapp.report.entry import Stage
from tests.builders import NOON, a_photo, an_answer, an_entry
from tests.fieldapp.a_phone import Phone
from tests.fieldapp.test_screens_flow import to_seen

pytestmark = pytest.mark.asyncio


async def test_an_answer_that_comes_while_the_worker_edits_stays(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    async with phone as app:
        await to_seen(app)
        (entry,) = phone.notebook.entries()
        phone.notebook.write(entry.reviewed(an_answer(report=entry.report.id)))
        await app.tap("sign-POSTER")
    (entry,) = Phone(tmp_path).notebook.entries()
    assert [answer.seq for answer in entry.answers] == [1]
    assert entry.report.signs == ("POSTER",)


async def test_a_report_accepted_while_the_worker_edits_is_not_sealed_again(
    tmp_path: Path,
) -> None:
    phone = Phone(tmp_path)
    async with phone as app:
        await to_seen(app)
        await app.tap("sign-POSTER")
        (entry,) = phone.notebook.entries()
        accepted = an_answer(report=entry.report.id, state="20")
        phone.notebook.write(entry.reviewed(accepted))
        await app.tap("seal")
        assert app.shows("notice")
    (entry,) = Phone(tmp_path).notebook.entries()
    assert entry.stage is Stage.DRAFT


async def test_undo_leaves_no_sealed_entry_without_its_parcel(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    async with phone as app:
        await to_seen(app)
        await app.tap("sign-POSTER")
        await app.seal()
        await app.tap("undo")
    (entry,) = Phone(tmp_path).notebook.entries()
    assert (entry.stage, Phone(tmp_path).notebook.waiting()) == (Stage.DRAFT, 0)


async def test_a_report_the_bureau_did_not_take_says_why_in_words(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    entry, parcel = an_entry().sealed(NOON, built_in())
    flaw = Flaw(code=FlawCode.PERSONAL_DATA, field="note", start=0, end=2)
    refusal = Refusal(digest=parcel.digest, code="flawed", flaws=(flaw,))
    phone.notebook.write(entry.refused(refusal, NOON))
    async with phone as app:
        await app.tap(f"report-{entry.report.id}")
        assert app.says("没有收下") and app.says("个人信息")


async def test_a_draft_that_is_given_up_takes_its_photos_along(tmp_path: Path) -> None:
    phone = Phone(tmp_path)
    jpeg = b"a masked photo"
    sha256 = phone.album.keep(jpeg)
    draft = an_entry().with_photo(a_photo(sha256=sha256, bytes=len(jpeg)))
    phone.notebook.write(draft)
    async with phone:
        await phone.state.draft.drop(draft)
    assert phone.notebook.entry(draft.report.id) is None
    assert phone.album.read(sha256) is None
