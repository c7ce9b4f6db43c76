"""A server that is killed again and again amid syncs and amid photos, keeps what it receipted."""

import pytest

from tests.kills.asking import campaign

KILLS = 60  # `python -m tests.kills sync --kills 5000` for more
A_FEW = 10  # how many there are depends on the machine's speed; none at all would prove nothing
ON_POSTGRES = 20


def test_a_server_killed_while_phones_sync_records_each_report_once() -> None:
    done = campaign("sync", KILLS)
    assert done["kills"] >= KILLS and done["reports"] > A_FEW
    assert done["midway"] > KILLS, "rounds that broke: three phones meet each kill"
    assert done["held"] > 0, "kills after the commit and before the reply"


def test_a_server_killed_while_photos_arrive_has_every_byte_of_them() -> None:
    done = campaign("finish", KILLS)
    assert done["kills"] >= KILLS and done["photos"] == done["reports"] > A_FEW
    # Between their rounds the phones, all in one process, make their pictures.
    assert done["midway"] > KILLS / 2, "rounds that broke"


@pytest.mark.postgres
def test_a_server_killed_over_postgresql_records_each_report_once(postgres_database: str) -> None:
    done = campaign("finish", ON_POSTGRES, postgres_database)
    assert done["kills"] >= ON_POSTGRES and done["photos"] == done["reports"] > 5
