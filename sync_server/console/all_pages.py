"""Puts the pages of the console together, with one place that turns exceptions into pages."""

from fastapi import APIRouter

from sync_server.console import audit_log, decide, inbox, language, photo, record, sign_in
from sync_server.console.context import ConsoleContext, PhotoReader
from sync_server.console.error_pages import guarded
from sync_server.console.printer import Printer
from sync_server.settings import Settings
from sync_server.store.engine import Store
from sync_server.store.places import bureau_name


def all_pages(store: Store, settings: Settings, photos: PhotoReader) -> APIRouter:
    """Routes of all pages, to be mounted at the root. The caller serves the files of `static` under
    /static."""

    def name_of_bureau() -> str:
        with store.reading() as tx:
            return bureau_name(tx)

    printer = Printer(name_of_bureau)
    router = APIRouter(route_class=guarded(printer), include_in_schema=False)
    console = ConsoleContext(store, settings, photos, printer)
    language.routes(router, settings)
    for action in (sign_in, inbox, record, decide, photo, audit_log):
        action.routes(router, console)
    return router
