"""Composes the phone: gives adapters to the state, and the state to the screens."""

import os
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import flet as ft

from fieldapp.adapters.centerface_spotter import CenterfaceSpotter
from fieldapp.adapters.ciphers import AesCipher
from fieldapp.adapters.flet_battery import FletBattery
from fieldapp.adapters.flet_biometrics import biometrics
from fieldapp.adapters.flet_camera import FletCamera
from fieldapp.adapters.flet_geolocator import FletLocator
from fieldapp.adapters.flet_page import clipboard_writer, kinds, navigator, on_wifi, theme_setter
from fieldapp.adapters.flet_safe import FletSafe
from fieldapp.adapters.folder_album import FolderAlbum
from fieldapp.adapters.httpx_link import HttpxLink
from fieldapp.adapters.phone_folder import ALBUM, NOTEBOOK, PhoneFolder
from fieldapp.adapters.pillow_darkroom import PillowDarkroom
from fieldapp.adapters.sqlite_notebook import SqliteNotebook
from fieldapp.adapters.system_clock import SystemClock
from fieldapp.adapters.zbar_scanner import scanner
from fieldapp.courier.courier import Courier, TripPorts
from fieldapp.device import storage_key, wipe_record
from fieldapp.device.access_token import StoredCredentials
from fieldapp.device.wipe import finish_wipe
from fieldapp.memory.memory import Memory
from fieldapp.ports import Cipher, Safe, StorageFailure
from fieldapp.routes import App
from fieldapp.screens.no_safe import NoSafe
from fieldapp.screens.wiped import Wiped
from fieldapp.state import FieldState, Kit
from fieldapp.state.paths import HOME, PLACE
from fieldapp.ui import theme
from fieldapp.ui.measure import text_scale_probe, viewport_of
from fieldapp.ui.viewport import Viewport

# Shared by all phones of one web server: the spotter takes one photo at a time, and zbar is looked
# for only once.
SPOTTER = CenterfaceSpotter(Path(__file__).parent.parent / "assets/models/centerface")
SCANNER = scanner()
AWAY = {ft.AppLifecycleState.HIDE, ft.AppLifecycleState.PAUSE}


def set_theme(page: ft.Page) -> None:
    """Call it before the first frame, else the client looks for a Chinese font on the network."""
    page.title = "巡查"
    page.theme, page.dark_theme = theme.theme(theme.LIGHT), theme.theme(theme.DARK)
    page.theme_mode = ft.ThemeMode.SYSTEM
    chinese, english = ft.Locale("zh", "CN"), ft.Locale("en", "US")
    page.locale_configuration = ft.LocaleConfiguration(
        supported_locales=[chinese, english], current_locale=chinese
    )


async def on_phone(page: ft.Page) -> None:
    """The app on a phone, in the app's own storage, which the system does not clean up."""
    folder = Path(os.environ.get("FLET_APP_STORAGE_DATA", "var/phone"))
    installation = Installation(folder, os.environ.get("XUNCHA_SERVER", ""), FletSafe())
    await start_app(page, installation)


@dataclass(frozen=True, slots=True)
class Installation:
    """Where a phone keeps its files and its secrets. `address` is that of the bureau's server
    unless an invitation names another; "" if none is known."""

    folder: Path
    address: str
    safe: Safe


async def start_app(page: ft.Page, installation: Installation) -> None:
    """Opens the app; or tells that the phone was wiped, or that the safe does not answer. Without
    the key nothing is opened, and nothing is begun anew beside what it has sealed."""
    clock, viewport = SystemClock(), viewport_of(page, Viewport())
    try:
        if record := await finish_wipe(installation.safe, PhoneFolder(installation.folder)):
            again = partial(page.run_task, start_after_wipe, page, installation)
            page.render_views(Wiped, record, again, viewport)
            return
        cipher = AesCipher(await storage_key.load_or_create(installation.safe, clock.entropy))
    except OSError:
        return show_not_opened(page, installation, "safe_shut")
    await open_app(page, installation, cipher)


