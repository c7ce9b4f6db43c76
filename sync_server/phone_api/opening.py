"""Reads the body of a sync call into its envelope and its validated arrivals; no database."""

from collections.abc import Sequence
from dataclasses import dataclass

from contract import wire
from contract.protocol import MAX_ARRIVALS, MAX_PHOTOS_ASKED, PROTOCOL, SyncRequest
from contract.wire import Json
from sync_server import problems
from sync_server.intake.salvage import check_cost, split_body
from sync_server.intake.validate import RefusedArrival, UnreadableArrival, ValidArrival, validate
from sync_server.phone_api.bodies import RequestBody

OLDEST_PROTOCOL = 1
MOST_LISTED = {"arrivals": MAX_ARRIVALS, "photos": MAX_PHOTOS_ASKED}


@dataclass(frozen=True, slots=True)
class ReadCall:
    """The envelope of a call, and its arrivals as sent by the duty post `author`."""

    asked: SyncRequest
    arrivals: Sequence[ValidArrival | RefusedArrival]
    author: str


def read_call(body: RequestBody, most: int, author: str) -> ReadCall | problems.Problem:
    """Unzips, parses and validates the body of a call, of at most `most` bytes unzipped; or the
    problem to answer. Blocks: up to 0.1 s for the costliest body."""
    try:
        asked, things = open_body(body.plain(most))
    except problems.Problem as problem:
        # Its frames would hold the body until garbage is collected.
        return problem.with_traceback(None)
    return ReadCall(asked, [validate(thing, author) for thing in things], author)


def open_body(raw: bytes) -> tuple[SyncRequest, Sequence[Json | UnreadableArrival]]:
    """Parses the body of a call into the envelope and its arrivals. If it cannot be parsed whole,
    each arrival is parsed alone, for only one of them may be unreadable.

    Raises ContractTooOld before any other problem with what it says; NotJson, UnreadableRequest,
    BatchTooLarge or TooLarge.
    """
    check_cost(raw)
    try:
        try:
            thing, salvaged = wire.parse_json(raw), None
        except (wire.Unreadable, ValueError):  # 1e999 is JSON, and no number of ours
            envelope, pieces = split_body(raw)
            thing, salvaged = wire.parse_json(envelope), [_parse_alone(piece) for piece in pieces]
        _check_envelope(thing)
        asked = wire.validate(SyncRequest, thing)
    except wire.Unreadable as error:
        raise unreadable_problem(error) from error
    return asked, asked.arrivals if salvaged is None else salvaged


def unreadable_problem(error: wire.Unreadable) -> problems.Problem:
    """The problem to answer a body with that cannot be read."""
    if error.code == "wrong_shape":
        return problems.UnreadableRequest(error.field)
    return problems.NotJson(error.code)


def _check_envelope(thing: Json) -> None:
    """Before the model looks at it: that would describe each of 100,000 misfits."""
    known = thing if isinstance(thing, dict) else {}
    protocol = known.get("protocol")
    if isinstance(protocol, int) and protocol < OLDEST_PROTOCOL:
        raise problems.ContractTooOld(f"speak protocol {OLDEST_PROTOCOL} to {PROTOCOL}")
    for name, most in MOST_LISTED.items():
        listed = known.get(name)
        if isinstance(listed, list) and len(listed) > most:
            raise problems.BatchTooLarge(f"at most {most} {name}")


def _parse_alone(piece: bytes) -> Json | UnreadableArrival:
    try:
        return wire.parse_json(piece)
    except wire.Unreadable as error:
        return UnreadableArrival(piece, error.code)
    except ValueError:
        return UnreadableArrival(piece, "not_json")
