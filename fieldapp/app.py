"""Builds the app: the adapters for the state, the state for the screens."""

import os
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import flet as ft

from fieldapp.adapters.centerface_spotter import CenterfaceSpotter
from fieldapp.adapters.ciphers import AesCipher
from fieldapp.adapters.flet_battery import FletBattery
from fieldapp.adapters.flet_biometrics import biometrics
from fieldapp.adapters.flet_camera import FletCamera
from fieldapp.adapters.flet_geolocator import FletLocator
from fieldapp.adapters.flet_page import clipboard_writer, navigator, on_wifi, theme_setter
from fieldapp.adapters.flet_safe import FletSafe
from fieldapp.adapters.folder_album import FolderAlbum
from fieldapp.adapters.httpx_link import HttpxLink
from fieldapp.adapters.pillow_darkroom import PillowDarkroom
from fieldapp.adapters.sqlite_notebook import SqliteNotebook
from fieldapp.adapters.system_clock import SystemClock
from fieldapp.adapters.zbar_scanner import scanner
from fieldapp.courier.courier import Courier
from fieldapp.device import storage_key, wipe_record
from fieldapp.device.moving import move_token
from fieldapp.device.wipe import finish_wipe
from fieldapp.memory.memory import Memory
from fieldapp.ports import Cipher, Safe
from fieldapp.routes import App
from fieldapp.screens.no_safe import NoSafe
from fieldapp.screens.wiped import Wiped
from fieldapp.state import FieldState, Kit
from fieldapp.state.paths import HOME, PLACE
from fieldapp.ui import theme
from fieldapp.ui.measure import text_scale_probe, viewport_of
from fieldapp.ui.viewport import Viewport

# One for all phones of one web server: the spotter looks at one photo at a time, and the scanner's
# library is searched for in the system.
SPOTTER = CenterfaceSpotter(Path(__file__).parent.parent / "assets/models/centerface")
SCANNER = scanner()
AWAY = {ft.AppLifecycleState.HIDE, ft.AppLifecycleState.PAUSE}


def set_theme(page: ft.Page) -> None:
    """Before the first frame, else the client looks for a Chinese font on the network."""
    page.title = "巡查"
    page.theme, page.dark_theme = theme.theme(theme.LIGHT), theme.theme(theme.DARK)
    page.theme_mode = ft.ThemeMode.SYSTEM
    chinese, english = ft.Locale("zh", "CN"), ft.Locale("en", "US")
    page.locale_configuration = ft.LocaleConfiguration(
        supported_locales=[chinese, english], current_locale=chinese
    )


async def on_phone(page: ft.Page) -> None:
    """On a phone the app's own storage is the folder; nothing else may purge it."""
    folder = Path(os.environ.get("FLET_APP_STORAGE_DATA", "var/phone"))
    place = Installation(folder, os.environ.get("XUNCHA_SERVER", ""), FletSafe())
    await begin(page, place)


@dataclass(frozen=True, slots=True)
class Installation:
    """The phone's folder and safe, and the address of its bureau unless it was told another."""

    folder: Path
    address: str
    safe: Safe


async def begin(page: ft.Page, place: Installation) -> None:
    """Opens the app, or says why not. Without the storage key nothing is opened, and no notebook
    is begun beside the one that the key would open."""
    clock, viewport = SystemClock(), viewport_of(page, Viewport())
    try:
        if word := await finish_wipe(place.folder, place.safe):
            page.render_views(Wiped, word, lambda: page.run_task(start_over, page, place), viewport)
            return
        cipher = AesCipher(await storage_key.load_or_create(place.safe, clock.entropy))
    except OSError:
        page.render_views(NoSafe, lambda: page.run_task(begin, page, place), viewport)
        return
    await open_app(page, place, cipher)


