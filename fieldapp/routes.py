"""The addresses of the screens; nested, so that the system's back button leads one step back."""

import flet as ft

from fieldapp.screens.about import About, Privacy
from fieldapp.screens.camera import Camera
from fieldapp.screens.here import Ground
from fieldapp.screens.home import Home
from fieldapp.screens.mask import Mask
from fieldapp.screens.pick import Pick
from fieldapp.screens.place import Place
from fieldapp.screens.report import OneReport
from fieldapp.screens.reports import Reports
from fieldapp.screens.review import Review
from fieldapp.screens.seen import Seen
from fieldapp.screens.settings import Settings
from fieldapp.screens.suggest import Suggest
from fieldapp.state import FieldState

SEEN = ft.Route(
    path="seen",
    component=Seen,
    children=[
        ft.Route(path="camera", component=Camera),
        ft.Route(path="mask", component=Mask),
        ft.Route(path="review", component=Review),
    ],
)
PLACE = ft.Route(
    path="place", component=Place, children=[ft.Route(path="pick", component=Pick), SEEN]
)
SETTINGS = ft.Route(
    path="settings",
    component=Settings,
    children=[
        ft.Route(path="suggest", component=Suggest),
        ft.Route(path="privacy", component=Privacy),
        ft.Route(path="about", component=About),
    ],
)
REPORTS = ft.Route(
    path="reports", component=Reports, children=[ft.Route(path=":report", component=OneReport)]
)
ROUTES = [ft.Route(path="/", component=Home, children=[PLACE, REPORTS, SETTINGS])]


@ft.component
def App(held: tuple[FieldState]) -> ft.Control:
    """Held in a tuple: a component is rendered at each change of an observable argument, and this
    one would take every screen with it."""
    routed: ft.Control = Ground(held[0], lambda: ft.Router(ROUTES, manage_views=True))
    return routed
