"""FieldState: the shell of all screens with the parts that they are functions of."""

from dataclasses import dataclass, field

from fieldapp.state import paths
from fieldapp.state.alarm import AlarmState
from fieldapp.state.bureau import BureauState
from fieldapp.state.camera import CameraState
from fieldapp.state.damage import DamageState
from fieldapp.state.diagnosis import DiagnosisState
from fieldapp.state.draft import DraftState
from fieldapp.state.enrolment import EnrolmentState
from fieldapp.state.lock import SALT, Lock
from fieldapp.state.masking import MaskingState
from fieldapp.state.objection import ObjectionState
from fieldapp.state.outbox import OutboxState
from fieldapp.state.patrol import PatrolState
from fieldapp.state.photo import PhotoState
from fieldapp.state.place import PlaceState
from fieldapp.state.posts import PostsState
from fieldapp.state.reports import ReportsState
from fieldapp.state.settings import SettingsState
from fieldapp.state.shell import Shell, Show
from fieldapp.state.suggestion import SuggestionState
from fieldapp.state.sync import SyncState
from fieldapp.state.thumbnails import Thumbnails
from fieldapp.state.undo import UndoState


@dataclass(eq=False)
class FieldState(Shell):
    """What screens see and may do. A part knows the shell and the parts that it is given here,
    which all stand above it."""

    lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        self.settings = SettingsState(self)
        self.damage = DamageState(self)
        self.bureau = BureauState(self)
        self.thumbnails = Thumbnails(self)
        self.camera = CameraState(self)
        self.undo = UndoState(self)
        self.reports = ReportsState(self, self.bureau, self.thumbnails)
        self.sync = SyncState(self, self.settings, self.refresh)
        self.posts = PostsState(self, self.sync)
        self.enrolment = EnrolmentState(self, self.lock, self.sync, self.camera)
        self.patrol = PatrolState(self, self.bureau, self.reports, self.sync, self.refresh)
        self.draft = DraftState(self, self.bureau, self.patrol, self.thumbnails, self.undo)
        self.place = PlaceState(self, self.bureau, self.patrol, self.draft)
        self.masking = MaskingState(self, self.settings, self.draft)
        self.photo = PhotoState(self, self.patrol, self.draft, self.masking, self.thumbnails)
        self.outbox = OutboxState(
            self, self.bureau, self.reports, self.sync, self.patrol, self.draft, self.undo
        )
        self.objection = ObjectionState(self, self.reports, self.sync)
        self.suggestion = SuggestionState(self, self.refresh)
        self.diagnosis = DiagnosisState(self, self.suggestion)
        self.alarm = AlarmState(self, self.bureau, self.sync, self.patrol)

    async def open(self) -> None:
        """What the phone knew when the app was closed, the unfinished draft included."""
        self.lock.salt, self.lock.slow_hash = self.kit.clock.entropy(SALT), self.kit.slow_hash
        self.lock.uptime = self.kit.uptime
        await self.lock.open(self.kit.safe, self.kit.biometrics)
        self.identity = await self.keep(self.kit.memory.identity)
        await self.settings.load()
        await self.damage.load()
        await self.patrol.load()
        await self.sync.load()
        await self.posts.load()
        await self.suggestion.load()
        await self.refresh()
        await self.draft.load()

    async def refresh(self) -> None:
        """Reads again what lists, badges and bars show of the notebook; one rendering for all of
        it. The first places that a phone gets may come after the position of its first draft."""
        had_places = bool(self.bureau.places.compounds)
        sealed_photos = await self.sync.sealed_photos()
        for show in await self.keep(lambda: self._read_again(sealed_photos)) or ():
            show()
        if self.bureau.places.compounds and not had_places:
            await self.draft.be_at_nearest()

    async def back(self, path: str) -> None:
        """What the system's back button means: one step up in the form, else to where one came
        from."""
        if path == paths.PLACE:
            await self.draft.leave()
        elif path.startswith((paths.PLACE, paths.SETTINGS)):
            self.go(path.rpartition("/")[0] or paths.HOME)
        else:
            self.leave(path)

    def page_gone(self) -> None:
        """The page has gone, and with it whatever could be rendered."""
        self.sync.quietly(watching=False)

    def _read_again(self, sealed_photos: set[str]) -> tuple[Show, ...]:
        """In a thread, in one go, so that no part shows another moment than the others."""
        return (
            self.bureau.read_again(),
            self.reports.read_again(),
            self.patrol.read_again(),
            self.sync.read_again(sealed_photos),
        )
