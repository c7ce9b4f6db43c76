"""Why things are not sent, and what to do about it: one row for each code of a round."""

from dataclasses import dataclass
from typing import Literal

import flet as ft

from fieldapp.state import FieldState
from fieldapp.ui import theme


@dataclass(frozen=True, slots=True)
class Remedy:
    """`next` is the code of the sentence that says what comes next; `button` is what the worker may
    press besides trying again."""

    icon: ft.IconData
    colour: str
    next: str
    button: Literal["", "enrol", "data"] = ""


SELF = Remedy(ft.Icons.CLOUD_OFF, theme.WARN, "next.self")
LATER = Remedy(ft.Icons.HOURGLASS_EMPTY, theme.WARN, "next.later")
SIGN_IN = Remedy(ft.Icons.LOCK_OUTLINE, theme.WARN, "next.sign_in")
UPDATE = Remedy(ft.Icons.SYSTEM_UPDATE, theme.DANGER, "next.update")
ENROL = Remedy(ft.Icons.KEY_OFF, theme.DANGER, "next.enrol", "enrol")
STORAGE = Remedy(ft.Icons.SD_CARD_ALERT, theme.DANGER, "next.room")
TELL = Remedy(ft.Icons.SUPPORT_AGENT, theme.WARN, "next.tell")
WIFI = Remedy(ft.Icons.WIFI_OFF, theme.INFO, "next.wifi", "data")
UNDO = Remedy(ft.Icons.UNDO, theme.INFO, "next.undo")

REMEDIES = {
    "no_road": SELF,
    "timed_out": SELF,
    "not_the_bureau": SIGN_IN,
    "other_certificate": TELL,
    "bureau_down": LATER,
    "busy": LATER,
    "internal": LATER,
    "unanswered": LATER,
    "too_many_tries": LATER,
    "too_many_uploads": LATER,
    "upload_gone": LATER,
    "photo_mismatch": LATER,
    "wrong_offset": LATER,
    "checksum_mismatch": LATER,
    "contract_too_old": UPDATE,
    "unreadable": UPDATE,
    "bad_header": UPDATE,
    "wrong_type": UPDATE,
    "tus_version": UPDATE,
    "method_not_allowed": UPDATE,
    "not_enrolled": ENROL,
    "not_signed_in": ENROL,
    "token_revoked": ENROL,
    "time_out_of_bounds": TELL,
    "full": STORAGE,
    "notebook_busy": Remedy(ft.Icons.TAB, theme.WARN, "next.other_window"),
    "notebook_damaged": Remedy(ft.Icons.REPLAY, theme.DANGER, "next.reopen"),
    "notebook_shut": Remedy(ft.Icons.REPLAY, theme.DANGER, "next.restart"),
    "storage_full": TELL,
    "no_wifi": WIFI,
    "undo": UNDO,
    "quota_used": Remedy(ft.Icons.SCHEDULE, theme.INFO, "next.deferred"),
}


def remedy_for(code: str) -> Remedy:
    """For a code without a row, or newer than this app, the worker is asked to tell the bureau."""
    return REMEDIES.get(code, TELL)


def reason_unsent(state: FieldState) -> str:
    """The code of why nothing is sent; "" while a round is under way or when nothing waits."""
    if state.sync.busy:
        return ""
    if state.sync.why:
        return state.sync.why
    if state.sync.deferred_until():
        return "quota_used"
    if state.sync.held and state.sync.progress.photos.to_go():
        return "no_wifi"
    return "undo" if state.undo.entry and state.sync.waiting else ""
