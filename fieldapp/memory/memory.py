"""The small things a phone remembers between two starts, each as a typed value under its name."""

from datetime import datetime
from typing import TypeVar
from uuid import UUID

from contract import wire
from contract.anchor import Anchor, Witness
from contract.codelists import CodeLists, built_in
from contract.patrol import Patrol
from contract.protocol import GENESIS, LedgerHead
from contract.reference import LeadCounts, Places, Reference
from contract.value import Value
from fieldapp.memory.handled_tasks import HandledTasks
from fieldapp.memory.notices import SeenNotices
from fieldapp.memory.resend import send_again
from fieldapp.memory.unread import UnreadAnswers
from fieldapp.memory.values import (
    Damage,
    Deferral,
    Identity,
    LastRound,
    LedgerLink,
    RoundStreak,
    RoundStreaks,
    Witnesses,
    WorkerSettings,
)
from fieldapp.ports import Notebook
from fieldapp.report.parcel import Parcel

__all__ = ["Identity", "LastRound", "LedgerLink", "Memory", "WorkerSettings"]
LEDGER_ENDS = ("ledger_head", "highest_link")
MAX_WITNESSES, MAX_STREAKS = 400, 12  # days: the audit log is kept for 365; enough for support
# What a phone knows of the bureau under the name (device) that it has there.
OF_ONE_DEVICE = (*LEDGER_ENDS, *"cursor heard retelling era ledger_broken deferral counts".split())
V = TypeVar("V", bound=Value)


