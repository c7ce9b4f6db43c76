"""Builds the server: opens store and photo folder, adds the phone's addresses and the console."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Response
from fastapi.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from sync_server import console, problem_responses
from sync_server.accounts.throttle import sweep_forever
from sync_server.casework.record_counts import count_forever
from sync_server.phone_api import openapi, routes
from sync_server.photos import routes as photo_routes
from sync_server.photos import tus
from sync_server.photos.uploads import Uploads
from sync_server.settings import Clock, Settings, server_clock
from sync_server.store.engine import Store
from sync_server.store.photo_folder import PhotoFolder
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
        except Exception as error:
            if scope["type"] != "http":
                raise
            # It has been answered. uvicorn would log its message, which may be what was typed on
            # a phone.
            problem_responses.log_unforeseen(scope["method"], scope["path"], error)


def build_app(settings: Settings, clock: Clock = server_clock) -> Bureau:
    """The server with these settings; opens the database and runs its migrations."""
    store = Store.open(settings.database, settings.bureau)
    folder = PhotoFolder(settings.photos, settings.bureau)
    phone_api = routes.PhoneApi(store, settings, folder, clock)
    work_lock = asyncio.Lock()  # shared by sync calls and photos: see Batcher
    photos = tus.TusEndpoint(Uploads(store, folder, settings.limits), clock, work_lock)

    lifespan = _lifespan(store, photos, clock)
    app = Bureau(title="xuncha", openapi_url=None, redirect_slashes=False, lifespan=lifespan)
    routes.add_routes(app.router, phone_api)
    pages = console.all_pages(store, settings, folder)
    app.include_router(pages)
    app.add_middleware(HeadLikeGet)
    app.add_middleware(SecurityHeaders, is_https=settings.is_https)
    sync = routes.SyncFastPath(app.entry, phone_api, work_lock)
    app.entry = photo_routes.PhotoFastPath(sync, photos)
    _add_service_routes(app)
    problem_responses.install(app, pages.routes)
    return app


def _lifespan(
    store: Store, photos: tus.TusEndpoint, clock: Clock
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """What runs beside the requests, and closes the database at the end."""

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        sweeping = (photos.sweep_forever(), sweep_forever(store, clock))
        async with background_tasks(*sweeping, count_forever(store, clock)):
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


def _add_service_routes(app: FastAPI) -> None:
    document = openapi.document()

    async def health() -> Response:
        return Response(b"ok\n", media_type="text/plain")

    async def openapi_document() -> Response:
        return Response(document, media_type="application/json")

    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_api_route("/healthz", health)
    app.add_api_route("/v1/openapi.json", openapi_document)
