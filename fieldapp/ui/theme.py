"""How the field app looks: colours by day and night, sizes, and the mark of each state."""

from dataclasses import dataclass

import flet as ft

from contract.cases import CaseState
from contract.protocol import UNREADABLE

LIGHT = {
    "bg": "#F4F6F3",
    "surface": "#FFFFFF",
    "sunken": "#E1E9E4",
    "line": "#6B7A73",
    "ink": "#101C18",
    "muted": "#3F4F48",
    "primary": "#07524B",
    "on_primary": "#FFFFFF",
    "accent": "#FFB627",
    "on_accent": "#241500",
    "ok": "#14532D",
    "info": "#0A3F73",
    "warn": "#6B3F00",
    "danger": "#8C1219",
    "ok_tint": "#DDF0E2",
    "info_tint": "#DCE9F7",
    "warn_tint": "#FFEFCF",
    "danger_tint": "#FBE3E4",
}
DARK = {
    "bg": "#0C1311",
    "surface": "#151F1C",
    "sunken": "#202D29",
    "line": "#7D8F87",
    "ink": "#F2F6F3",
    "muted": "#BCCAC3",
    "primary": "#7ADBCE",
    "on_primary": "#00201C",
    "accent": "#FFC857",
    "on_accent": "#241500",
    "ok": "#9BE3AE",
    "info": "#A8D0FF",
    "warn": "#FFD08A",
    "danger": "#FFB4AB",
    "ok_tint": "#173322",
    "info_tint": "#15293F",
    "warn_tint": "#3A2A0C",
    "danger_tint": "#3E1716",
}

# Colours are named by a role of the client's colour scheme: the client changes between day and
# night by itself, and no screen is rendered again.
BG, SURFACE, SUNKEN = "surface", "surfacecontainer", "surfacecontainerhigh"
LINE, INK, MUTED = "outline", "onsurface", "onsurfacevariant"
PRIMARY, ON_PRIMARY, ACCENT, ON_ACCENT = "primary", "onprimary", "tertiary", "ontertiary"
OK, INFO, WARN, DANGER = "secondary", "primarycontainer", "secondarycontainer", "error"
CLEAR = "transparent"
TINTS = {  # by the colour of a state, the ground that its words stand on
    OK: "surfacecontainerlow",
    INFO: "surfacecontainerlowest",
    WARN: "tertiarycontainer",
    DANGER: "errorcontainer",
    MUTED: SUNKEN,
    SURFACE: SURFACE,
}
FONT = "NotoSansSC"

BODY, BUTTON, TITLE = 18, 22, 26
RADIUS, CARD_RADIUS, GAP, EDGE = 14, 18, 12, 20
OUTLINE, CHOSEN = 1, 3
TOUCH, PRIMARY_TOUCH = 56, 76


def theme(tokens: dict[str, str]) -> ft.Theme:
    still = ft.PageTransitionTheme.NONE
    return ft.Theme(
        font_family=FONT,
        color_scheme=scheme(tokens),
        scaffold_bgcolor=tokens["bg"],
        page_transitions=ft.PageTransitionsTheme(
            android=still, ios=still, linux=still, macos=still, windows=still
        ),
    )


def scheme(tokens: dict[str, str]) -> ft.ColorScheme:
    return ft.ColorScheme(
        surface=tokens["bg"],
        surface_container=tokens["surface"],
        surface_container_high=tokens["sunken"],
        outline=tokens["line"],
        on_surface=tokens["ink"],
        on_surface_variant=tokens["muted"],
        primary=tokens["primary"],
        on_primary=tokens["on_primary"],
        tertiary=tokens["accent"],
        on_tertiary=tokens["on_accent"],
        secondary=tokens["ok"],
        primary_container=tokens["info"],
        secondary_container=tokens["warn"],
        error=tokens["danger"],
        surface_container_low=tokens["ok_tint"],
        surface_container_lowest=tokens["info_tint"],
        tertiary_container=tokens["warn_tint"],
        error_container=tokens["danger_tint"],
    )


@dataclass(frozen=True, slots=True)
class StateMark:
    """A state is never shown by colour alone: it has an icon, a word and a colour. "" as `word`
    means that the code list `case_state` has it."""

    icon: ft.IconData
    colour: str
    word: str = ""


STATES = {
    "DRAFT": StateMark(ft.Icons.EDIT_OUTLINED, MUTED, "state.draft"),
    "SEALED": StateMark(ft.Icons.VERTICAL_ALIGN_TOP, WARN, "state.sealed"),
    "DELIVERED": StateMark(ft.Icons.ARROW_UPWARD, INFO, "state.delivered"),
    "REFUSED": StateMark(ft.Icons.CLOSE, DANGER, "state.refused"),
    "WITHDRAWN": StateMark(ft.Icons.UNDO, MUTED, "state.withdrawn"),
    "DISPUTED": StateMark(ft.Icons.PRIORITY_HIGH, WARN, "state.disputed"),
    UNREADABLE: StateMark(ft.Icons.PRIORITY_HIGH, WARN, "state.unreadable"),
    CaseState.REPORTED: StateMark(ft.Icons.CIRCLE, INFO),
    CaseState.RETURNED: StateMark(ft.Icons.QUESTION_MARK, WARN),
    CaseState.ACCEPTED: StateMark(ft.Icons.CHECK, OK),
    CaseState.MERGED: StateMark(ft.Icons.CALL_MERGE, INFO),
    CaseState.REJECTED: StateMark(ft.Icons.CLOSE, DANGER),
    CaseState.ASSIGNED: StateMark(ft.Icons.CHECK, INFO),
    CaseState.VERIFYING: StateMark(ft.Icons.SEARCH, INFO),
    CaseState.HANDLING: StateMark(ft.Icons.CHECK, INFO),
    CaseState.HANDED_OVER: StateMark(ft.Icons.CHECK, INFO),
    CaseState.FEEDBACK: StateMark(ft.Icons.CHECK, INFO),
    CaseState.UNFOUNDED: StateMark(ft.Icons.CHECK, OK),
    CaseState.UNVERIFIABLE: StateMark(ft.Icons.CHECK, OK),
    CaseState.RECTIFIED: StateMark(ft.Icons.CHECK, OK),
    CaseState.HANDED_OVER_CLOSED: StateMark(ft.Icons.CHECK, OK),
    CaseState.RATED: StateMark(ft.Icons.CHECK, OK),
    CaseState.OBJECTED: StateMark(ft.Icons.SEARCH, INFO),
    CaseState.PURGED: StateMark(ft.Icons.CHECK, MUTED),
}
