"""Every setting, from the environment, in one frozen value."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

MB = 1024 * 1024
DATABASE = "sqlite:///var/bureau.db"
PHOTOS = "var/photos"
BUREAU = "9999"
PORT = 8000
Clock = Callable[[], datetime]


def server_clock() -> datetime:
    """The server's own time; no decision is made by a phone's clock."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits on requests. Sizes in bytes, ages in seconds."""

    body: int = 2 * MB
    unzipped: int = 4 * MB  # fifty arrivals of 64 KB, and the envelope
    photo: int = 2 * MB
    pixels: int = 25_000_000
    open_uploads: int = 200
    upload_age: int = 7 * 86_400
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


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one bureau's server."""

    database: str = DATABASE
    photos: Path = Path(PHOTOS)
    bureau: str = BUREAU
    port: int = PORT
    secure_cookie: bool = False  # only where neither address nor certificate tell: see is_https
    address: str = ""  # the URL at which phones reach this server
    certificate: str = ""  # PEM files: with both, this server speaks TLS itself
    certificate_key: str = ""
    proxies: str = ""  # addresses of proxies that are believed who is calling, with commas between
    limits: Limits = Limits()
    connections: ConnectionLimits = ConnectionLimits()

    @property
    def is_https(self) -> bool:
        """Whether browsers reach this server by TLS: its own, or that of the proxy before it."""
        by_address = self.address.lower().startswith("https://")
        return self.secure_cookie or bool(self.certificate_key) or by_address

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Reads XUNCHA_DATABASE, _PHOTOS, _BUREAU, _SECURE_COOKIE (0 or 1), _ADDRESS,
        _CERTIFICATE, _CERTIFICATE_KEY, _PROXIES, PORT and CONNECTION_VARIABLES."""
        connections = {
            field: float(environment[name]) if field.endswith("_s") else int(environment[name])
            for name, field in CONNECTION_VARIABLES.items()
            if environment.get(name)
        }
        return cls(
            database=environment.get("XUNCHA_DATABASE", DATABASE),
            photos=Path(environment.get("XUNCHA_PHOTOS", PHOTOS)),
            bureau=environment.get("XUNCHA_BUREAU", BUREAU),
            port=int(environment.get("PORT", PORT)),
            address=environment.get("XUNCHA_ADDRESS", ""),
            certificate=environment.get("XUNCHA_CERTIFICATE", ""),
            certificate_key=environment.get("XUNCHA_CERTIFICATE_KEY", ""),
            connections=ConnectionLimits(**connections),  # type: ignore[arg-type]  # by name
            proxies=environment.get("XUNCHA_PROXIES", ""),
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
            "XUNCHA_PROXIES": self.proxies,
            "PORT": str(self.port),
        } | {
            name: str(getattr(self.connections, field))
            for name, field in CONNECTION_VARIABLES.items()
        }
