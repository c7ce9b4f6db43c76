"""A bureau with a county, one duty post per role and one phone, for the console's tests."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import unescape
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from httpx import Client, Response
from PIL import Image
from sqlalchemy import delete

from contract import wire
from contract.ids import uuid7
from contract.place import Fix, Place
from contract.protocol import EnrolmentRequest, Receipt
from contract.report import Photo, Report, Withdrawal
from contract.wire import Json
from sync_server.accounts.passwords import hash_password
from sync_server.accounts.phones import Phone, enrol, new_code, phone_of
from sync_server.console.sessions import COOKIE, open_session
from sync_server.domain.roles import Role
from sync_server.importing.seed import seed
from sync_server.intake.receive import CallArrivals, receive
from sync_server.intake.validate import validate
from sync_server.store import photos
from sync_server.store import staff as people
from sync_server.store.engine import Store
from sync_server.store.photo_folder import PhotoFolder
from sync_server.store.schema import staff

PASSWORD = "kaoyan-shidian-2026"
COUNTY = Path(__file__).parents[3] / "demo" / "county.json"
BOTH = pytest.mark.parametrize(
    "database",
    ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)],
    indirect=True,
)
HOME, AWAY = "999900100001", "999900100002"
POSTS = {
    "shenhe1": (Role.SUPERVISOR, None),
    "ban1": (Role.CASE_OFFICER, None),
    "shequ1": (Role.COMMUNITY, HOME),
    "shenji1": (Role.AUDITOR, None),
    "guanli1": (Role.ADMIN, None),
    "dpo1": (Role.DPO, None),
    "wg03": (Role.GRID, HOME),
}
TOKEN = re.compile(r'name="csrf" value="([^"]+)"')
_names = count(1)


@dataclass
class Office:
    """What a test may do: deliver reports, put photos in the folder, sit down at the console."""

    store: Store
    photos: PhotoFolder
    client: Client
    phone: Phone = field(init=False)
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __post_init__(self) -> None:
        with self.store.writing() as tx:
            code = new_code(tx, "wg03", self.now, 3600)
        token = enrol(self.store, EnrolmentRequest(code=code), self.now).token
        with self.store.reading() as tx:
            self.phone = phone_of(tx, f"Bearer {token}")

    def number(self, n: int) -> str:
        """The n-th receipt's number."""
        return f"{self.store.bureau}-{n:06d}"

    def report(self, **changes: Any) -> Report:
        """A sealed report, fit unless a change spoils it."""
        seen = changes.pop("seen_at", self.now - timedelta(minutes=10))
        plain = Report(
            id=uuid7(self.now, next(_names).to_bytes(10, "big")),
            revision=1,
            device=self.phone.device,
            author="wg03",
            shift="NIGHT",
            seen_at=seen,
            sealed_at=seen,
            fix=Fix(lat=38.12351, lon=108.54322, accuracy_m=8, at=seen),
            place=a_place(),
            signs=("POSTER", "PUPILS_ENTERING"),
            disguises=("CARE",),
            count_band="B2",
            note="单元门口张贴晚托广告,18:30 起有学生进出",
        )
        return plain.changed(**changes)

    def deliver(self, *reports: Report, skew_s: int = 0, ago: timedelta = timedelta()) -> None:
        things = [{"kind": "report", "body": wire.to_json(report)} for report in reports]
        self.send(things, skew_s, ago)

    def withdraw(self, report: Report) -> None:
        body = Withdrawal(
            id=report.id,
            revision=report.revision,
            device=self.phone.device,
            author="wg03",
            at=self.now,
        )
        self.send([{"kind": "withdrawal", "body": wire.to_json(body)}])

    def send(
        self, things: Sequence[Json], skew_s: int = 0, ago: timedelta = timedelta()
    ) -> tuple[Receipt, ...]:
        came = receive(
            self.store,
            CallArrivals(
                self.phone,
                skew_s,
                self.now - ago,
                [validate(thing, self.phone.author) for thing in things],
            ),
        )
        assert not came.refusals, came.refusals
        return came.receipts

    def finish_photo(self, photo: Photo, content: bytes = b"") -> None:
        """The photo arrives."""
        self.part_of_photo(photo, content or a_jpeg())
        self.photos.finish({photo.sha256[:20]: photo.sha256})
        self.photos.delete_part(photo.sha256[:20])
        with self.store.writing() as tx:
            photos.end_uploads(tx, {photo.sha256[:20]: photo.sha256})
            size = {"bytes": photo.bytes, "width": 1600, "height": 1200}
            photos.add(tx, [{"sha256": photo.sha256, **size}], self.now)

    def part_of_photo(self, photo: Photo, content: bytes) -> None:
        """Some of the photo arrives."""
        with self.store.writing() as tx:
            row = {
                "upload": photo.sha256[:20],
                "device": self.phone.device,
                "length": photo.bytes,
                "sha256": photo.sha256,
                "expires_at": self.now + timedelta(days=1),
            }
            photos.add_uploads(tx, [row])
        self.photos.write(photo.sha256[:20], 0, content)

    def sign_in(self, code: str, password: str = PASSWORD, next: str = "/") -> Response:
        asked = self.client.get("/sign-in", params={"next": next})
        form = {"csrf": token(asked), "staff": code, "password": password, "next": next}
        return self.client.post("/sign-in", data=form, follow_redirects=False)

    def at(self, code: str, keep: str = "") -> Client:
        """The console, signed in; without the password, which is slow by design. Of all cookies
        the one named `keep` stays."""
        with self.store.writing() as tx:
            secret = open_session(tx, code, self.now)
        for cookie in list(self.client.cookies.jar):
            if cookie.name != keep:
                self.client.cookies.jar.clear(cookie.domain, cookie.path, cookie.name)
        self.client.cookies.set(COOKIE, secret, domain=self.client.base_url.host)
        return self.client

    def end_sessions(self) -> None:
        """As after half an hour without a click."""
        with self.store.writing() as tx:
            people.delete_ended_sessions(tx, self.now, self.now + timedelta(seconds=1))

    def decide(self, record: UUID, to: str, **form: str) -> Response:
        """Fills in the form of the page as it stands and sends it, as a browser would."""
        page = self.client.get(f"/records/{record}")
        return self.client.post(
            f"/records/{record}/decision",
            data=hidden(page) | {"to": to} | form,
            follow_redirects=False,
        )


