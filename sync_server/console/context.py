"""What every page of the console works with: store, photos, settings, printer; and who asks."""

from dataclasses import dataclass, field

from fastapi import Request

from sync_server.accounts.sign_in_queue import SignInQueue
from sync_server.console.printer import Printer, now
from sync_server.console.sessions import Visitor, visitor_of
from sync_server.domain.roles import Permission
from sync_server.photos.thumbnails import ThumbnailMaker
from sync_server.problems import NotAllowed
from sync_server.settings import Settings
from sync_server.store.engine import Store
from sync_server.store.photo_folder import PhotoFolder


@dataclass(frozen=True, slots=True)
class ConsoleContext:
    store: Store
    settings: Settings
    photos: PhotoFolder
    thumbnails: ThumbnailMaker
    printer: Printer
    sign_ins: SignInQueue = field(default_factory=SignInQueue)

    def admit(self, request: Request, needed: Permission, by_script: bool = False) -> None:
        """Before the handler of a route that `needs` this. Raises SignedOut, or NotAllowed if the
        role has not the permission. `by_script`: nobody has touched anything."""
        visitor = visitor_of(self.store, self.settings, request, now(), touch=not by_script)
        request.state.visitor = visitor
        if needed not in visitor.permissions:
            raise NotAllowed

    def visitor(self, request: Request) -> Visitor:
        """Who sent the request and was admitted; the page's header shows it."""
        visitor: Visitor = request.state.visitor
        return visitor
