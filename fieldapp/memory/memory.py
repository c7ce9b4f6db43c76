"""The small things a phone remembers between two starts, each under its own name."""

from datetime import datetime
from uuid import UUID

from contract.patrol import Patrol
from contract.protocol import GENESIS, LedgerHead
from fieldapp.memory.lookups import Lookups
from fieldapp.memory.resend import send_again
from fieldapp.memory.unread import UnreadAnswers
from fieldapp.memory.values import (
    Identity,
    LastRound,
    LedgerLink,
    RoundStreak,
    RoundStreaks,
    WorkerSettings,
)
from fieldapp.report.parcel import Parcel

__all__ = ["Identity", "LastRound", "LedgerLink", "Memory", "WorkerSettings"]
SPELLS = 12  # told apart; more would help nobody


class Memory(Lookups):
    """Typed names over the notebook's memory: synchronous, durable; writes may raise Full."""

    def identity(self) -> Identity | None:
        return self._read("identity", Identity)

    def keep_identity(self, identity: Identity) -> None:
        """A phone under a new name hears everything again and begins a new ledger. What its duty
        post had delivered under the old name goes out once more: the bureau may have lost both."""
        before = self.identity()
        with self._notebook.atomic():
            self._write("identity", identity)
            if before and (before.bureau, before.device) != (identity.bureau, identity.device):
                for name in ("cursor", "heard", "retelling", "head", "top", "era", "ledger_broken"):
                    self._notebook.remember(name, None)
                if (before.bureau, before.author) == (identity.bureau, identity.author):
                    self.keep_retelling(True)
                    send_again(self._notebook)

    def settings(self) -> WorkerSettings:
        return self._read("settings", WorkerSettings) or WorkerSettings()

    def keep_settings(self, settings: WorkerSettings) -> None:
        self._write("settings", settings)

    def patrol(self) -> Patrol | None:
        return self._read("patrol", Patrol)

    def keep_patrol(self, patrol: Patrol | None) -> None:
        self._write("patrol", patrol)

    def paused(self) -> bool:
        return self._notebook.remembered("paused") is not None

    def keep_paused(self, on: bool) -> None:
        """This phone's alone: a patrol that goes home says nothing of rests."""
        self._notebook.remember("paused", "1" if on else None)

    def card_confirmed(self, patrol: UUID) -> bool:
        """Rule L5: whether the lawfulness card was confirmed in this patrol."""
        return self._notebook.remembered(f"card/{patrol}") is not None

    def confirm_card(self, patrol: UUID, at: datetime) -> None:
        self._notebook.remember(f"card/{patrol}", at.isoformat())

    def cursor(self) -> int:
        return int(self._notebook.remembered("cursor") or 0)

    def heard_name(self) -> str:
        """The bureau's own name for the answer at the cursor."""
        return self._notebook.remembered("heard") or ""

    def keep_cursor(self, cursor: int, heard: str = "") -> None:
        self._notebook.remember("cursor", str(cursor))
        self._notebook.remember("heard", heard or None)

    def retelling(self) -> bool:
        """Whether the bureau is telling its answers again from the first, over several replies."""
        return self._notebook.remembered("retelling") is not None

    def keep_retelling(self, on: bool) -> None:
        self._notebook.remember("retelling", "1" if on else None)

    def unread(self) -> UnreadAnswers:
        return self._read("mailbox", UnreadAnswers) or UnreadAnswers()

    def keep_unread(self, mailbox: UnreadAnswers) -> None:
        self._write("mailbox", mailbox)

    def ledger(self) -> tuple[int, str]:
        """Position and hash up to which this phone holds every link; (0, GENESIS) at first."""
        head = self._link("head")
        return (head.position, head.hash) if head else (0, GENESIS)

    def keep_ledger_head(self, link: LedgerLink) -> None:
        self._write("head", link)

    def highest_link(self) -> LedgerHead | None:
        """The highest link that is here, whether or not all before it are."""
        if held := self._read("top", LedgerHead):
            return held
        head = self._link("head")  # of a phone that did not note its top yet
        return LedgerHead(position=head.position, hash=head.hash) if head else None

    def keep_highest_link(self, link: LedgerLink) -> None:
        self._write("top", LedgerHead(position=link.position, hash=link.hash))

    def new_era(self) -> None:
        """The bureau has forgotten its end of the ledger, which begins anew. The links of the era
        before stay as they are: evidence, under its number. What was broken stays broken."""
        with self._notebook.atomic():
            self._notebook.remember("era", str(self._era() + 1))
            for name in ("head", "top"):
                self._notebook.remember(name, None)

    def link(self, position: int) -> LedgerLink | None:
        return self._link(self._place(position))

    def keep_link(self, link: LedgerLink) -> None:
        self._write(self._place(link.position), link)

    def ledger_broken(self) -> bool:
        """Whether the bureau ever told two stories; from then on nothing is deleted here."""
        return self._notebook.remembered("ledger_broken") is not None

    def break_ledger(self, position: int) -> None:
        self._notebook.remember("ledger_broken", str(position))

    def keep_refused(self, parcel: Parcel) -> None:
        """Out of the outbox, yet not gone: what no good receipt gave leave to forget."""
        self._write(f"aside/{parcel.digest}", parcel)

    def refused(self, digest: str) -> Parcel | None:
        return self._read(f"aside/{digest}", Parcel)

    def batch_size(self, most: int) -> int:
        """How many parcels the road carried lately in one batch; `most` where nothing is known."""
        return int(self._notebook.remembered("stride") or most)

    def keep_batch_size(self, stride: int) -> None:
        if self.batch_size(0) != stride:  # else every round would wear the disk for nothing
            self._notebook.remember("stride", str(stride))

    def last_round(self) -> LastRound | None:
        return self._read("last_round", LastRound)

    def keep_last_round(self, last: LastRound) -> None:
        with self._notebook.atomic():
            self._write("last_round", last)
            self._write(
                "spells",
                RoundStreaks(spells=self.round_streaks()).and_then(last.at, last.why, SPELLS),
            )

    def round_streaks(self) -> tuple[RoundStreak, ...]:
        """How the trips of late ended, for whoever is asked why nothing arrives."""
        held = self._read("spells", RoundStreaks)
        return held.spells if held else ()

    def _place(self, position: int) -> str:
        identity, era = self.identity(), self._era()
        device = identity.device if identity else ""
        return f"ledger/{device}/{f'{era}/' if era else ''}{position}"

    def _era(self) -> int:
        return int(self._notebook.remembered("era") or 0)

    def _link(self, name: str) -> LedgerLink | None:
        return self._read(name, LedgerLink)
