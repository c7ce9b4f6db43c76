"""Composes the phone: gives adapters to the state, and the state to the screens."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any

import flet as ft

from contract.late_patterns import compile_one_by_one
from contract.unsent_file import SUFFIX
from fieldapp.adapters.flet_battery import FletBattery
from fieldapp.adapters.flet_biometrics import biometrics
from fieldapp.adapters.flet_camera import FletCamera
from fieldapp.adapters.flet_geolocator import FletLocator
from fieldapp.adapters.flet_page import (
    clipboard_writer,
    file_saver,
    kinds,
    navigator,
    on_wifi,
    theme_setter,
)
from fieldapp.adapters.system_clock import SystemClock, uptime
from fieldapp.courier import unsent_file
from fieldapp.courier.courier import Courier, TripPorts
from fieldapp.device import posts, storage_key, wipe_record
from fieldapp.device.access_token import StoredCredentials
from fieldapp.device.wipe import finish_wipe
from fieldapp.memory.memory import Memory
from fieldapp.platforms.installation import Installation, Platform
from fieldapp.ports import Cipher, StorageFailure
from fieldapp.routes import App
from fieldapp.screens.no_safe import NoSafe
from fieldapp.screens.wiped import Wiped
from fieldapp.state import FieldState, Kit
from fieldapp.state.paths import HOME, PLACE
from fieldapp.ui import theme
from fieldapp.ui.measure import text_scale_probe, viewport_of
from fieldapp.ui.viewport import Viewport

IDLE_AFTER_S, BETWEEN_S = 3.0, 0.05
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


async def start_app(page: ft.Page, installation: Installation) -> None:
    """Opens the app; or tells that the phone was wiped, or that the safe does not answer. Without
    the key nothing is opened, and nothing is begun anew beside what it has sealed."""
    clock, viewport = SystemClock(), viewport_of(page, Viewport())
    try:
        installation = installation.room((await posts.load(installation.phone.safe)).current)
        files = installation.platform.files(installation.folder)
        if record := await finish_wipe(installation.safe, files):
            again = partial(page.run_task, start_after_wipe, page, installation)
            page.render_views(Wiped, record, again, viewport)
            return
        key = await storage_key.load_or_create(installation.safe, clock.entropy)
    except OSError:
        return show_not_opened(page, partial(page.run_task, start_app, page, installation))
    await open_app(page, installation, installation.platform.cipher(key))
    page.run_task(compile_patterns)


async def compile_patterns() -> None:
    """Once the first screen stands and nobody waits: else whoever writes the first note would."""
    await asyncio.sleep(IDLE_AFTER_S)
    for _ in compile_one_by_one():
        await asyncio.sleep(BETWEEN_S)


async def open_app(page: ft.Page, installation: Installation, cipher: Cipher) -> None:
    """Renders the screens over what the phone keeps, and syncs."""
    try:
        ports = open_ports(installation, cipher)
    except StorageFailure as failure:
        again = partial(page.run_task, start_app, page, installation)
        return show_not_opened(page, again, failure.code)
    network = ft.Connectivity(on_change=sync_on_network(lambda: state))
    tasks = list[Any]()
    kit = with_storage(build_kit(page, installation, ports, network), installation, ports)
    state = FieldState(replace(kit, restart=restarter(page, installation, tasks)))
    state.viewport, state.sync.battery = viewport_of(page, state.viewport), FletBattery()
    await state.open()
    if page.route.startswith(PLACE) and not state.draft.entry:
        await page.push_route(HOME)
    page.on_view_pop = on_view_pop(page, state)
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


def on_view_pop(page: ft.Page, state: FieldState) -> Callable[[ft.ViewPopEvent], Awaitable[None]]:
    async def back(_: ft.ViewPopEvent) -> None:
        await state.back(page.route)

    return back


def show_not_opened(page: ft.Page, retry: Callable[[], Any], code: str = "safe_shut") -> None:
    """Tells why nothing was opened, with a button to try again."""
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
        if installation.platform.restart:
            return installation.platform.restart()
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
    platform = installation.platform
    notebook = platform.notebook(installation.folder, cipher)
    memory = Memory(notebook)
    memory.settle_damage()
    return TripPorts(
        notebook=notebook,
        memory=memory,
        album=platform.album(installation.folder, cipher),
        link=platform.link(StoredCredentials(memory, installation.safe), installation.only),
        clock=SystemClock(),
        safe=installation.safe,
    )


def build_kit(
    page: ft.Page, installation: Installation, ports: TripPorts, network: ft.Connectivity
) -> Kit:
    """What the state works with, on this page."""
    return Kit(
        notebook=ports.notebook,
        album=ports.album,
        darkroom=installation.platform.darkroom,
        spotter=installation.platform.spotter,
        locator=FletLocator(),
        camera=FletCamera(web=page.web),
        courier=Courier(ports),
        clock=ports.clock,
        memory=ports.memory,
        navigate=navigator(page),
        set_theme=theme_setter(page),
        on_wifi=on_wifi(page, network),
        copy=clipboard_writer(ft.Clipboard()),
        address=installation.address,
        model=page.platform.value if page.platform else "",
        safe=ports.safe,
        scanner=installation.platform.scanner,
        slow_hash=installation.platform.slow_hash,
        biometrics=biometrics(page),
        uptime=uptime,
    )


def with_storage(kit: Kit, installation: Installation, ports: TripPorts) -> Kit:
    """The kit with what it can do about things that are unsent where this system may delete them,
    or where another worker takes the phone over."""
    platform = installation.platform
    save = unsent_saver(ports, platform, file_saver(ft.FilePicker()))
    phone_safe = installation.phone.safe
    return replace(kit, lasting=platform.lasting, save_unsent=save, phone_safe=phone_safe)


def unsent_saver(
    ports: TripPorts, platform: Platform, save: Callable[[str, bytes], Awaitable[None]]
) -> Callable[[], Awaitable[None]]:
    """A function that gives the worker a file with what waits here. Raises Refused."""

    async def save_unsent() -> None:
        content = await unsent_file.write(ports, platform.agreement, platform.cipher)
        await save(f"{ports.clock.now():%Y%m%d-%H%M}{SUFFIX}", content)

    return save_unsent


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
