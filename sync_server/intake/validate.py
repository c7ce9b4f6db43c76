"""Decides whether one arrival can be recorded, from its content alone: no database, no clock."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Self
from uuid import UUID

from contract import wire
from contract.codelists import built_in
from contract.patrol import Patrol
from contract.protocol import MAX_ARRIVAL_BYTES, ArrivalKind, Refusal
from contract.report import Objection, Report, Suggestion, Withdrawal
from contract.rules import Flaw, flaws, objection_flaws, seal_flaws, suggestion_flaws
from contract.wire import Json

Body = Report | Patrol | Withdrawal | Suggestion | Objection
TOO_LARGE = "arrival_too_large"


@dataclass(frozen=True, slots=True)
class UnreadableArrival:
    """Bytes that cannot be read as an arrival; `code` says why."""

    raw: bytes
    code: str


@dataclass(frozen=True, slots=True)
class ValidArrival:
    """An arrival that may be recorded: the `id` that its phone gave it, its canonical bytes `raw`
    and their SHA-256 `digest` in hexadecimal."""

    kind: ArrivalKind
    body: Body
    id: str
    digest: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class RefusedArrival:
    """An arrival that is refused and, unless it is too large, quarantined."""

    refusal: Refusal
    raw: bytes

    @property
    def is_kept(self) -> bool:
        """One that is too large stays on the phone alone."""
        return len(self.raw) <= MAX_ARRIVAL_BYTES

    @classmethod
    def of(cls, valid: ValidArrival, code: str) -> Self:
        """Refuses a valid arrival for a reason that its content does not show."""
        refusal = Refusal(
            digest=valid.digest,
            kind=valid.kind,
            id=valid.body.id,
            revision=valid.body.revision,
            code=code,
        )
        return cls(refusal, valid.raw)


def validate(thing: Json | UnreadableArrival, author: str) -> ValidArrival | RefusedArrival:
    """Reads `{"kind": …, "body": …}` sent by the duty post `author`. Codes of a refusal: those of
    `wire.Unreadable`, arrival_too_large, unknown_kind, not_yours, flawed."""
    if isinstance(thing, UnreadableArrival):
        code = thing.code if len(thing.raw) <= MAX_ARRIVAL_BYTES else TOO_LARGE
        return RefusedArrival(Refusal(digest=sha256(thing.raw).hexdigest(), code=code), thing.raw)
    raw = wire.canonical(thing)
    digest = sha256(raw).hexdigest()
    if len(raw) > MAX_ARRIVAL_BYTES:
        return RefusedArrival(_refusal(digest, thing, code=TOO_LARGE), raw)
    try:
        kind, body = _read(thing)
    except wire.Unreadable as error:
        return RefusedArrival(
            _refusal(digest, thing, code=error.code, field=error.field[:100]), raw
        )
    if body.author != author:
        return RefusedArrival(_refusal(digest, thing, code="not_yours"), raw)
    if found := KINDS[kind][1](body):
        return RefusedArrival(_refusal(digest, thing, code="flawed", flaws=found), raw)
    return ValidArrival(kind, body, str(body.id), digest, raw)


def _read(thing: Json) -> tuple[ArrivalKind, Body]:
    if not isinstance(thing, dict) or not isinstance(thing.get("kind"), str):
        raise wire.Unreadable("wrong_shape", "kind")
    if thing["kind"] not in KINDS:
        raise wire.Unreadable("unknown_kind", "kind")
    kind = ArrivalKind(thing["kind"])
    return kind, wire.validate(KINDS[kind][0], thing.get("body"))


def _refusal(digest: str, thing: Json, **why: Any) -> Refusal:
    """A refusal that names the report as far as the unreadable arrival still tells which it was."""
    known = thing if isinstance(thing, dict) else {}
    body = known.get("body")
    body = body if isinstance(body, dict) else {}
    kind, revision = known.get("kind"), body.get("revision")
    return Refusal(
        digest=digest,
        kind=kind if kind in KINDS else None,
        id=_uuid(body.get("id")),
        revision=revision if isinstance(revision, int) else None,
        **why,
    )


def _uuid(text: object) -> UUID | None:
    try:
        return UUID(text) if isinstance(text, str) else None
    except ValueError:
        return None


def _report(report: Any) -> tuple[Flaw, ...]:
    return (*flaws(report, built_in()), *seal_flaws(report))


def _no_flaws(_: Any) -> tuple[Flaw, ...]:
    return ()


Check = Callable[[Any], tuple[Flaw, ...]]
KINDS: dict[str, tuple[type[Any], Check]] = {
    ArrivalKind.REPORT: (Report, _report),
    ArrivalKind.PATROL: (Patrol, _no_flaws),
    ArrivalKind.WITHDRAWAL: (Withdrawal, _no_flaws),
    ArrivalKind.SUGGESTION: (Suggestion, suggestion_flaws),
    ArrivalKind.OBJECTION: (Objection, objection_flaws),
}
