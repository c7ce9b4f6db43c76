"""Older and newer programs than this one, as the other side sees them: what they leave out, what
they do not know, what they say more."""

import gzip
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from contract import wire

LATER_KEYS = ("ledger", "heard")  # of a request, which the first phones did not say
LATER_NEWS = ("forgot", "retold", "heard")  # of a reply, which the first bureaus did not tell
UNHEARD_OF = {"kind": "census", "body": {"id": "0199aaaa-0000-7000-8000-000000000001", "n": 3}}
Headers = list[tuple[bytes, bytes]]


class Age(StrEnum):
    """Which version of the contract a program speaks."""

    FIRST = "first"
    TODAY = "today"
    LATER = "later"
    TOO_OLD = "too old"


@dataclass
class Speech:
    """How one phone and the bureau talk, each at its age."""

    phone: Age = Age.TODAY
    bureau: Age = Age.TODAY
    unknown_refused: int = 0
    misjudged: int = 0  # something unheard of that was not refused as such

    @property
    def plain(self) -> bool:
        return self.phone is Age.TODAY and self.bureau is Age.TODAY

    def asked(self, body: bytes, headers: Headers) -> tuple[bytes, Headers]:
        """A sync call as this phone would have made it and this bureau would have read it."""
        if self.plain:
            return body, headers
        known = dict(headers)
        zipped = known.get(b"content-encoding") == b"gzip"
        asked = wire.parse_json(gzip.decompress(body) if zipped else body)
        if Age.FIRST in {self.phone, self.bureau} or self.phone is Age.TOO_OLD:
            for key in LATER_KEYS:
                asked.pop(key, None)
        if self.phone is Age.TOO_OLD:
            asked["protocol"] = 0
        if self.phone is Age.LATER:
            asked |= {"mood": "fine", "battery": {"level": 0.5}}
            if len(asked.get("arrivals", ())) < 50:
                asked["arrivals"] = [UNHEARD_OF, *asked.get("arrivals", ())]
        raw = wire.canonical(asked)
        known |= {b"content-length": str(len(raw)).encode()}
        known.pop(b"content-encoding", None)
        return raw, list(known.items())

    def told(self, body: bytes, headers: Headers) -> tuple[bytes, Headers]:
        """A reply as this bureau would have given it and this phone would have read it."""
        known = dict(headers)
        if known.get(b"content-type") == b"application/problem+json":
            return self._refused(body), headers
        if self.plain or known.get(b"content-type") != b"application/json":
            return body, headers
        zipped = known.get(b"content-encoding") == b"gzip"
        told = wire.parse_json(gzip.decompress(body) if zipped else body)
        if "server_time" not in told or "token" in told:
            return body, headers
        self._looked(told)
        if Age.FIRST in {self.phone, self.bureau}:
            for key in LATER_NEWS:
                told.pop(key, None)
        if self.bureau is Age.LATER:
            told |= {"weather": "snow", "tasks": [{"id": 1}]}
            for one in (*told.get("receipts", ()), *told.get("answers", ())):
                one["seal"] = "later"
        raw = wire.canonical(told)
        known |= {b"content-length": str(len(raw)).encode()}
        known.pop(b"content-encoding", None)
        return raw, list(known.items())

    def _refused(self, body: bytes) -> bytes:
        """The first ones knew of no farewell. Its place is filled: the length was told before."""
        if Age.FIRST not in {self.phone, self.bureau} or b'"farewell":' not in body:
            return body
        return body.replace(b'"farewell":', b'"farewel_":')

    def _looked(self, told: wire.Json) -> None:
        if self.phone is not Age.LATER:
            return
        digest = sha256(wire.canonical(UNHEARD_OF)).hexdigest()
        codes = [one["code"] for one in told.get("refusals", ()) if one["digest"] == digest]
        self.unknown_refused += codes == ["unknown_kind"]
        self.misjudged += codes not in ([], ["unknown_kind"])