async def open_app(page: ft.Page, installation: Installation, cipher: Cipher) -> None:
    """Renders the screens over what the phone keeps, and syncs."""
    try:
        ports = open_ports(installation, cipher)
    except StorageFailure as failure:
        return show_not_opened(page, installation, failure.code)
    network = ft.Connectivity(on_change=sync_on_network(lambda: state))
    tasks: list[Any] = []
    kit = build_kit(page, installation.address, ports, network)
    state = FieldState(replace(kit, restart=restarter(page, installation, tasks)))
    state.viewport, state.sync.battery = viewport_of(page, state.viewport), FletBattery()
    await state.open()
    if page.route.startswith(PLACE) and not state.draft.entry:
        await page.push_route(HOME)
    page.on_view_pop = lambda _: state.back(page.route)
    page.on_resize = lambda event: state.resized(event.width, event.height)
    # Replaces the list, for the app may have been started on this page before.
    page.overlay[:] = [text_scale_probe(state.scale_text)]
    page.on_app_lifecycle_state_change = on_lifecycle(state)
    page.render_views(App, (state,))
    tasks += [page.run_task(state.sync.run_repeatedly), page.run_task(state.patrol.watch_clock)]
    page.on_disconnect = page.on_close = lambda _: on_disconnect(state, tasks)
    page.run_task(state.sync.run)
    if page.route.startswith(PLACE):
        page.run_task(state.draft.locate_again)


def show_not_opened(page: ft.Page, installation: Installation, code: str) -> None:
    """Tells why nothing was opened, with a button to try again."""
    retry = partial(page.run_task, start_app, page, installation)
    page.render_views(NoSafe, retry, viewport_of(page, Viewport()), code)


def on_disconnect(state: FieldState, tasks: list[Any]) -> None:
    """Stops what runs for a page that was closed."""
    state.page_gone()
    for task in tasks:
        task.cancel()


def restarter(page: ft.Page, installation: Installation, tasks: list[Any]) -> Callable[[], None]:
    """A function that stops `tasks` and starts the app again, for a phone that has wiped itself."""

    def restart() -> None:
        for task in tasks:
            task.cancel()
        page.run_task(start_app, page, installation)

    return restart


async def start_after_wipe(page: ft.Page, installation: Installation) -> None:
    """The worker has read that the phone was wiped: it starts as a new one."""
    with suppress(OSError):  # else it is told once more
        await wipe_record.forget(installation.safe)
    await start_app(page, installation)
    await page.push_route(HOME)


def open_ports(installation: Installation, cipher: Cipher) -> TripPorts:
    """What this phone keeps, opened with its key, and its link to the bureau. Raises
    StorageFailure."""
    notebook = SqliteNotebook.whole(installation.folder / NOTEBOOK, cipher)
    memory = Memory(notebook)
    memory.settle_damage()
    return TripPorts(
        notebook=notebook,
        memory=memory,
        album=FolderAlbum(installation.folder / ALBUM, cipher),
        link=HttpxLink(StoredCredentials(memory, installation.safe)),
        clock=SystemClock(),
        safe=installation.safe,
    )


def build_kit(page: ft.Page, address: str, ports: TripPorts, network: ft.Connectivity) -> Kit:
    """What the state works with, on this page."""
    return Kit(
        notebook=ports.notebook,
        album=ports.album,
        darkroom=PillowDarkroom(),
        spotter=SPOTTER,
        locator=FletLocator(),
        camera=FletCamera(web=page.web),
        courier=Courier(ports),
        clock=ports.clock,
        memory=ports.memory,
        navigate=navigator(page),
        set_theme=theme_setter(page),
        on_wifi=on_wifi(page, network),
        copy=clipboard_writer(ft.Clipboard()),
        address=address,
        model=page.platform.value if page.platform else "",
        safe=ports.safe,
        scanner=SCANNER,
        biometrics=biometrics(page),
    )


def sync_on_network(
    state: Callable[[], FieldState],
) -> Callable[[ft.ConnectivityChangeEvent], Awaitable[None]]:
    """A handler that syncs when there is a network again, or another one. `state` is called at each
    event, because the state is made after the handler."""

    async def on_change(event: ft.ConnectivityChangeEvent) -> None:
        if kinds(event.connectivity) != {ft.ConnectivityType.NONE}:
            await state().sync.run()

    return on_change


def on_lifecycle(state: FieldState) -> Callable[[ft.AppLifecycleStateChangeEvent], Awaitable[None]]:
    """A handler that locks the app when it was away too long, and syncs when it comes back."""

    async def on_change(event: ft.AppLifecycleStateChangeEvent) -> None:
        if event.state in AWAY:
            state.lock.leave(state.now())
        if event.state is ft.AppLifecycleState.RESUME:
            state.lock.come_back(state.now(), state.settings.chosen.lock_after)
            await state.sync.run()

    return on_change
