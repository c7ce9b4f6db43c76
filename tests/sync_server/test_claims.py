"""Names that a transaction claims: nobody else has them meanwhile, and nobody else has to wait."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any, TypeVar

import pytest
from sqlalchemy import event, text

from contract.protocol import GENESIS, MAX_ARRIVAL_BYTES
from sync_server.accounts.passwords import Attempt, hash_password, sign_in
from sync_server.accounts.throttle import subject
from sync_server.auditing.chains import walk
from sync_server.intake.revoked import HEAVIEST, keep_from_revoked
from sync_server.intake.validate import UnreadableArrival, validate
from sync_server.photos.creation import UploadCreation, UploadRequest
from sync_server.settings import Limits, Settings
from sync_server.store import arrivals, audit_log, lists, places, reference
from sync_server.store import staff as people
from sync_server.store.audit_log import AuditEntry
from sync_server.store.engine import Store, Tx
from sync_server.store.schema import audit, editions
from tests.sync_server.bureau import NOW, Bureau

T = TypeVar("T")
PASSWORD = "a long enough password"
ENOUGH_S = 0.5  # for a statement that does not have to wait
PATIENCE_S = 30
FITTING = HEAVIEST // MAX_ARRIVAL_BYTES  # things of the largest size
on_postgres = pytest.mark.parametrize(
    "settings", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)  # SQLite has one writer at a time


def overlapping(store: Store, work: Callable[[Tx], T]) -> tuple[T, T]:
    """What `work` returns in two transactions: the second one has begun, and has come as far as it
    can, before the first one commits."""

    def second() -> T:
        with store.writing() as tx:
            return work(tx)

    with ThreadPoolExecutor(1) as threads:
        with store.writing() as tx:
            first = work(tx)
            later: Future[T] = threads.submit(second)
            wait([later], ENOUGH_S)
        return first, later.result(PATIENCE_S)


def held_names(tx: Tx) -> int:
    """How many names this transaction has claimed."""
    mine = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
    return int(tx.run(text(mine)).scalar_one())


@on_postgres
def test_a_claimed_name_is_one_name_and_not_its_letters(bureau: Bureau) -> None:
    with bureau.store.writing() as tx:
        tx.claim("staff/shenhe1")
        assert held_names(tx) == 1
        tx.claim("staff/shequ1", "staff/shenhe1")
        assert held_names(tx) == 2


@on_postgres
def test_names_are_claimed_in_one_order(bureau: Bureau) -> None:
    """Two transactions that claim the same names in different orders would wait for each other."""
    claimed: list[list[str]] = []

    def listen(_: object, __: object, statement: str, values: Any, *___: object) -> None:
        if "pg_advisory" in statement:
            claimed.append(values["names"])

    event.listen(bureau.store.engine, "before_cursor_execute", listen)
    names = [f"record/{n:02d}" for n in range(20)]
    with bureau.store.writing() as tx:
        tx.claim(*names)
        tx.claim(*names[::-1])
    assert claimed == [[f"{bureau.store.bureau}/{name}" for name in names]] * 2


@on_postgres
def test_no_sign_in_waits_for_another_account(bureau: Bureau) -> None:
    with bureau.store.writing() as tx:
        people.set_password(tx, "shenhe1", hash_password(PASSWORD))
    with ThreadPoolExecutor(1) as threads:
        with bureau.store.writing() as tx:
            # What the first statement of a sign-in does.
            tx.claim(f"tries/{subject('sign-in', '', 'shequ1')}")
            other = threads.submit(sign_in, bureau.store, Attempt("shenhe1", PASSWORD), NOW)
            wait([other], PATIENCE_S)
            is_signed_in = other.done()
        assert is_signed_in
        assert other.result(PATIENCE_S).staff == "shenhe1"


@on_postgres
def test_no_bureau_waits_for_another(bureau: Bureau) -> None:
    """Of several bureaus in one database."""
    neighbour = Store(bureau.store.engine, f"{bureau.store.bureau}-2")
    with ThreadPoolExecutor(1) as threads:
        with bureau.store.writing() as tx:
            tx.claim("audit")
            other = threads.submit(_claims, neighbour, "audit")
            wait([other], PATIENCE_S)
            is_through = other.done()
        assert is_through


def _claims(store: Store, name: str) -> None:
    with store.writing() as tx:
        tx.claim(name)


def test_receipts_are_numbered_from_the_first_one_on(bureau: Bureau) -> None:
    def count(tx: Tx) -> int:
        number = arrivals.last_number(tx) + 1
        arrivals.set_last_number(tx, number)
        return number

    assert overlapping(bureau.store, count) == (1, 2)


def test_the_audit_log_is_one_chain_from_its_first_row_on(bureau: Bureau) -> None:
    overlapping(bureau.store, lambda tx: audit_log.note(tx, AuditEntry(NOW, "shenhe1", "look")))
    assert [row.n for row in bureau.rows(audit)] == [1, 2]
    assert bureau.rows(audit)[0].before == GENESIS
    with bureau.store.reading() as tx:
        assert walk(tx, "audit").fault is None


def test_an_edition_is_kept_once(bureau: Bureau) -> None:
    overlapping(bureau.store, lambda tx: reference.keep_edition(tx, "e1", {"places": "p1"}, NOW))
    assert bureau.row(editions).parts == {"places": "p1"}


def test_every_change_of_the_ground_is_counted_from_the_first_on(settings: Settings) -> None:
    store = Store.open(settings.database, f"{settings.bureau}-new")
    overlapping(store, lambda tx: lists.replace(tx, "grids", []))
    with store.reading() as tx:
        assert places.stamp(tx) == 2
    store.close()


def test_a_revoked_phone_is_held_to_its_limit_however_many_calls_it_makes(bureau: Bureau) -> None:
    """Two calls at once may together put aside no more than one alone."""
    device = bureau.enrol().phone.device
    large = [
        UnreadableArrival(bytes([n]) * MAX_ARRIVAL_BYTES, "not_json") for n in range(2 * FITTING)
    ]
    halves = iter((large[:FITTING], large[FITTING:]))

    def bring(tx: Tx) -> int:
        brought = [validate(thing, "") for thing in next(halves)]
        return len(keep_from_revoked(tx, device, brought, NOW))

    assert overlapping(bureau.store, bring) == (FITTING, 0)


def test_one_photo_that_a_phone_begins_twice_is_one_upload(bureau: Bureau) -> None:
    asked = UploadRequest(f"Bearer {bureau.enrol().token}", 9, announced="a" * 64)

    def begin(tx: Tx) -> str:
        found = UploadCreation(tx, Limits(), NOW, here=())
        [row] = found.rows([asked])
        found.write()
        assert isinstance(row, dict)
        return str(row["upload"])

    first, second = overlapping(bureau.store, begin)
    assert first == second
