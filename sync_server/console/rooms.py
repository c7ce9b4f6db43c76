"""Composes the console: one file per action, all under one guard."""

from fastapi import APIRouter

from sync_server.console import audit_log, decide, inbox, language, photo, record, sign_in
from sync_server.console.desk import Desk, Pictures
from sync_server.console.paper import Printer
from sync_server.console.trouble import guarded
from sync_server.settings import Settings
from sync_server.store.engine import Store
from sync_server.store.places import bureau_name


def rooms(store: Store, settings: Settings, photos: Pictures) -> APIRouter:
    """Every page of the console, to be mounted at the root; its static files go to /static."""

    def name() -> str:
        with store.reading() as tx:
            return bureau_name(tx)

    printer = Printer(name)
    router = APIRouter(route_class=guarded(printer), include_in_schema=False)
    desk = Desk(store, settings, photos, printer)
    language.routes(router)
    for action in (sign_in, inbox, record, decide, photo, audit_log):
        action.routes(router, desk)
    return router
