"""What people say about sites: the same, not the same, this report is not of it; and taking it
back. Each is one transaction with its audit row."""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

from contract import wire
from contract.report import Report
from contract.rules import MOST_NOTE
from sync_server.domain.located import locate
from sync_server.domain.roles import Permission, Staff, permissions
from sync_server.domain.screened_text import text_flaw
from sync_server.domain.site_key import LEADS, SiteKey, own_site_id, site_key
from sync_server.domain.site_rulings import Verdict, contradicted, successors
from sync_server.problems import BadDecision, NotAllowed, NotFound, StateChanged
from sync_server.sites.gazetteer import gazetteer
from sync_server.sites.linking import link
from sync_server.store import audit_log, followers, site_records, site_rulings, sites
from sync_server.store.audit_log import AuditEntry
from sync_server.store.engine import DatabaseRow, Store, Tx

Settle = Callable[[Tx, Collection[str]], None]


def nothing_more(tx: Tx, ids: Collection[str]) -> None:
    """What has to be done for records whose site may have changed, where there are no cases."""


def say_same(store: Store, staff: Staff, pair: tuple[str, str], reason: str, now: datetime) -> int:
    """The first site is the place of the second one, which from now on stands for both. Returns the
    number of the ruling, by which it is taken back. Raises NotAllowed, NotFound, StateChanged where
    somebody said the opposite, and BadDecision for a reason that cannot be kept."""
    return _rule(store, staff, Verdict.SAME, pair, (reason, now))


def say_different(
    store: Store, staff: Staff, pair: tuple[str, str], reason: str, now: datetime
) -> int:
    """They are two places, and are not suggested to be one again. Returns and raises as
    `say_same`."""
    return _rule(store, staff, Verdict.DIFFERENT, pair, (reason, now))


def take_out(  # noqa: PLR0913 – who takes which report out, why, when, and what follows from it
    store: Store,
    staff: Staff,
    report: str,
    reason: str,
    now: datetime,
    settle: Settle = nothing_more,
) -> None:
    """The report is not of the site at the door that it names: it gets one for itself, and stays
    out of the other. Raises as `say_same`; NotFound, too, where it is in no site with others."""
    _check(staff, reason)
    with store.writing() as tx:
        ids = _claimed(tx, site_records.one_and_its_site(tx, report))
        tx.claim(site_rulings.CLAIM)
        held = sites.last_links(tx, [report]).get(report)
        if held is None or held.undone_at is not None or not held.door:
            raise NotFound
        own = own_site_id(report, held.area)
        said = {"verdict": Verdict.DIFFERENT, "site": own, "other": held.site, "report": report}
        site_rulings.add(tx, {**said, "reason": reason, "staff": staff.staff, "at": now})
        link(tx, {report: key_of(tx, report)}, [report], now, staff.staff)
        settle(tx, ids)
        audit_log.note(tx, AuditEntry(now, staff.staff, "site_split", report, reason))


def take_back(
    store: Store, staff: Staff, n: int, now: datetime, settle: Settle = nothing_more
) -> None:
    """Ruling `n` binds no longer, and each site has what it had. Raises NotAllowed, NotFound, and
    StateChanged if it was taken back before."""
    _check(staff, reason=None)
    with store.writing() as tx:
        ruling = site_rulings.one(tx, n)
        if ruling is None:
            raise NotFound
        ids = _claimed(tx, _linked(tx, ruling))
        tx.claim(site_rulings.CLAIM)
        ruling = site_rulings.one(tx, n)
        if ruling is None or ruling.undone_at is not None:
            raise StateChanged
        before = site_rulings.binding(tx, [ruling.site, ruling.other])
        site_rulings.take_back(tx, n, staff.staff, now)
        _settle(tx, {end for each in before for end in (each.site, each.other)})
        if ruling.report:
            report = ruling.report
            link(tx, {report: key_of(tx, report)}, [report], now, staff.staff)
        settle(tx, ids)
        audit_log.note(tx, AuditEntry(now, staff.staff, "site_undo", ruling.site, str(n)))


def _claimed(tx: Tx, ids: Collection[str]) -> Collection[str]:
    """Claims these records, after the name that whoever moves several of them claims first."""
    tx.claim(followers.CLAIM)
    tx.claim(*(f"record/{id}" for id in ids))
    return ids


def _linked(tx: Tx, ruling: DatabaseRow) -> set[str]:
    """The records whose site may be another one when this ruling is taken back."""
    ends = {ruling.site, ruling.other}
    roots = [row.superseded_by or row.site for end in ends if (row := site_records.site(tx, end))]
    parts = {part for root in roots for part in site_records.parts_of(tx, root)}
    own = {ruling.report} if ruling.report else set()
    return own | site_records.ids_of(tx, parts | ends)


def key_of(tx: Tx, record: str) -> SiteKey | None:
    """The key of a record as it is now; None for one that is no lead. Raises NotFound."""
    body = site_records.body(tx, record)
    if body is None:
        raise NotFound
    return key_of_body(tx, body)


def key_of_body(tx: Tx, body: Any) -> SiteKey | None:
    """The same of its stored content. Raises wire.Unreadable."""
    report, known = wire.validate(Report, body), gazetteer(tx)
    located = locate(report.place, known)
    return site_key(report, located, known) if report.kind in LEADS else None


def _rule(
    store: Store,
    staff: Staff,
    verdict: Verdict,
    pair: tuple[str, str],
    said: tuple[str, datetime],
) -> int:
    reason, now = said
    _check(staff, reason)
    with store.writing() as tx:
        tx.claim(site_rulings.CLAIM)
        if pair[0] == pair[1] or any(site_records.site(tx, one) is None for one in pair):
            raise NotFound
        bound = site_rulings.binding(tx, pair)
        if contradicted(bound, verdict, *pair):
            raise StateChanged
        ruling = {"verdict": verdict, "site": pair[0], "other": pair[1], "reason": reason}
        n = site_rulings.add(tx, ruling | {"staff": staff.staff, "at": now})
        _settle(tx, {*pair, *(end for each in bound for end in (each.site, each.other))})
        what = f"site_{verdict.lower()}"
        audit_log.note(tx, AuditEntry(now, staff.staff, what, "/".join(pair), reason))
    return n


def _settle(tx: Tx, ends: set[str]) -> None:
    """Writes which site stands for each of these, by the rulings that bind them."""
    merged = successors(site_rulings.binding(tx, ends))
    site_rulings.supersede(tx, {site: merged.get(site) for site in sorted(ends)})


def _check(staff: Staff, reason: str | None) -> None:
    if Permission.DECIDE not in permissions(staff.role):
        raise NotAllowed
    if reason is None:
        return
    if flaw := text_flaw(reason, MOST_NOTE, needed="reason_needed", without_rooms=True):
        raise BadDecision(flaw.code, flaw.spans)
