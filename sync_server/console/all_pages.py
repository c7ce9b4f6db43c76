"""Puts the pages of the console together, with one place that turns exceptions into pages."""

from collections.abc import Callable

from fastapi import APIRouter, Request
from fastapi.responses import Response

from sync_server.console import (
    alarms,
    audit_log,
    complaint,
    complaints,
    decide,
    handover,
    inbox,
    language,
    patrols,
    phones,
    photo,
    phrases,
    record,
    room,
    sent_texts,
    sign_in,
    site,
    site_queue,
    suggestions,
    tasks,
    undo,
    viewers,
)
from sync_server.console.context import ConsoleContext
from sync_server.console.error_pages import guarded, is_for_a_browser, message_page
from sync_server.console.printer import Printer
from sync_server.photos.thumbnails import ThumbnailMaker
from sync_server.settings import Settings
from sync_server.store.engine import Store
from sync_server.store.fieldwork import unseen_alarms
from sync_server.store.places import bureau_name


def refusal_page(store: Store) -> Callable[[Request, int], Response | None]:
    """Makes the page for an address that is none, or not of this method; None where a program asks
    and not a person."""
    printer = _printer(store)

    def page(request: Request, status: int) -> Response | None:
        is_asked = is_for_a_browser(request)
        return message_page(printer, request, status, "no_such_page") if is_asked else None

    return page


def all_pages(store: Store, settings: Settings, thumbnails: ThumbnailMaker) -> APIRouter:
    """Routes of all pages, to be mounted at the root. The caller serves the files of `static` under
    /static."""
    console = ConsoleContext(store, settings, thumbnails.photos, thumbnails, _printer(store))
    router = APIRouter(route_class=guarded(console), include_in_schema=False)
    language.routes(router, settings)
    of_records = (inbox, record, decide, undo, handover, room, viewers, photo, site_queue, site)
    of_the_field = (alarms, patrols, phones)
    of_asking = (complaints, complaint, tasks, suggestions, phrases)
    of_past = (audit_log, sent_texts)
    for action in (sign_in, *of_records, *of_the_field, *of_asking, *of_past):
        action.routes(router, console)
    return router


def _printer(store: Store) -> Printer:
    def name_of_bureau() -> str:
        with store.reading() as tx:
            return bureau_name(tx)

    def unseen(community: str | None) -> int:
        with store.reading() as tx:
            return unseen_alarms(tx, community)

    return Printer(name_of_bureau, unseen)