async def open_app(page: ft.Page, place: Installation, cipher: Cipher) -> None:
    """Renders the screens and starts what runs beside them."""
    place.folder.mkdir(parents=True, exist_ok=True)
    network = ft.Connectivity(on_change=sync_on_network(lambda: state))
    tasks: list[Any] = []
    kit = kit_of(page, place, cipher, network)
    state = FieldState(replace(kit, restart=restarter(page, place, tasks)))
    await move_token(state.kit.memory, place.safe)
    state.viewport, state.sync.battery = viewport_of(page, state.viewport), FletBattery()
    await state.open()
    if page.route.startswith(PLACE) and not state.draft.entry:
        await page.push_route(HOME)
    page.on_view_pop = lambda _: state.back(page.route)
    page.on_resize = lambda event: state.resized(event.width, event.height)
    page.overlay[:] = [text_scale_probe(state.scale_text)]  # one, though the app may begin again
    page.on_app_lifecycle_state_change = on_lifecycle(state)
    page.render_views(App, (state,))
    tasks += [page.run_task(state.sync.run_repeatedly), page.run_task(state.patrol.watch_clock)]
    page.on_disconnect = page.on_close = lambda _: on_disconnect(state, tasks)
    page.run_task(state.sync.run)
    if page.route.startswith(PLACE):
        page.run_task(state.draft.locate_again)


def on_disconnect(state: FieldState, tasks: list[Any]) -> None:
    """The page has gone."""
    state.page_gone()
    for task in tasks:
        task.cancel()


def restarter(page: ft.Page, place: Installation, tasks: list[Any]) -> Callable[[], None]:
    """Returns what a revoked phone calls: it stops what is under way and begins the app again."""

    def end() -> None:
        for task in tasks:
            task.cancel()
        page.run_task(begin, page, place)

    return end


async def start_over(page: ft.Page, place: Installation) -> None:
    """The worker has read what became of this phone's content: it is a new phone from here on."""
    with suppress(OSError):  # else it is said once more
        await wipe_record.forget(place.safe)
    await begin(page, place)
    await page.push_route(HOME)


def kit_of(page: ft.Page, place: Installation, cipher: Cipher, network: ft.Connectivity) -> Kit:
    clock = SystemClock()
    notebook = SqliteNotebook(place.folder / "notebook.db", cipher)
    album = FolderAlbum(place.folder / "album", cipher)
    memory = Memory(notebook)
    return Kit(
        notebook=notebook,
        album=album,
        darkroom=PillowDarkroom(),
        spotter=SPOTTER,
        locator=FletLocator(),
        camera=FletCamera(web=page.web),
        courier=Courier(notebook, album, HttpxLink(memory, safe=place.safe), clock, place.safe),
        clock=clock,
        memory=memory,
        navigate=navigator(page),
        set_theme=theme_setter(page),
        on_wifi=on_wifi(page, network),
        copy=clipboard_writer(ft.Clipboard()),
        address=place.address,
        model=page.platform.value if page.platform else "",
        safe=place.safe,
        scanner=SCANNER,
        biometrics=biometrics(page),
    )


def sync_on_network(
    state: Callable[[], FieldState],
) -> Callable[[ft.ConnectivityChangeEvent], Awaitable[None]]:
    """A network has come back, or another one: what waits is sent now. `state` is called only then,
    for the state needs the connectivity service first."""

    async def changed(event: ft.ConnectivityChangeEvent) -> None:
        if set(event.connectivity) - {ft.ConnectivityType.NONE}:
            await state().sync.run()

    return changed


def on_lifecycle(state: FieldState) -> Callable[[ft.AppLifecycleStateChangeEvent], Awaitable[None]]:
    async def wake(event: ft.AppLifecycleStateChangeEvent) -> None:
        if event.state in AWAY:
            state.lock.leave(state.now())
        if event.state is ft.AppLifecycleState.RESUME:
            state.lock.come_back(state.now(), state.settings.chosen.lock_after)
            await state.sync.run()

    return wake
