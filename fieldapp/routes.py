"""The routes of the screens: all are children of home and none of another, for a tap renders a
screen with all its parents."""

import flet as ft

from fieldapp.screens.about import About, Privacy
from fieldapp.screens.answer import AnswerBureau
from fieldapp.screens.camera import Camera
from fieldapp.screens.context import FieldContext
from fieldapp.screens.diagnosis import Diagnosis
from fieldapp.screens.duty import Duty
from fieldapp.screens.help import Help
from fieldapp.screens.home import Home
from fieldapp.screens.institutions import Institutions
from fieldapp.screens.lock import AppLock, Forgot, Locked, LockedSos
from fieldapp.screens.mask import Mask
from fieldapp.screens.notices import Notices
from fieldapp.screens.objection import Objecting
from fieldapp.screens.patrol import Patrol
from fieldapp.screens.pick import Pick
from fieldapp.screens.place import Place
from fieldapp.screens.posts import Posts
from fieldapp.screens.report import OneReport
from fieldapp.screens.reports import Reports
from fieldapp.screens.review import Review
from fieldapp.screens.seen import Seen
from fieldapp.screens.settings import Settings
from fieldapp.screens.sos import Sos
from fieldapp.screens.suggest import Suggest
from fieldapp.screens.summary import Summary
from fieldapp.screens.sync import Sync
from fieldapp.screens.tasks import Tasks
from fieldapp.state import FieldState
from fieldapp.state.lock import Lock

SCREENS = {
    "answer": AnswerBureau,
    "object": Objecting,
    "place": Place,
    "place/pick": Pick,
    "place/seen": Seen,
    "place/seen/camera": Camera,
    "place/seen/mask": Mask,
    "place/seen/review": Review,
    "patrol": Patrol,
    "patrol/summary": Summary,
    "sos": Sos,
    "reports": Reports,
    "reports/:report": OneReport,
    "licensed": Institutions,
    "notices": Notices,
    "tasks": Tasks,
    "duty": Duty,
    "duty/help": Help,
    "duty/diagnosis": Diagnosis,
    "sync": Sync,
    "settings": Settings,
    "settings/suggest": Suggest,
    "settings/privacy": Privacy,
    "settings/about": About,
    "settings/lock": AppLock,
    "settings/posts": Posts,
}
ROUTES = [
    ft.Route(
        path="/",
        component=Home,
        children=[ft.Route(path=path, component=screen) for path, screen in SCREENS.items()],
    )
]


@ft.component
def Gate(lock: Lock) -> ft.Control | list[ft.View]:
    """The screens, or the app lock: while it is shut, nothing of a screen is rendered."""
    if lock.shut and lock.helping:
        return LockedSos(lock)
    if lock.shut:
        return Forgot(lock) if lock.forgotten else Locked(lock)
    routed: ft.Control = ft.Router(ROUTES, manage_views=True)
    return routed


@ft.component
def App(held: tuple[FieldState]) -> ft.Control:
    """The root component. The state is in a tuple because a component is rendered anew at each
    change of an observable argument, and this one would render every screen with it."""
    routed: ft.Control = FieldContext(held[0], lambda: Gate(held[0].lock))
    return routed
