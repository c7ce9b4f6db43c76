"""The small things a phone remembers between two starts, each under its own name."""

from datetime import datetime
from typing import Literal, TypeVar
from uuid import UUID

from contract import wire
from contract.codelists import CodeLists, built_in
from contract.patrol import Patrol
from contract.reference import Places
from contract.replies import GENESIS
from contract.value import Code, Name, Value, When
from fieldapp.parcel import Parcel
from fieldapp.ports import Notebook

V = TypeVar("V", bound=Value)


class Identity(Value):
    """Who this phone is to the bureau; `address` is where the bureau's server stands."""

    token: Name
    device: Code
    author: Code
    bureau: Code
    bureau_name: Name = ""
    grid: Code | None = None
    grid_name: Name = ""
    address: str


class Settings(Value):
    """What the worker chose."""

    language: Literal["zh", "en"] = "zh"
    left_handed: bool = False
    wifi_only: bool = False
    theme: Literal["system", "light", "dark"] = "system"


class LastRound(Value):
    """How the last trip to the bureau ended; `why` is a code when it was not `ok`."""

    at: When
    ok: bool
    why: str | None = None


class Link(Value):
    """One link of this phone's ledger, as its receipt said it."""

    position: int
    digest: str
    number: str
    hash: str


class Memory:
    """Typed names over the notebook's memory: synchronous, durable; writes may raise Full."""

    def __init__(self, notebook: Notebook) -> None:
        self._notebook = notebook

    def identity(self) -> Identity | None:
        return self._read("identity", Identity)

    def keep_identity(self, identity: Identity) -> None:
        """A phone under a new name hears everything again and begins a new ledger."""
        before = self.identity()
        with self._notebook.atomic():
            self._write("identity", identity)
            if before and (before.bureau, before.device) != (identity.bureau, identity.device):
                for name in ("cursor", "head", "ledger_broken"):
                    self._notebook.remember(name, None)

    def settings(self) -> Settings:
        return self._read("settings", Settings) or Settings()

    def keep_settings(self, settings: Settings) -> None:
        self._write("settings", settings)

    def places(self) -> Places:
        return self._read("places", Places) or Places(version="")

    def keep_places(self, places: Places) -> None:
        self._write("places", places)

    def lists(self) -> CodeLists:
        return self._read("codelists", CodeLists) or built_in()

    def keep_lists(self, lists: CodeLists) -> None:
        self._write("codelists", lists)

    def patrol(self) -> Patrol | None:
        return self._read("patrol", Patrol)

    def keep_patrol(self, patrol: Patrol | None) -> None:
        self._write("patrol", patrol)

    def card_confirmed(self, patrol: UUID) -> bool:
        """Rule L5: whether the lawfulness card was confirmed in this patrol."""
        return self._notebook.recollect(f"card/{patrol}") is not None

    def confirm_card(self, patrol: UUID, at: datetime) -> None:
        self._notebook.remember(f"card/{patrol}", at.isoformat())

    def cursor(self) -> int:
        return int(self._notebook.recollect("cursor") or 0)

    def keep_cursor(self, cursor: int) -> None:
        self._notebook.remember("cursor", str(cursor))

    def ledger(self) -> tuple[int, str]:
        """Position and hash up to which this phone holds every link; (0, GENESIS) at first."""
        head = self._link("head")
        return (head.position, head.hash) if head else (0, GENESIS)

    def keep_head(self, link: Link) -> None:
        self._write("head", link)

    def link(self, position: int) -> Link | None:
        return self._link(self._place(position))

    def keep_link(self, link: Link) -> None:
        self._write(self._place(link.position), link)

    def ledger_broken(self) -> bool:
        """Whether the bureau ever told two stories; from then on nothing is deleted here."""
        return self._notebook.recollect("ledger_broken") is not None

    def break_ledger(self, position: int) -> None:
        self._notebook.remember("ledger_broken", str(position))

    def set_aside(self, parcel: Parcel) -> None:
        """Out of the outbox, yet not gone: what no good receipt gave leave to forget."""
        self._write(f"aside/{parcel.digest}", parcel)

    def aside(self, digest: str) -> Parcel | None:
        return self._read(f"aside/{digest}", Parcel)

    def stride(self, most: int) -> int:
        """How many parcels the road carried lately in one batch; `most` where nothing is known."""
        return int(self._notebook.recollect("stride") or most)

    def keep_stride(self, stride: int) -> None:
        self._notebook.remember("stride", str(stride))

    def last_round(self) -> LastRound | None:
        return self._read("last_round", LastRound)

    def keep_last_round(self, last: LastRound) -> None:
        self._write("last_round", last)

    def _place(self, position: int) -> str:
        identity = self.identity()
        return f"ledger/{identity.device if identity else ''}/{position}"

    def _link(self, name: str) -> Link | None:
        return self._read(name, Link)

    def _read(self, name: str, model: type[V]) -> V | None:
        text = self._notebook.recollect(name)
        return wire.decode(model, text.encode()) if text is not None else None

    def _write(self, name: str, value: Value | None) -> None:
        text = wire.encode(value).decode() if value is not None else None
        self._notebook.remember(name, text)
