"""What every page of the console works with: store, photos, settings, printer; and who asks."""

from dataclasses import dataclass, field
from typing import Protocol

from fastapi import Request

from sync_server.accounts.sign_in_queue import SignInQueue
from sync_server.console.printer import Printer, now
from sync_server.console.sessions import Visitor, visitor_of
from sync_server.domain.roles import Permission
from sync_server.problems import NotAllowed
from sync_server.settings import Settings
from sync_server.store.engine import Store


class PhotoReader(Protocol):
    """What the console needs of the photo store."""

    def read(self, sha256: str) -> bytes:
        """A finished photo; raises FileNotFoundError."""

    def reached(self, upload: str) -> int:
        """How many bytes of an upload are here; 0 for an unknown one."""


@dataclass(frozen=True, slots=True)
class ConsoleContext:
    store: Store
    settings: Settings
    photos: PhotoReader
    printer: Printer
    sign_ins: SignInQueue = field(default_factory=SignInQueue)

    def visitor(self, request: Request, needed: Permission = Permission.SIGN_IN) -> Visitor:
        """Who sent the request; the page's header shows it. Raises SignedOut, or NotAllowed if the
        role has not the `needed` permission."""
        visitor = visitor_of(self.store, self.settings, request, now())
        request.state.visitor = visitor
        if needed not in visitor.permissions:
            raise NotAllowed
        return visitor
