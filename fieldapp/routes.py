"""The addresses of the screens: each lies upon home alone, for a tap renders all that lie below."""

import flet as ft

from fieldapp.screens.about import About, Privacy
from fieldapp.screens.camera import Camera
from fieldapp.screens.diagnosis import Diagnosis
from fieldapp.screens.duty import Duty
from fieldapp.screens.help import Help
from fieldapp.screens.here import Ground
from fieldapp.screens.home import Home
from fieldapp.screens.institutions import Institutions
from fieldapp.screens.mask import Mask
from fieldapp.screens.notices import Notices
from fieldapp.screens.patrol import Patrol
from fieldapp.screens.pick import Pick
from fieldapp.screens.place import Place
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

SCREENS = {
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
}
ROUTES = [
    ft.Route(
        path="/",
        component=Home,
        children=[ft.Route(path=path, component=screen) for path, screen in SCREENS.items()],
    )
]


@ft.component
def App(held: tuple[FieldState]) -> ft.Control:
    """Held in a tuple: a component is rendered at each change of an observable argument, and this
    one would take every screen with it."""
    routed: ft.Control = Ground(held[0], lambda: ft.Router(ROUTES, manage_views=True))
    return routed
