"""Every setting, from the environment, in one frozen value."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Self, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from contract.zone import CHINA
from sync_server.domain.clocks import Levels
from sync_server.domain.retention import Retention

MB = 1024 * 1024
DATABASE = "sqlite:///var/bureau.db"
PHOTOS = "var/photos"
BUREAU = "9999"
TIMEZONE = "Asia/Shanghai"
PORT = 8000
FIELD_APP = "build/app"
HOLD_S, MOST_HOLD_S, MOST_DAYS = 60, 3_600, 365
DEFAULT_LEVELS = Levels()
DEFAULT_RETENTION = Retention()
MOST_KEPT_DAYS = 730  # rule L12
Clock = Callable[[], datetime]
T = TypeVar("T")
N = TypeVar("N", int, float)


def server_clock() -> datetime:
    """The server's own time; no decision is made by a phone's clock."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class DailyQuota:
    """What one device may leave at the bureau on one day: arrivals, their bytes, photos, their
    bytes. More than 14 days without network bring: 500 reports and 400 MB of photos."""

    arrivals: int = 2_000
    bytes: int = 16 * MB
    photos: int = 2_000
    photo_bytes: int = 512 * MB


# What a setting must leave room for: 14 days without network come home on one day.
LEAST_DAILY = DailyQuota(500, 2 * MB, 500, 400 * MB)
# For load tests: one of their phones sends in seconds what others do in years.
UNBOUNDED = DailyQuota(10**9, 10**15, 10**9, 10**15)


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits on requests. Sizes in bytes, ages in seconds."""

    body: int = 2 * MB
    unzipped: int = 4 * MB  # fifty arrivals of 64 KB, and the envelope
    photo: int = 2 * MB
    pixels: int = 25_000_000
    open_uploads: int = 200
    upload_age: int = 7 * 86_400
    unnamed_age: int = 7 * 86_400  # of a photo that no report names
    daily: DailyQuota = DailyQuota()
    enrolment_age: int = 72 * 3_600


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """Limits on connections: how many, of all and of one address (of an IPv6 /64); seconds for the
    head of a request, for its body (and one more for each `body_pace` bytes that came), and for
    reading an answer; and bytes of a head."""

    most: int = 1_000
    of_one: int = 200
    head_s: float = 20
    body_s: float = 120
    body_pace: int = 256
    unread_s: float = 60
    head_bytes: int = 32 * 1024


# The environment variable of each limit on connections.
CONNECTION_VARIABLES = {
    "XUNCHA_CONNECTIONS": "most",
    "XUNCHA_CONNECTIONS_OF_ONE": "of_one",
    "XUNCHA_HEAD_SECONDS": "head_s",
    "XUNCHA_BODY_SECONDS": "body_s",
    "XUNCHA_BODY_PACE": "body_pace",
    "XUNCHA_UNREAD_SECONDS": "unread_s",
    "XUNCHA_HEAD_BYTES": "head_bytes",
}
# Likewise of the working days of each clock of a case.
LEVEL_VARIABLES = {f"XUNCHA_DAYS_{name.upper()}": name for name in Levels.__slots__}
# Likewise of the days for which the bureau keeps what.
KEEP_VARIABLES = {f"XUNCHA_KEEP_{name.upper()}": name for name in Retention.__slots__}
# Likewise of what one device may leave on one day.
DAILY_VARIABLES = {
    "XUNCHA_DAILY_ARRIVALS": "arrivals",
    "XUNCHA_DAILY_BYTES": "bytes",
    "XUNCHA_DAILY_PHOTOS": "photos",
    "XUNCHA_DAILY_PHOTO_BYTES": "photo_bytes",
}


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one bureau's server."""

    database: str = DATABASE
    photos: Path = Path(PHOTOS)
    bureau: str = BUREAU
    port: int = PORT
    field_app: Path = Path(FIELD_APP)  # that phones get under /app/; may be missing
    app_host: str = ""  # the name under which alone it is given out; "" for the console's
    secure_cookie: bool = False  # only where neither address nor certificate tell: see is_https
    address: str = ""  # the URL at which phones reach this server
    certificate: str = ""  # PEM files: with both, this server speaks TLS itself
    certificate_key: str = ""
    arrival_key: str = ""  # a file apart from database and backups; else see `key_file`
    timezone: str = TIMEZONE  # of the bureau, by its name in the tz database
    anchors: str = ""  # a file on another machine, to which anchors of the audit log are appended
    proxies: str = ""  # addresses of proxies that are believed who is calling, with commas between
    hold_s: float = HOLD_S  # seconds that an answer waits before a phone may hear it
    levels: Levels = DEFAULT_LEVELS
    retention: Retention = DEFAULT_RETENTION
    limits: Limits = Limits()
    connections: ConnectionLimits = ConnectionLimits()

    @property
    def is_https(self) -> bool:
        """Whether browsers reach this server by TLS: its own, or that of the proxy before it."""
        by_address = self.address.lower().startswith("https://")
        return self.secure_cookie or bool(self.certificate_key) or by_address

    @property
    def zone(self) -> tzinfo:
        """The bureau's time zone. Raises ValueError for a name that the system does not know."""
        if self.timezone == TIMEZONE:
            return CHINA  # needs no tz database
        try:
            return ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(f"XUNCHA_TIMEZONE: {self.timezone[:40]!r}") from None

    @property
    def key_file(self) -> Path:
        """Where the key of what phones sent is: made at the first start."""
        return Path(self.arrival_key or self.photos.parent / "keys" / "arrivals.key")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Reads XUNCHA_DATABASE, _PHOTOS, _BUREAU, _SECURE_COOKIE (0 or 1), _ADDRESS,
        _CERTIFICATE, _CERTIFICATE_KEY, _ARRIVAL_KEY, _TIMEZONE, _ANCHORS, _PROXIES, _FIELD_APP,
        _APP_HOST, _HOLD_SECONDS, PORT, CONNECTION_VARIABLES, DAILY_VARIABLES,
        LEVEL_VARIABLES and KEEP_VARIABLES."""
        return cls(
            database=environment.get("XUNCHA_DATABASE", DATABASE),
            photos=Path(environment.get("XUNCHA_PHOTOS", PHOTOS)),
            bureau=environment.get("XUNCHA_BUREAU", BUREAU),
            port=_number("PORT", environment.get("PORT") or str(PORT), int),
            address=environment.get("XUNCHA_ADDRESS", ""),
            certificate=environment.get("XUNCHA_CERTIFICATE", ""),
            certificate_key=environment.get("XUNCHA_CERTIFICATE_KEY", ""),
            connections=_from_variables(ConnectionLimits, CONNECTION_VARIABLES, environment),
            limits=Limits(daily=_daily(environment)),
            hold_s=_hold(environment),
            levels=_days(Levels, LEVEL_VARIABLES, environment, MOST_DAYS),
            retention=_days(Retention, KEEP_VARIABLES, environment, MOST_KEPT_DAYS),
            arrival_key=environment.get("XUNCHA_ARRIVAL_KEY", ""),
            timezone=environment.get("XUNCHA_TIMEZONE") or TIMEZONE,
            anchors=environment.get("XUNCHA_ANCHORS", ""),
            proxies=environment.get("XUNCHA_PROXIES", ""),
            field_app=Path(environment.get("XUNCHA_FIELD_APP", FIELD_APP)),
            app_host=environment.get("XUNCHA_APP_HOST", ""),
            secure_cookie=environment.get("XUNCHA_SECURE_COOKIE", "0") == "1",
        )

    def environment(self) -> dict[str, str]:
        """The environment from which another process reads these settings."""
        return {
            "XUNCHA_DATABASE": self.database,
            "XUNCHA_PHOTOS": str(self.photos),
            "XUNCHA_BUREAU": self.bureau,
            "XUNCHA_SECURE_COOKIE": str(int(self.secure_cookie)),
            "XUNCHA_ADDRESS": self.address,
            "XUNCHA_CERTIFICATE": self.certificate,
            "XUNCHA_CERTIFICATE_KEY": self.certificate_key,
            "XUNCHA_ARRIVAL_KEY": self.arrival_key,
            "XUNCHA_TIMEZONE": self.timezone,
            "XUNCHA_ANCHORS": self.anchors,
            "XUNCHA_PROXIES": self.proxies,
            "XUNCHA_FIELD_APP": str(self.field_app),
            "XUNCHA_APP_HOST": self.app_host,
            "XUNCHA_HOLD_SECONDS": str(self.hold_s),
            "PORT": str(self.port),
        } | self._numbers()

    def _numbers(self) -> dict[str, str]:
        """The limits and levels, by their variables."""
        groups = (
            (self.connections, CONNECTION_VARIABLES),
            (self.limits.daily, DAILY_VARIABLES),
            (self.levels, LEVEL_VARIABLES),
            (self.retention, KEEP_VARIABLES),
        )
        return {
            name: str(getattr(of, field)) for of, names in groups for name, field in names.items()
        }


def _daily(environment: Mapping[str, str]) -> DailyQuota:
    """The quota of a day. Raises ValueError for one that would put off what a phone must be able to
    leave."""
    found = _from_variables(DailyQuota, DAILY_VARIABLES, environment)
    for name, field in DAILY_VARIABLES.items():
        if getattr(found, field) < (least := getattr(LEAST_DAILY, field)):
            raise ValueError(f"{name}: at least {least}")
    return found


def _hold(environment: Mapping[str, str]) -> float:
    """Seconds from 0 to an hour. Raises ValueError for others."""
    name = "XUNCHA_HOLD_SECONDS"
    found = _number(name, environment.get(name) or str(HOLD_S), float)
    if not 0 <= found <= MOST_HOLD_S:
        raise ValueError(f"{name}: 0 to {MOST_HOLD_S}")
    return found


def _days(
    of: type[T], variables: Mapping[str, str], environment: Mapping[str, str], most: int
) -> T:
    """Each from 1 to `most` days. Raises ValueError for others."""
    found = _from_variables(of, variables, environment)
    for name, field in variables.items():
        if not 1 <= getattr(found, field) <= most:
            raise ValueError(f"{name}: 1 to {most}")
    return found


def _from_variables(of: type[T], variables: Mapping[str, str], environment: Mapping[str, str]) -> T:
    """These limits, of which variables that are set say another number. Raises ValueError."""
    told = {
        field: _number(name, environment[name], float if field.endswith("_s") else int)
        for name, field in variables.items()
        if environment.get(name)
    }
    return of(**told)


def _number(name: str, written: str, kind: Callable[[str], N]) -> N:
    try:
        return kind(written)
    except ValueError:
        raise ValueError(f"{name}: {written[:40]!r}") from None
