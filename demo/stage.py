"""Sets the fictional county up once, keeps its demo accounts, and says where everything is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_urlsafe
from typing import Self

from contract import wire
from contract.value import Value
from sync_server.accounts import passwords as accounts
from sync_server.accounts import phones
from sync_server.domain.roles import Role
from sync_server.importing.seed import seed
from sync_server.settings import Settings
from sync_server.store.engine import Store
from sync_server.store.places import bureau_name

WORKER = "wg0301"
SUPERVISOR = "shenhe1"
DESKS = (SUPERVISOR, "banan1", "shequ1", "shenji1", "guanli1", "gebao1")


class CannotStart(Exception):
    """The message says in one line, in both languages, why and what to do."""


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
        """Opens the database and loads the county the first time. Where the notes were lost, the
        accounts of this county get new passwords. Raises CannotStart for another bureau's database.
        """
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        kept = _kept(folder / "demo.json")
        is_new = kept is None
        kept = kept or Kept(passwords={desk: token_urlsafe(9) for desk in DESKS})
        store = Store.open(settings.database, settings.bureau)
        if not seed(store, county, kept.passwords) and is_new:
            _change_passwords(store, county, kept.passwords)
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
                f"  手机端 / field app    {bureau}/app/   登记码 / code  {code[:4]} {code[4:]}",
                f"  不装先试 / on a host  {field}",
                f"  审核台 / console      {bureau}",
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


def _kept(notes: Path) -> Kept | None:
    """None if they are gone, or cannot be read."""
    try:
        return wire.decode(Kept, notes.read_bytes())
    except (FileNotFoundError, wire.Unreadable):
        return None


def _change_passwords(store: Store, county: Path, passwords: Mapping[str, str]) -> None:
    own = wire.parse_json(county.read_bytes())["bureau"]["name"]
    with store.writing() as tx:
        if bureau_name(tx) != own:
            store.close()
            raise CannotStart(
                f"{store.engine.url.database} 不是演示库，未改动"
                f" / {store.engine.url.database} is not the demo's, nothing was changed"
            )
        for desk, password in passwords.items():
            accounts.change(tx, desk, password, datetime.now(UTC))
    print(
        "var/demo.json 不在了，演示账号换了新密码 / was lost: the demo accounts have new passwords"
    )


_ROLES = (
    *(Role.SUPERVISOR, Role.CASE_OFFICER, Role.COMMUNITY),
    *(Role.AUDITOR, Role.ADMIN, Role.DPO),
)