class Memory:
    """Typed names over the notebook's memories. Calls block; what was kept survives a kill; each
    `keep_...` may raise DiskFull."""

    def __init__(self, notebook: Notebook) -> None:
        self._notebook = notebook

    def identity(self) -> Identity | None:
        """None before enrolment."""
        return self._read("identity", Identity)

    def keep_identity(self, identity: Identity) -> None:
        """A phone that got a new device name hears all answers again and begins a new ledger. If it
        still belongs to the same duty post, it sends again what that post had delivered: the bureau
        may have lost both the device and the reports."""
        before = self.identity()
        with self._notebook.atomic():
            self._write("identity", identity)
            if before and (before.bureau, before.device) != (identity.bureau, identity.device):
                for name in OF_ONE_DEVICE:
                    self._notebook.remember(name, None)
                if (before.bureau, before.author) == (identity.bureau, identity.author):
                    self.keep_retelling(True)
                    send_again(self._notebook)

    def settings(self) -> WorkerSettings:
        return self._read("settings", WorkerSettings) or WorkerSettings()

    def keep_settings(self, settings: WorkerSettings) -> None:
        self._write("settings", settings)

    def patrol(self) -> Patrol | None:
        """The patrol under way."""
        return self._read("patrol", Patrol)

    def keep_patrol(self, patrol: Patrol | None) -> None:
        self._write("patrol", patrol)

    def paused(self) -> bool:
        return self._flag("paused")

    def keep_paused(self, on: bool) -> None:
        """Stays on this phone: the bureau is not told of a worker's rests."""
        self._keep_flag("paused", on)

    def card_confirmed(self, patrol: UUID) -> bool:
        """Whether the card about lawful photos was confirmed in this patrol (rule L5)."""
        return self._flag(f"card/{patrol}")

    def confirm_card(self, patrol: UUID, at: datetime) -> None:
        self._notebook.remember(f"card/{patrol}", at.isoformat())

    def lists(self) -> CodeLists:
        """The bureau's code lists, or those that the app shipped with."""
        return self._read("codelists", CodeLists) or built_in()

    def keep_lists(self, lists: CodeLists) -> None:
        self._write("codelists", lists)

    def places(self) -> Places:
        return self._read("places", Places) or Places(version="")

    def keep_places(self, places: Places) -> None:
        self._write("places", places)

    def reference(self) -> Reference:
        """The bureau's other lists (plans, tasks, notices, institutions), each as last sent."""
        return self._read("reference", Reference) or Reference(version="")

    def keep_reference_data(self, places: Places | None, news: Reference | None) -> None:
        """Keeps what a reply brought. A bureau that sends compounds and no other lists has no name
        for an edition of both together."""
        if places:
            self.keep_places(places)
        if news:
            self._write("reference", self.reference().renewed(news))
        if places or news:
            self._notebook.remember("edition", news.version if news else None)

    def counts(self) -> LeadCounts:
        return self._read("counts", LeadCounts) or LeadCounts()

    def keep_counts(self, news: LeadCounts) -> None:
        self._write("counts", self.counts().renewed(news))

    def edition(self) -> str:
        """The bureau's name for the compounds and lists that are here; "" asks for all of them."""
        if held := self._notebook.remembered("edition"):
            return held
        places = self.places()
        # The compounds came with other lists that are not here: ask for all of them.
        return "" if places.edition else places.version

    def seen(self) -> SeenNotices:
        return self._read("seen", SeenNotices) or SeenNotices()

    def keep_seen(self, seen: SeenNotices) -> None:
        self._write("seen", seen)

    def handled_tasks(self) -> HandledTasks:
        return self._read("handled_tasks", HandledTasks) or HandledTasks()

    def keep_handled_tasks(self, handled: HandledTasks) -> None:
        self._write("handled_tasks", handled)

    def unread(self) -> UnreadAnswers:
        return self._read("unread", UnreadAnswers) or UnreadAnswers()

    def keep_unread(self, unread: UnreadAnswers) -> None:
        self._write("unread", unread)

    def cursor(self) -> int:
        """The `seq` of the last answer that was filed; 0 before the first."""
        return int(self._notebook.remembered("cursor") or 0)

    def heard_name(self) -> str:
        """The bureau's own name for the answer at the cursor; "" if it gave none."""
        return self._notebook.remembered("heard") or ""

    def keep_cursor(self, cursor: int, heard: str = "") -> None:
        self._notebook.remember("cursor", str(cursor))
        self._notebook.remember("heard", heard or None)

    def retelling(self) -> bool:
        """Whether the bureau is telling its answers again from the first, over several replies."""
        return self._flag("retelling")

    def keep_retelling(self, on: bool) -> None:
        self._keep_flag("retelling", on)

    def ledger(self) -> tuple[int, str]:
        """Position and hash up to which this phone holds every link; (0, GENESIS) at first."""
        head = self._read("ledger_head", LedgerLink)
        return (head.position, head.hash) if head else (0, GENESIS)

    def keep_ledger_head(self, link: LedgerLink) -> None:
        self._write("ledger_head", link)

    def highest_link(self) -> LedgerHead | None:
        """The highest link that is here, whether or not all before it are."""
        return self._read("highest_link", LedgerHead)

    def keep_highest_link(self, link: LedgerLink) -> None:
        self._write("highest_link", LedgerHead(position=link.position, hash=link.hash))

    def link(self, position: int) -> LedgerLink | None:
        return self._read(self._link_key(position), LedgerLink)

    def keep_link(self, link: LedgerLink) -> None:
        self._write(self._link_key(link.position), link)

    def new_era(self) -> None:
        """The bureau has lost its end of the ledger, which begins anew. The links of the era before
        stay under its number, as evidence; a ledger that was broken stays broken."""
        with self._notebook.atomic():
            self._notebook.remember("era", str(self._era() + 1))
            for name in LEDGER_ENDS:
                self._notebook.remember(name, None)

    def ledger_broken(self) -> bool:
        """Whether the bureau ever contradicted a receipt; from then on nothing is deleted here."""
        return self._flag("ledger_broken")

    def break_ledger(self, position: int) -> None:
        self._notebook.remember("ledger_broken", str(position))

    def refused(self, digest: str) -> Parcel | None:
        return self._read(f"refused/{digest}", Parcel)

    def keep_refused(self, parcel: Parcel) -> None:
        """Keeps a parcel that leaves the outbox: without a receipt its bytes are not forgotten."""
        self._write(f"refused/{parcel.digest}", parcel)

    def damage(self) -> Damage | None:
        """What the worker has not been told yet of a notebook that was damaged."""
        file = self._notebook.remembered("torn")
        if file is None or self._notebook.remembered("torn_told") == file:
            return None
        return Damage(file=file, reports=int(self._notebook.remembered("salvaged") or 0))

    def keep_damage_told(self, damage: Damage) -> None:
        self._notebook.remember("torn_told", damage.file)

    def settle_damage(self) -> None:
        """After damage the bureau tells its answers again from the first: some may be lost here,
        though the cursor says that they were filed. Once for each damage."""
        file = self._notebook.remembered("torn")
        if file is None or self._notebook.remembered("torn_settled") == file:
            return
        with self._notebook.atomic():
            self._notebook.remember("cursor", None)
            self._notebook.remember("heard", None)
            self.keep_retelling(True)
            self._notebook.remember("torn_settled", file)

    def batch_size(self, most: int) -> int:
        """How many parcels went through in one call lately; `most` where nothing is known."""
        return int(self._notebook.remembered("batch_size") or most)

    def keep_batch_size(self, size: int) -> None:
        if self.batch_size(0) != size:  # a write at every round would wear the phone's flash
            self._notebook.remember("batch_size", str(size))

    def deferral(self) -> Deferral:
        """What the bureau said last; its times may be over."""
        return self._read("deferral", Deferral) or Deferral()

    def keep_deferral(self, deferral: Deferral) -> None:
        self._write("deferral", deferral)

    def last_round(self) -> LastRound | None:
        return self._read("last_round", LastRound)

    def keep_last_round(self, last: LastRound) -> None:
        streaks = RoundStreaks(streaks=self.round_streaks())
        with self._notebook.atomic():
            self._write("last_round", last)
            self._write("round_streaks", streaks.extended(last.at, last.why, MAX_STREAKS))

    def round_streaks(self) -> tuple[RoundStreak, ...]:
        """How the rounds of late ended, oldest first, for support."""
        return (self._read("round_streaks", RoundStreaks) or RoundStreaks()).streaks

    def witnesses(self) -> tuple[Witness, ...]:
        """The bureau's anchors that are kept here, one a day, oldest first."""
        return (self._read("witnesses", Witnesses) or Witnesses()).held

    def keep_anchor(self, anchor: Anchor, at: datetime) -> None:
        """Keeps it for the day `at` this phone's clock: no bureau can say that it is another."""
        if identity := self.identity():
            new = Witness(bureau=identity.bureau, day=at.date(), anchor=anchor)
            self._write("witnesses", Witnesses(held=self.witnesses()).heard(new, MAX_WITNESSES))

    def bureau_key(self) -> str:
        """The bureau's public key in Base64; "" before it was heard."""
        return self._notebook.remembered("bureau_key") or ""

    def keep_bureau_key(self, key: str) -> None:
        self._notebook.remember("bureau_key", key)

    def _link_key(self, position: int) -> str:
        identity, era = self.identity(), self._era()
        device = identity.device if identity else ""
        return f"ledger/{device}/{f'{era}/' if era else ''}{position}"

    def _era(self) -> int:
        return int(self._notebook.remembered("era") or 0)

    def _flag(self, name: str) -> bool:
        return self._notebook.remembered(name) is not None

    def _keep_flag(self, name: str, on: bool) -> None:
        self._notebook.remember(name, "1" if on else None)

    def _read(self, name: str, model: type[V]) -> V | None:
        text = self._notebook.remembered(name)
        return wire.decode(model, text.encode()) if text is not None else None

    def _write(self, name: str, value: Value | None) -> None:
        text = wire.encode(value).decode() if value is not None else None
        self._notebook.remember(name, text)
