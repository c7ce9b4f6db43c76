"""Whether phones and bureau hold the same in the end: records, ledgers, answers and pictures."""

from itertools import groupby
from types import SimpleNamespace
from typing import Any

from contract import protocol, wire
from contract.cases import CLOSED, CaseState
from contract.protocol import GENESIS
from contract.report import Report, Withdrawal
from sync_server.domain.case_events import effective
from sync_server.store.arrival_key import read_key
from tests.simulation.truth import Sealed
from tests.simulation.world import Broken, World

Rows = dict[str, list[dict[str, Any]]]
UNDECIDED = {CaseState.REPORTED, CaseState.RETURNED}


def records_are_the_fold(world: World, found: Rows) -> None:
    """Each record is what all its arrivals make, whatever order they came in."""
    by_id: dict[str, list[dict[str, Any]]] = {}
    for row in found["arrivals"]:
        by_id.setdefault(row["id"], []).append(row)
    photos: dict[str, list[str]] = {}
    for row in sorted(found["record_photos"], key=lambda row: (row["id"], row["n"])):
        photos.setdefault(row["id"], []).append(row["sha256"])
    steps = cases(found)
    for record in found["records"]:
        sent = {row["digest"]: row for row in by_id[record["id"]] if row["kind"] == "report"}
        revision = max(row["revision"] for row in sent.values())
        rivals = sorted(digest for digest, row in sent.items() if row["revision"] == revision)
        shown = rivals.pop()
        report = wire.validate(Report, _body(world, sent[shown]))
        if any(step.after in CLOSED for step in effective(steps.get(record["id"], ()))):
            report = report.changed(fix=None)  # rule L8, also where it was opened again
        want = [revision, shown, rivals, bool(rivals), report, report.author, report.device]
        have = [record[name] for name in ("revision", "digest", "rivals", "disputed")]
        have += [Report.model_validate(record["body"]), record["author"], record["device"]]
        if have != want:
            raise Broken("a record is not the fold", f"{record['id']}\n{have}\n{want}")
        if photos.get(record["id"], []) != [photo.sha256 for photo in report.photos]:
            raise Broken("a record's pictures are not the fold", record["id"])
        _withdrawn(world, record, by_id[record["id"]])


def cases(found: Rows) -> dict[str, list[SimpleNamespace]]:
    """The steps of each record's case, in order."""
    steps = sorted(found["case_events"], key=lambda row: (row["id"], row["n"]))
    each = groupby((SimpleNamespace(**row) for row in steps), key=lambda step: step.id)
    return {id: list(own) for id, own in each}


def _body(world: World, arrival: dict[str, Any]) -> Any:
    """What the phone sent: it lies there sealed."""
    key = read_key(world.machine.key_file)
    assert key, "the bureau has lost its key"
    return wire.parse_json(key.opened(arrival["raw"], arrival["digest"]))["body"]


def _withdrawn(world: World, record: dict[str, Any], arrivals: list[dict[str, Any]]) -> None:
    wishes = [
        wire.validate(Withdrawal, _body(world, row)).at
        for row in arrivals
        if row["kind"] == "withdrawal"
    ]
    at = record["withdrawn_at"]
    if (at is not None and at not in wishes) or (
        record["state"] in UNDECIDED and at != min(wishes, default=None)
    ):
        raise Broken("a withdrawal is not the fold", record["id"])


def ledgers_agree(world: World, found: Rows) -> None:
    """Each device's chain follows from its beginning, and what a phone holds of it is the same."""
    chains: dict[str, dict[int, dict[str, Any]]] = {}
    for row in found["arrivals"]:
        chains.setdefault(row["device"], {})[row["position"]] = row
    for device in found["devices"]:
        chain, before = chains.get(device["device"], {}), GENESIS
        for position in range(1, len(chain) + 1):
            if position not in chain:
                raise Broken("a gap in the bureau's ledger", device["device"])
            row = chain[position]
            before = protocol.link_hash(before, position, row["digest"], row["number"])
            if row["hash"] != before:
                raise Broken("the bureau's ledger does not follow", device["device"])
        if (device["position"], device["hash"]) != (len(chain), before):
            raise Broken("a ledger's head is not its end", device["device"])
    for phone in world.phones.values():
        identity = phone.memory.identity()
        chain = chains.get(identity.device, {}) if identity else {}
        for position in range(1, len(chain) + 3):
            link, row = phone.memory.link(position), chain.get(position, {})
            if link and (link.digest, link.hash) != (row.get("digest"), row.get("hash")):
                raise Broken("the ledgers disagree", f"phone {phone.name} at {position}")


def answers_came_home(world: World, found: Rows) -> None:
    """Every answer of the post, in order, none skipped, on each of its phones."""
    for phone in world.phones.values():
        due = sorted(
            (row for row in found["answers"] if row["author"] == phone.post),
            key=lambda row: row["seq"],
        )
        if [row["seq"] for row in due] != list(range(1, len(due) + 1)):
            raise Broken("the bureau's answers have a gap", phone.post)
        if not phone.memory.identity():
            continue
        have = [(a.seq, str(a.report), a.state, a.comment) for a in phone.notebook.answers()]
        want = [(row["seq"], row["report"], row["state"], row["comment"]) for row in due]
        if have != want:
            raise Broken("answers skipped or out of order", f"phone {phone.name} {have} {want}")
        for entry in phone.notebook.entries(limit=1_000):
            told = [answer.seq for answer in entry.answers]
            if told != [row["seq"] for row in due if row["report"] == str(entry.report.id)]:
                raise Broken("an entry's answers", f"phone {phone.name} {entry.report.id} {told}")


def pictures_are_whole(world: World, found: Rows) -> None:
    """Each picture of a shown report, byte for byte; and no picture that no report brought, be it
    one that a restored bureau has forgotten. What a worker took back keeps its pictures on the
    phone, even where the bureau had accepted it."""
    truth, store = world.truth, world.machine.shelf()
    back = {row["id"] for row in found["arrivals"] if row["kind"] == "withdrawal"}
    for record in found["records"]:
        one = truth.sealed[record["digest"]]
        for sha in one.pictures if record["id"] not in back else ():
            kept = store.get(sha)
            if kept != truth.pictures[sha] and not (kept is None and _gone(world, one, sha)):
                raise Broken("a picture is missing or not the same", sha[:8])
    for row in found["photos"]:
        if row["sha256"] not in store:
            raise Broken("the bureau counts a picture that it has not", row["sha256"][:8])
    here = {row["digest"] for row in found["arrivals"]}
    came = (one for digest, one in truth.sealed.items() if digest in here or one.rolled_back)
    if strange := store.keys() - {sha for one in came for sha in one.pictures}:
        raise Broken("a picture left without its report", min(strange)[:8])


def _gone(world: World, one: Sealed, sha: str) -> bool:
    """Nobody can send it any more, and that is nobody's mistake."""
    return not one.holders or sha in world.truth.lost_pictures
