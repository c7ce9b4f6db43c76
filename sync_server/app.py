"""Builds the server: opens store and photo folder, adds the phone's addresses and the console."""

import asyncio
import contextlib
import functools
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Response
from fastapi.responses import RedirectResponse
from fastapi.staticfiles import StaticFiles
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Receive, Scope, Send

from sync_server import console, problem_responses
from sync_server.accounts import bureau_key
from sync_server.accounts.throttle import sweep_forever
from sync_server.auditing.anchors import Anchors
from sync_server.auditing.repeats import add_repeats_forever
from sync_server.casework.case_rules import recompute_forever
from sync_server.casework.record_counts import count_forever
from sync_server.casework.retention import purge_forever
from sync_server.field_app import files as field_app
from sync_server.phone_api import openapi, routes
from sync_server.photos import routes as photo_routes
from sync_server.photos import tus
from sync_server.photos.thumbnails import ThumbnailMaker
from sync_server.photos.uploads import Uploads
from sync_server.settings import Clock, Settings, server_clock
from sync_server.store.engine import Store
from sync_server.store.photo_folder import PhotoFolder
from sync_server.store.sealing import with_key
from sync_server.store.thumbnail_folder import ThumbnailFolder
from sync_server.web.app_host import AppHost
from sync_server.web.security_headers import HeadLikeGet, SecurityHeaders

STATIC = Path(__file__).parent / "console/static"


class Bureau(FastAPI):
    """FastAPI with `entry`: the ASGI application that sees each request first. The fast paths of
    sync calls and photos wrap it, so that these pass none of the middleware that pages need."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.entry: ASGIApp = super().__call__

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self.entry(scope, receive, send)
        except ClientDisconnect:
            return  # nobody is there to be answered, and nothing of ours is broken
        except Exception as error:
            if scope["type"] != "http":
                raise
            # It has been answered. uvicorn would log its message, which may be what was typed on
            # a phone.
            problem_responses.log_unforeseen(scope["method"], scope["path"], error)


def build_app(settings: Settings, clock: Clock = server_clock) -> Bureau:
    """The server with these settings; opens the database and runs its migrations. Raises UnfitKey
    if the key of what phones sent is gone or another one."""
    store = with_key(Store.open(settings.database, settings.bureau), settings.key_file)
    folder = PhotoFolder(settings.photos, settings.bureau)
    anchors = Anchors(store, settings, clock)
    key = bureau_key.public_key(store)
    phone_api = routes.PhoneApi(store, settings, folder, clock, anchors, key)
    work_lock = asyncio.Lock()  # shared by sync calls and photos: see Batcher
    photos = tus.TusEndpoint(Uploads(store, folder, settings.limits), clock, work_lock)
    thumbnails = ThumbnailMaker(folder, ThumbnailFolder(settings.photos, settings.bureau))

    sweeping = photos.sweep_forever, thumbnails.sweep_forever
    deadlines = functools.partial(recompute_forever, store, settings.levels)
    purging = functools.partial(purge_forever, store, settings.retention, clock)
    lifespan = _lifespan(store, clock, *sweeping, anchors.renew_forever, deadlines, purging)
    app = Bureau(title="xuncha", openapi_url=None, redirect_slashes=False, lifespan=lifespan)
    routes.add_routes(app.router, phone_api)
    pages = console.all_pages(store, settings, thumbnails)
    app.include_router(pages)
    _add_middleware(app, settings)
    sync = routes.SyncFastPath(app.entry, phone_api, work_lock)
    app.entry = photo_routes.PhotoFastPath(sync, photos)
    _add_service_routes(app)
    _add_field_app(app, settings.field_app)
    problem_responses.install(app, pages.routes, console.refusal_page(store))
    return app


def _add_middleware(app: Bureau, settings: Settings) -> None:
    app.add_middleware(HeadLikeGet)
    app.add_middleware(AppHost, host=settings.app_host)
    app.add_middleware(SecurityHeaders, is_https=settings.is_https)


def _lifespan(
    store: Store, clock: Clock, *beside: Callable[[], Coroutine[None, None, None]]
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """What runs beside the requests, and closes the database at the end."""

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        own = [work(store, clock) for work in (sweep_forever, count_forever, add_repeats_forever)]
        async with background_tasks(*own, *(work() for work in beside)):
            yield
        await asyncio.to_thread(store.close)

    return lifespan


@contextlib.asynccontextmanager
async def background_tasks(*coroutines: Coroutine[None, None, None]) -> AsyncIterator[None]:
    """Runs these coroutines while the block runs."""
    tasks = [asyncio.create_task(coroutine) for coroutine in coroutines]
    yield
    for task in tasks:
        task.cancel()


def _add_field_app(app: FastAPI, folder: Path) -> None:
    """The field app for browsers, where it was built (make app, or the wheel has it)."""
    if built := field_app.found(folder):
        app.add_api_route("/app", lambda: RedirectResponse("/app/"), include_in_schema=False)
        app.mount("/app", field_app.FieldAppFiles(built))


def _add_service_routes(app: FastAPI) -> None:
    document = openapi.document()

    async def health() -> Response:
        return Response(b"ok\n", media_type="text/plain")

    async def openapi_document() -> Response:
        return Response(document, media_type="application/json")

    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_api_route("/healthz", health)
    app.add_api_route("/v1/openapi.json", openapi_document)
