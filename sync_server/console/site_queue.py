"""GET /sites: leads that do not say their door, each beside the place that it may be of; POST
/sites says that they are the same, or not; the way to ask the worker is the record's own form."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from contract.cases import CaseState
from sync_server.console.access import needs
from sync_server.console.context import ConsoleContext
from sync_server.console.decision_form import flaw_words
from sync_server.console.forms import Form, check_token, read_form
from sync_server.console.printer import PRIVATE, now, wording_of
from sync_server.console.record_list import order_number
from sync_server.console.record_parts import report_of
from sync_server.console.report_lines import Difference, differences
from sync_server.console.sessions import Visitor
from sync_server.console.site_view import readable_leads
from sync_server.console.words import Wording
from sync_server.domain.roles import Permission
from sync_server.domain.site_rulings import Verdict
from sync_server.problems import BadDecision, StateChanged
from sync_server.sites.rulings import say_different, say_same
from sync_server.sites.suggesting import LikelySite, suggestions
from sync_server.store import site_records, site_rulings
from sync_server.store.engine import Tx

MOST_NUMBER = 2**31  # of rulings
SIZE = 20  # records that are looked at for one page
SAYING = {Verdict.SAME.value: say_same, Verdict.DIFFERENT.value: say_different}


@dataclass(frozen=True, slots=True)
class SuggestionPair:
    """A lead and the newest lead of the place that it may be of, with their differences, and the
    evidence in words."""

    record: str
    number: str
    place: str
    site: str
    other: str
    other_number: str
    other_place: str
    reports: int
    percent: int
    evidence: Sequence[tuple[str, str]]  # words, and "for" or "against"
    rows: Sequence[Difference]
    may_ask: bool  # the worker may still add to it


@dataclass(frozen=True, slots=True)
class EnteredRuling:
    """What was entered and not accepted, to be shown again, and why."""

    site: str = ""
    verdict: str = ""
    reason: str = ""
    messages: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class RulingBar:
    """Offers to take back what this visitor has just said."""

    n: int
    words: str
    site: str


def routes(router: APIRouter, console: ConsoleContext) -> None:
    @router.get("/sites")
    @needs(Permission.READ_EVERYWHERE)
    def show(request: Request) -> Response:
        return _page(console, request)

    @router.post("/sites")
    @needs(Permission.DECIDE)
    def say(request: Request, form: Annotated[Form, Depends(read_form)]) -> Response:
        visitor = console.visitor(request)
        check_token(form, visitor.csrf)
        return _said(console, request, visitor, form)


def _said(console: ConsoleContext, request: Request, visitor: Visitor, form: Form) -> Response:
    """Goes on with the queue, where what was said can be taken back; or shows it again."""
    pair = (form.get("site", "")[:16], form.get("other", "")[:16])
    verdict, reason = form.get("verdict", ""), form.get("reason", "").strip()
    try:
        if (saying := SAYING.get(verdict)) is None:
            raise BadDecision("verdict_needed")
        n = saying(console.store, visitor.staff, pair, reason, now())
    except BadDecision as bad:
        words = flaw_words((bad.code,), wording_of(request))
        return _page(console, request, EnteredRuling(pair[0], verdict, reason, words), bad.status)
    except StateChanged as conflict:
        words = [wording_of(request).say("site.contradicted")]
        entered = EnteredRuling(pair[0], verdict, reason, words)
        return _page(console, request, entered, conflict.status)
    before = order_number(request.query_params.get("before"))
    older = f"&before={before}" if before is not None else ""
    return RedirectResponse(f"/sites?ruled={n}{older}", 303, PRIVATE)


def _page(
    console: ConsoleContext,
    request: Request,
    entered: EnteredRuling = EnteredRuling(),
    status: int = 200,
) -> Response:
    visitor, wording, asked = console.visitor(request), wording_of(request), request.query_params
    before = order_number(asked.get("before"))
    with console.store.reading() as tx:
        found, following = suggestions(tx, before, SIZE)
        pairs = [pair for one in found if (pair := _pair(tx, one, wording))]
        bar = _bar(tx, order_number(asked.get("ruled")), visitor, wording)
    values = {
        "title": wording.say("sites.title"),
        "section": "sites",
        "pairs": pairs,
        "older": f"/sites?before={following}" if following is not None else "",
        "action": "/sites" if before is None else f"/sites?before={before}",
        "may_rule": Permission.DECIDE in visitor.permissions,
        "entered": entered,
        "ruled": bar,
    }
    return console.printer.page(request, "sites.html", values, status)


def _bar(tx: Tx, n: int | None, visitor: Visitor, wording: Wording) -> RulingBar | None:
    """None for a ruling that somebody else made, or that was taken back."""
    ruling = site_rulings.one(tx, n) if n is not None and n < MOST_NUMBER else None
    if ruling is None or ruling.undone_at is not None or ruling.staff != visitor.staff.staff:
        return None
    return RulingBar(n or 0, wording.say(f"site.ruled.{ruling.verdict.lower()}"), ruling.other)


def _pair(tx: Tx, one: LikelySite, wording: Wording) -> SuggestionPair | None:
    """None if no lead of the other place can be read."""
    parts = site_records.parts_of(tx, one.candidate.site)
    others = readable_leads(site_records.members(tx, parts, None))
    if not others:
        return None
    newest = others[0]
    return SuggestionPair(
        record=one.record.id,
        number=one.record.number,
        place=one.record.place,
        site=one.site,
        other=one.candidate.site,
        other_number=newest.row.number,
        other_place=newest.row.place,
        reports=len(others),
        percent=int(100 * one.candidate.probability),
        evidence=_evidence(one, wording),
        rows=differences(report_of(one.record), newest.report, wording),
        may_ask=one.record.state == CaseState.REPORTED,
    )


def _evidence(one: LikelySite, wording: Wording) -> list[tuple[str, str]]:
    """What speaks for it and against it, the weightiest first; what says nothing is left out."""
    told = [(code, weight) for code, weight in one.candidate.evidence if abs(weight) >= 0.3]
    ordered = sorted(told, key=lambda each: -abs(each[1]))
    return [
        (wording.say(f"evidence.{code}"), "for" if weight > 0 else "against")
        for code, weight in ordered
    ]
