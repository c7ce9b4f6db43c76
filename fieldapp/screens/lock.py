"""The app lock: four digits on big buttons, or a finger or a face, before anything else is seen;
and the screen where it is set."""

import flet as ft

from fieldapp.device.pin import DIGITS
from fieldapp.ports import Question
from fieldapp.screens.context import use_field_state
from fieldapp.screens.enrol import code_screen
from fieldapp.screens.sos import sos_page
from fieldapp.state import FieldState, paths
from fieldapp.state.lock import Lock
from fieldapp.ui import theme
from fieldapp.ui.viewport import Viewport
from fieldapp.ui.words import Speak
from fieldapp.widgets.buttons import button, handler, icon_button, sos_button
from fieldapp.widgets.page import head, page
from fieldapp.widgets.parts import section, spread_row
from fieldapp.widgets.text import announced, body, muted, named, strong
from fieldapp.widgets.tiles import tile, tile_rows

KEYS = "123456789"
DOTS = range(DIGITS)
NARROW = 330  # logical pixels; in a narrower window nothing fits below the dots
DONE = {"lock.done", "lock.gone"}
AFTER = (1, 5, 15)  # minutes away until it locks


@ft.component
def Locked(lock: Lock) -> list[ft.View]:
    state, say = use_field_state()
    ft.on_mounted(handler(lock.recognise, _question(say)))
    forgot = button("forgot", say("lock.forgot"), handler(lock.forget), "quiet", theme.TOUCH)
    return [
        page(
            _title_with_help(state, lock, say),
            [
                _dots(lock, say),
                *([muted(say("lock.sending"))] if state.viewport.width > NARROW else []),
            ],
            [*_pad(lock, say, state.viewport), forgot],
            viewport=state.viewport,
        )
    ]


def _title_with_help(state: FieldState, lock: Lock, say: Speak) -> ft.Control:
    # On the smallest screen there is no other place for the outcome of the last try.
    title = head(_outcome(lock, say) or say("lock.title"), live=True)
    both = spread_row(title, sos_button(say, handler(_help_from, state, lock)))
    both.vertical_alignment = ft.CrossAxisAlignment.START  # of many lines the first stays in sight
    return both


def _help_from(state: FieldState, lock: Lock) -> None:
    state.alarm.noted = None
    lock.call_for_help()


@ft.component
def LockedSos(lock: Lock) -> list[ft.View]:
    """The numbers to call, without the PIN: nothing of a report is on that card."""
    state, say = use_field_state()
    return [sos_page(state, say, handler(lock.call_for_help, False))]


@ft.component
def Forgot(lock: Lock) -> list[ft.View]:
    """A new code from the bureau takes the PIN off; unsent reports stay."""
    state, say = use_field_state()
    return [code_screen(state, say("lock.forgot_lead"), handler(lock.forget, False))]


@ft.component
def AppLock() -> ft.View:
    state, _ = use_field_state()
    return _setting(state.lock)


@ft.component
def _setting(lock: Lock) -> ft.View:
    state, say = use_field_state()
    ft.on_mounted(lock.find_out)
    back = handler(lock.ask, "") if lock.step else handler(state.go, paths.SETTINGS)
    parts, actions = _asked(lock, say, state.viewport) if lock.step else _choices(lock, say)
    if not lock.step and lock.pin:
        parts += [*_after(say), *_biometrics(lock, say)]
    return page(
        head(say("settings.lock"), None, back, say("back")), parts, actions, viewport=state.viewport
    )


def _asked(lock: Lock, say: Speak, viewport: Viewport) -> tuple[list[ft.Control], list[ft.Control]]:
    words = say({"off": "lock.old"}.get(lock.step, f"lock.{lock.step}"))
    return [strong(words), *_typed(lock, say)], _pad(lock, say, viewport)


