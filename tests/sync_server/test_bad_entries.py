"""What a form of the console cannot take is told field by field, and nothing of it is written."""

from datetime import UTC, date, datetime

import pytest

from sync_server.casework.tasks import NewTask, give_task
from sync_server.domain.roles import Role, Staff
from sync_server.problems import BadEntry
from sync_server.store.schema import audit, grid_tasks
from tests.sync_server.bureau import Bureau

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
OFFICER = Staff("ban1", Role.CASE_OFFICER)


def test_each_field_that_cannot_be_taken_is_named(bureau: Bureau) -> None:
    before = bureau.count(audit)
    wrong = NewTask("", "问王老师 13800000000", "nowhere", "", date(2020, 1, 1))
    with pytest.raises(BadEntry) as refused:
        give_task(bureau.store, OFFICER, wrong, NOW)
    codes = {field: code for field, (code, _) in refused.value.flaws.items()}
    assert codes.keys() == {"title", "note", "grid", "due"}
    assert codes["title"] == "title_needed" and refused.value.flaws["note"][1]
    assert (bureau.count(grid_tasks), bureau.count(audit)) == (0, before)