def set_up(store: Store) -> None:
    """The demo county, with this file's duty posts in the place of its own."""
    seed(store, COUNTY, {})
    password = hash_password(PASSWORD)
    with store.writing() as tx:
        for code, (role, community) in POSTS.items():
            tx.run(delete(staff).where(staff.c.bureau == tx.bureau, staff.c.staff == code))
            people.add(
                tx,
                staff=code,
                role=role.value,
                community=community,
                grid="g03" if role is Role.GRID else None,
                password_hash=password,
            )


def a_place(**changes: Any) -> Place:
    plain = Place(
        community=HOME,
        grid="g03",
        compound="c001",
        compound_name="样例苑小区",
        building="3号楼",
        unit="2单元",
        venue="RESIDENTIAL",
    )
    return plain.changed(**changes)


def a_photo(n: int = 1, at: datetime | None = None) -> Photo:
    return Photo(
        sha256=f"{n:064x}"[::-1],
        bytes=200_000,
        width=1600,
        height=1200,
        taken_at=at or datetime.now(UTC),
        what="SIGNBOARD",
        redaction_reviewed=True,
    )


def a_jpeg() -> bytes:
    file = BytesIO()
    Image.new("RGB", (1600, 1200), (120, 140, 130)).save(file, "JPEG")
    return file.getvalue()


def token(page: Response) -> str:
    found = TOKEN.search(page.text)
    assert found, page.text
    return unescape(found[1])


def hidden(page: Response) -> dict[str, str]:
    """The hidden fields of the decision form."""
    form = page.text.partition('id="decide"')[2]
    fields = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form)
    return {name: unescape(value) for name, value in fields}