def _choices(lock: Lock, say: Speak) -> tuple[list[ft.Control], list[ft.Control]]:
    colour = theme.OK if lock.outcome in DONE else theme.DANGER
    outcome = [announced("said", strong(say(lock.outcome), colour))] if lock.outcome else []
    lead: list[ft.Control] = [*outcome, body(say("lock.lead")), muted(say("lock.limits"))]
    if not lock.pin:
        return lead, [button("pin-set", say("lock.set"), handler(lock.ask, "new"))]
    return lead, [
        button("pin-off", say("lock.off"), handler(lock.ask, "off"), "quiet"),
        button("pin-set", say("lock.change"), handler(lock.ask, "old")),
    ]


def _after(say: Speak) -> list[ft.Control]:
    state, _ = use_field_state()

    def chosen(minutes: int) -> ft.Control:
        held = state.settings.chosen.lock_after == minutes
        verb = handler(lambda: state.settings.change(lock_after=minutes))
        return tile(f"after-{minutes}", say("lock.minutes", n=minutes), verb, chosen=held)

    return section(say("lock.after"), tile_rows([chosen(minutes) for minutes in AFTER]))


def _biometrics(lock: Lock, say: Speak) -> list[ft.Control]:
    """[] where the phone cannot recognise anybody, unless it could when this was chosen."""
    held = bool(lock.pin and lock.pin.biometrics)
    if not (lock.can_recognise or held):
        return []
    yes = tile("biometrics-on", say("lock.on"), handler(lock.trust, _question(say)), chosen=held)
    no = tile("biometrics-off", say("lock.not"), handler(lock.distrust), chosen=not held)
    return [*section(say("lock.biometrics"), tile_rows([yes, no], 2)), muted(say("lock.anybody"))]


def _question(say: Speak) -> Question:
    return Question(say("app.name"), say("lock.reason"), say("lock.by_pin"))


def _typed(lock: Lock, say: Speak) -> list[ft.Control]:
    outcome = _outcome(lock, say)
    return [
        _dots(lock, say),
        *([announced("said", strong(outcome, theme.DANGER))] if outcome else []),
    ]


def _outcome(lock: Lock, say: Speak) -> str:
    """The outcome of the last try; "" if there is none."""
    return say(lock.outcome) if lock.outcome else ""


def _dots(lock: Lock, say: Speak) -> ft.Control:
    """How many digits are typed, never which; or how long it is until the next try, which is not
    read aloud each second."""
    if lock.wait:
        left = f"{lock.wait // 60}:{lock.wait % 60:02d}"
        return named("wait", strong(say("lock.wait", time=left)))
    icons = [ft.Icons.CIRCLE if n < len(lock.typed) else ft.Icons.CIRCLE_OUTLINED for n in DOTS]
    dots: list[ft.Control] = [ft.Icon(icon, size=34, color=theme.INK) for icon in icons]
    line = ft.Row(dots, spacing=theme.GAP, alignment=ft.MainAxisAlignment.CENTER)
    return ft.Semantics(
        identifier="dots", container=True, label=say("lock.typed", n=len(lock.typed)), content=line
    )


def _pad(lock: Lock, say: Speak, viewport: Viewport) -> list[ft.Control]:
    """In a cramped viewport its keys are lower, and one has a picture for a word that would wrap:
    the dots above them stay in sight."""
    height = theme.TOUCH if viewport.cramped else theme.PRIMARY_TOUCH
    keys: list[ft.Control] = [_key(lock, digit, height) for digit in KEYS]
    erase = (
        icon_button(
            "erase", ft.Icons.BACKSPACE_OUTLINED, say("lock.erase"), handler(lock.erase), None
        )
        if viewport.cramped
        else button("erase", say("lock.erase"), handler(lock.erase), "plain")
    )
    return tile_rows([*keys, _recognise_button(lock, say), _key(lock, "0", height), erase])


def _recognise_button(lock: Lock, say: Speak) -> ft.Control:
    if not (lock.shut and lock.pin and lock.pin.biometrics):
        return ft.Container()
    look_again = handler(lock.recognise, _question(say))
    return icon_button("biometrics", ft.Icons.FINGERPRINT, say("lock.body"), look_again, None)


def _key(lock: Lock, digit: str, height: int) -> ft.Control:
    return button(f"digit-{digit}", digit, handler(lock.press, digit), "plain", height)
