"""Sets the fictional county up once, keeps its demo accounts, and says where everything is."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_urlsafe
from typing import Self

from contract import wire
from contract.value import Value
from sync_server.accounts import phones
from sync_server.domain.roles import Role
from sync_server.importing.seed import seed
from sync_server.settings import Settings
from sync_server.store.engine import Store

WORKER = "wg0301"
SUPERVISOR = "shenhe1"
DESKS = (SUPERVISOR, "banan1", "shequ1", "shenji1", "guanli1", "gebao1")


class Kept(Value):
    """What `make run` remembers between two runs: made-up passwords, and the lead it played."""

    passwords: dict[str, str]
    played: str | None = None


@dataclass(slots=True)
class Stage:
    """The county, ready to play in."""

    settings: Settings
    store: Store
    folder: Path
    kept: Kept

    @classmethod
    def set_up(cls, settings: Settings, county: Path, folder: Path) -> Self:
        """Opens the database and loads the county the first time."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        notes = folder / "demo.json"
        if notes.exists():
            kept = wire.decode(Kept, notes.read_bytes())
        else:
            kept = Kept(passwords={desk: token_urlsafe(9) for desk in DESKS})
        store = Store.open(settings.database, settings.bureau)
        seed(store, county, kept.passwords)
        stage = cls(settings, store, folder, kept)
        stage._write()
        return stage

    def close(self) -> None:
        """Leaves the data where it is."""
        self.store.close()

    def code(self) -> str:
        """A fresh one-time code for the demo worker's next phone."""
        with self.store.writing() as tx:
            age = self.settings.limits.enrolment_age
            return phones.new_code(tx, WORKER, datetime.now(UTC), age)

    def keep_played(self, number: str) -> None:
        """The lead was played; the next run finds it."""
        self.kept = self.kept.changed(played=number)
        self._write()

    def billboard(self, bureau: str, field: str) -> str:
        """Addresses, accounts and a code, for whoever started this."""
        code = self.code()
        roles = dict(zip(DESKS, _ROLES, strict=True))
        desks = [f"    {desk:<10}{self.kept.passwords[desk]:<16}{roles[desk]}" for desk in DESKS]
        return "\n".join(
            (
                "",
                f"  审核台 / console      {bureau}",
                f"  手机端 / field app    {field}   登记码 / code  {code[:4]} {code[4:]}",
                "",
                "  演示账号 / demo accounts",
                *desks,
                "",
                f"  数据在 / data in {self.folder}    Ctrl-C 结束 / to stop",
            )
        )

    def _write(self) -> None:
        notes = self.folder / "demo.json"
        notes.touch(mode=0o600)
        notes.write_bytes(wire.encode(self.kept))


_ROLES = (
    *(Role.SUPERVISOR, Role.CASE_OFFICER, Role.COMMUNITY),
    *(Role.AUDITOR, Role.ADMIN, Role.DPO),
)
