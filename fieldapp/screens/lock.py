"""The lock: four digits on big buttons, or a finger or a face, before anything else is seen; and
where that is set."""

import flet as ft

from fieldapp.device.pin import DIGITS
from fieldapp.ports import Question
from fieldapp.screens.enrol import asked_for_a_code
from fieldapp.screens.here import here
from fieldapp.state import paths
from fieldapp.state.locking import Lock
from fieldapp.ui import theme
from fieldapp.ui.words import Speak
from fieldapp.widgets.buttons import button, icon_button, then
from fieldapp.widgets.page import head, page
from fieldapp.widgets.parts import section
from fieldapp.widgets.text import aloud, body, named, quiet, strong
from fieldapp.widgets.tiles import threes, tile

KEYS = "123456789"
DOTS = range(DIGITS)
NARROW = 330  # there, nothing fits below the dots
DONE = {"lock.done", "lock.gone"}
AFTER = (1, 5, 15)  # minutes away until it locks


@ft.component
def Locked(lock: Lock) -> list[ft.View]:
    state, say = here()
    ft.on_mounted(then(lock.recognise, _question(say)))
    forgot = button("forgot", say("lock.forgot"), then(lock.forget), "quiet", theme.TOUCH)
    return [
        page(
            # On the smallest screen there is no other place for what came of a try.
            head(_said(lock, say) or say("lock.title"), live=True),
            [
                _dots(lock, say),
                *([quiet(say("lock.sending"))] if state.room.width > NARROW else []),
            ],
            [*_pad(lock, say), forgot],
            room=state.room,
        )
    ]


@ft.component
def Forgot(lock: Lock) -> list[ft.View]:
    """A new code from the bureau takes the PIN off; what is unsent stays."""
    state, say = here()
    return [asked_for_a_code(state, say("lock.forgot_lead"), then(lock.forget, False))]


@ft.component
def AppLock() -> ft.View:
    state, _ = here()
    return _setting(state.lock)


@ft.component
def _setting(lock: Lock) -> ft.View:
    state, say = here()
    ft.on_mounted(lock.find_out)
    back = then(lock.ask, "") if lock.step else then(state.go, paths.SETTINGS)
    parts, actions = _asked(lock, say) if lock.step else _choices(lock, say)
    if not lock.step and lock.pin:
        parts += [*_after(say), *_biometrics(lock, say)]
    return page(
        head(say("settings.lock"), None, back, say("back")), parts, actions, room=state.room
    )


def _asked(lock: Lock, say: Speak) -> tuple[list[ft.Control], list[ft.Control]]:
    words = say({"off": "lock.old"}.get(lock.step, f"lock.{lock.step}"))
    return [strong(words), *_typed(lock, say)], _pad(lock, say)


def _choices(lock: Lock, say: Speak) -> tuple[list[ft.Control], list[ft.Control]]:
    colour = theme.OK if lock.said in DONE else theme.DANGER
    said = [aloud("said", strong(say(lock.said), colour))] if lock.said else []
    lead: list[ft.Control] = [*said, body(say("lock.lead")), quiet(say("lock.limits"))]
    if not lock.pin:
        return lead, [button("pin-set", say("lock.set"), then(lock.ask, "new"))]
    return lead, [
        button("pin-off", say("lock.off"), then(lock.ask, "off"), "quiet"),
        button("pin-set", say("lock.change"), then(lock.ask, "old")),
    ]


def _after(say: Speak) -> list[ft.Control]:
    state, _ = here()

    def chosen(minutes: int) -> ft.Control:
        held = state.settings.lock_after == minutes
        verb = then(lambda: state.set(lock_after=minutes))
        return tile(f"after-{minutes}", say("lock.minutes", n=minutes), verb, chosen=held)

    return section(say("lock.after"), threes([chosen(minutes) for minutes in AFTER]))


def _biometrics(lock: Lock, say: Speak) -> list[ft.Control]:
    """Where the phone can look and knows somebody; also where it could when this was chosen."""
    held = bool(lock.pin and lock.pin.biometrics)
    if not (lock.looks or held):
        return []
    yes = tile("biometrics-on", say("lock.on"), then(lock.trust, _question(say)), chosen=held)
    no = tile("biometrics-off", say("lock.not"), then(lock.distrust), chosen=not held)
    return [*section(say("lock.biometrics"), threes([yes, no], 2)), quiet(say("lock.anybody"))]


def _question(say: Speak) -> Question:
    return Question(say("app.name"), say("lock.reason"), say("lock.by_pin"))


def _typed(lock: Lock, say: Speak) -> list[ft.Control]:
    said = _said(lock, say)
    return [_dots(lock, say), *([aloud("said", strong(said, theme.DANGER))] if said else [])]


def _said(lock: Lock, say: Speak) -> str:
    """What came of the last try."""
    return say(lock.said) if lock.said else ""


def _dots(lock: Lock, say: Speak) -> ft.Control:
    """How many digits stand there, never which; or how long it is until the next try, which is not
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


def _pad(lock: Lock, say: Speak) -> list[ft.Control]:
    keys: list[ft.Control] = [_key(lock, digit) for digit in KEYS]
    erase = button("erase", say("lock.erase"), then(lock.erase), "plain")
    return threes([*keys, _body(lock, say), _key(lock, "0"), erase])


def _body(lock: Lock, say: Speak) -> ft.Control:
    if not (lock.shut and lock.pin and lock.pin.biometrics):
        return ft.Container()
    look_again = then(lock.recognise, _question(say))
    return icon_button("biometrics", ft.Icons.FINGERPRINT, say("lock.body"), look_again, None)


def _key(lock: Lock, digit: str) -> ft.Control:
    return button(f"digit-{digit}", digit, then(lock.press, digit), "plain")
