"""Whether one arrival can be recorded, from its own words alone: no database, no clock."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Self
from uuid import UUID

from contract import wire
from contract.codelists import built_in
from contract.patrol import Patrol
from contract.protocol import ArrivalKind, Refusal
from contract.report import Report, Suggestion, Withdrawal
from contract.rules import Flaw, flaws, seal_flaws, suggestion_flaws
from contract.wire import Json

Sent = Report | Patrol | Withdrawal | Suggestion


@dataclass(frozen=True, slots=True)
class UnreadableArrival:
    """Bytes that are no arrival; `code` says why they cannot be read."""

    raw: bytes
    code: str


@dataclass(frozen=True, slots=True)
class ValidArrival:
    """An arrival that may be recorded: the `id` it was minted under, its canonical bytes `raw` and
    their SHA-256 `digest`."""

    kind: ArrivalKind
    sent: Sent
    id: str
    digest: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class RefusedArrival:
    """An arrival that is refused and kept aside."""

    refusal: Refusal
    raw: bytes

    @classmethod
    def of(cls, fit: ValidArrival, code: str) -> Self:
        """A fit arrival that is refused for another reason."""
        refusal = Refusal(
            digest=fit.digest, kind=fit.kind, id=fit.sent.id, revision=fit.sent.revision, code=code
        )
        return cls(refusal, fit.raw)


def validate(thing: Json | UnreadableArrival, author: str) -> ValidArrival | RefusedArrival:
    """Reads `{"kind": …, "body": …}` for the worker `author`; codes: those of `wire.read`,
    wrong_shape, unknown_kind, not_yours, flawed."""
    if isinstance(thing, UnreadableArrival):
        return RefusedArrival(
            Refusal(digest=sha256(thing.raw).hexdigest(), code=thing.code), thing.raw
        )
    raw = wire.canonical(thing)
    digest = sha256(raw).hexdigest()
    try:
        kind, sent = _read(thing)
    except wire.Unreadable as error:
        return RefusedArrival(
            _refusal(digest, thing, code=error.code, field=error.field[:100]), raw
        )
    if sent.author != author:
        return RefusedArrival(_refusal(digest, thing, code="not_yours"), raw)
    if found := KINDS[kind][1](sent):
        return RefusedArrival(_refusal(digest, thing, code="flawed", flaws=found), raw)
    return ValidArrival(kind, sent, str(sent.id), digest, raw)


def _read(thing: Json) -> tuple[ArrivalKind, Sent]:
    if not isinstance(thing, dict) or not isinstance(thing.get("kind"), str):
        raise wire.Unreadable("wrong_shape", "kind")
    if thing["kind"] not in KINDS:
        raise wire.Unreadable("unknown_kind", "kind")
    kind = ArrivalKind(thing["kind"])
    return kind, wire.validate(KINDS[kind][0], thing.get("body"))


def _refusal(digest: str, thing: Json, **why: Any) -> Refusal:
    """Names the report when the unreadable thing still says which one it was."""
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


def _none(_: Any) -> tuple[Flaw, ...]:
    return ()


Check = Callable[[Any], tuple[Flaw, ...]]
KINDS: dict[str, tuple[type[Any], Check]] = {
    ArrivalKind.REPORT: (Report, _report),
    ArrivalKind.PATROL: (Patrol, _none),
    ArrivalKind.WITHDRAWAL: (Withdrawal, _none),
    ArrivalKind.SUGGESTION: (Suggestion, suggestion_flaws),
}
