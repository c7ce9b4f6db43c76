"""Whether the bureau's cases, tasks and complaints are in the end what was done about them."""

from collections import Counter
from datetime import datetime
from types import SimpleNamespace

from contract.cases import CLOSED, CaseState
from sync_server.casework.answering import is_explained
from sync_server.casework.case_rules import note_answered_due, recompute_due
from sync_server.domain.case_events import StepKind, effective
from sync_server.domain.cases import rule
from sync_server.domain.clocks import Levels
from sync_server.domain.roles import Role
from sync_server.store import lead_counts
from tests.simulation.agreement import Rows, cases
from tests.simulation.office import GRIDS
from tests.simulation.scenery import rows
from tests.simulation.world import Broken, World

NUMBERS = ("all", "closed")  # of leads, as lead_counts keeps them
COMPLAINT_STEPS = {"take_complaint", "put_to_lead", "answer_complaint", "return_complaint"}


def decisions_are_answered(_: World, found: Rows) -> None:
    """Every decision that was not undone has its answer, in the words of the decision; one that no
    phone of its post has called for since may still wait."""
    left = [step for case in cases(found).values() for step in effective(case)]
    made = sorted(
        (one.id, _state_told(one), one.comment if is_explained(one) else "")
        for one in left
        if _is_told(one)
    )
    answers = [*found["answers"], *found["held_answers"]]
    told = sorted((row["report"], row["state"], row["comment"]) for row in answers)
    if made != told:
        raise Broken("a decision without its answer", str(set(made) ^ set(told)))


def _is_told(step: SimpleNamespace) -> bool:
    """A worker hears what was decided about their report or about the one that leads its case, and
    that it has a case of its own again; not how the bureau rates itself."""
    if step.kind == StepKind.PART:
        return bool(step.before != step.after)
    is_made = step.kind == StepKind.FOLLOW or (
        step.kind == StepKind.MOVE and (step.role != Role.GRID or _is_objection(step))
    )
    return is_made and _state_told(step) != CaseState.RATED


def _is_objection(step: SimpleNamespace) -> bool:
    """A worker doubts the result."""
    is_over = step.role == Role.GRID and step.before in CLOSED
    return bool(is_over and step.after == CaseState.OBJECTED)


def _state_told(step: SimpleNamespace) -> str:
    return str((step.said or {}).get("state", step.after))


def cases_are_their_steps(_: World, found: Rows) -> None:
    """Each step begins where the one before ended, by somebody who may make it; an undo leads back;
    and the record stands where its last step left it."""
    steps = cases(found)
    for record in found["records"]:
        state = CaseState.REPORTED.value
        case = steps.get(record["id"], [])
        for step in case:
            if step.before != state or not (step.kind == StepKind.UNDO or _may_be(step)):
                raise Broken("a step that the table has not", f"{record['id']} {step}")
            state = step.after
        last = [step.after for step in effective(case)][-1:]
        if [record["state"]] != (last or [CaseState.REPORTED]) or state != record["state"]:
            raise Broken("a record is not where its steps lead", f"{record['id']} {state} {last}")


def _may_be(step: SimpleNamespace) -> bool:
    """A new revision of a decided record is a step to where it stands."""
    if step.kind in (StepKind.FOLLOW, StepKind.PART):
        return True
    found = rule(StepKind(step.kind), step.before, step.after)
    is_revision = step.role == Role.GRID and step.before == step.after
    return (
        is_revision or _is_objection(step) or (found is not None and Role(step.role) in found.roles)
    )


def followers_have_a_leader(_: World, found: Rows) -> None:
    """A merged report follows another one whose case is open."""
    numbered = {row["number"]: row for row in found["records"]}
    for record in found["records"]:
        leader = numbered.get(record["follows"], {})
        is_open = leader.get("state") not in (None, CaseState.MERGED, *CLOSED)
        if record["state"] == CaseState.MERGED and not is_open:
            raise Broken("a merged report follows nobody", f"{record['id']} {leader}")


def followers_hear_their_leader(_: World, found: Rows) -> None:
    """What a follower's worker is told of is a step of the leader, made at that moment and not
    undone."""
    numbers = {row["id"]: row["number"] for row in found["records"]}
    left = [step for case in cases(found).values() for step in effective(case)]
    made = {(numbers[one.id], one.at, one.after) for one in left}
    for step in left:
        if step.kind != StepKind.FOLLOW:
            continue
        if (step.same_as, step.at, _state_told(step)) not in made:
            raise Broken("a follower hears what its leader did not do", f"{step}")


def followers_hear_all(_: World, found: Rows) -> None:
    """Whoever follows a record has heard, since joining it, each step of it that workers hear."""
    case_of = {id: effective(case) for id, case in cases(found).items()}
    ids = {row["number"]: row["id"] for row in found["records"]}
    for record in found["records"]:
        own = case_of.get(record["id"], [])
        joined = _joined_at(own, record["follows"])
        if not joined:
            continue
        heard = {(step.at, _state_told(step)) for step in own if step.kind == StepKind.FOLLOW}
        for step in case_of.get(ids[record["follows"]], []):
            is_led = step.kind == StepKind.MOVE and step.role != Role.GRID and _is_told(step)
            if is_led and step.at > joined and (step.at, step.after) not in heard:
                raise Broken("a follower did not hear its leader", f"{record['id']} {step}")


def _joined_at(case: list[SimpleNamespace], leader: str | None) -> datetime | None:
    """When a record joined the one with this number that it still follows."""
    joined = None
    for step in case:
        if step.kind == StepKind.PART:
            joined = None
        elif leader and step.after == CaseState.MERGED and step.same_as == leader:
            joined = joined or step.at
    return joined


def deadlines_are_of_now(world: World, _: Rows) -> None:
    """What is noted of each deadline is what its steps make it."""
    store = world.machine.store
    with world.machine.unharmed():
        note_answered_due(store, Levels())
        noted = _due(rows(store, ("records",)))
        recompute_due(store, Levels())
        computed = _due(rows(store, ("records",)))
    if noted != computed:
        raise Broken("a deadline is not of now", str(set(noted.items()) ^ set(computed.items())))


def _due(found: Rows) -> dict[str, str]:
    return {row["id"]: str(row["due_on"]) for row in found["records"]}


def numbers_are_counted(world: World, _: Rows) -> None:
    """How many leads each building has is what counting them anew finds."""
    want: Counter[tuple[lead_counts.Building, str]] = Counter()
    with world.machine.unharmed(), world.machine.store.reading() as tx:
        have = lead_counts.held(tx)
        for place_key, (count, closed) in lead_counts.counted(tx):
            for building in lead_counts.buildings_of(place_key):
                want[building, "all"] += count
                want[building, "closed"] += closed
    kept = {
        (at, name): n for at, pair in have.items() for name, n in zip(NUMBERS, pair, strict=True)
    }
    if +want != +Counter(kept):
        raise Broken("a building's number of leads is wrong", f"{+want} {+Counter(kept)}")


def tasks_are_answered(_: World, found: Rows) -> None:
    """What was shown of a report that was made for a task is that task's result, and nothing else
    is."""
    known = {row["task"] for row in found["grid_tasks"]}
    made = {
        (record["body"]["task"], record["id"])
        for record in found["records"]
        if record["body"].get("task") in known
    }
    kept = {(row["task"], row["id"]) for row in found["task_results"]}
    if missing := made - kept:
        raise Broken("a task's report is not its result", str(missing))


def tasks_came_home(world: World, found: Rows) -> None:
    """Each phone has the tasks of its grid that are still to be done, and no other."""
    gone = {row["id"] for row in found["records"] if row["withdrawn_at"]}
    done = {row["task"] for row in found["task_results"] if row["id"] not in gone}
    for phone in world.phones.values():
        if not phone.memory.identity():
            continue
        grid = GRIDS[phone.post]
        own = [row for row in found["grid_tasks"] if row["grid"] == grid]
        want = {row["task"] for row in own if row["withdrawn_at"] is None} - done
        have = {task.id for task in phone.memory.reference().tasks or ()}
        if have != want:
            raise Broken("a phone's tasks are not its grid's", f"phone {phone.name} {have} {want}")


def complaints_are_their_steps(_: World, found: Rows) -> None:
    """A complaint has as many versions as steps were noted about it, and none after its answer went
    back."""
    noted = [row for row in found["audit"] if row["what"] in COMPLAINT_STEPS]
    steps = Counter(row["subject"] for row in noted)
    versions = {row["complaint"]: row["version"] for row in found["complaints"]}
    if versions != dict(steps):
        raise Broken("a complaint is not its steps", f"{versions} {steps}")
    last = {row["subject"]: row["what"] for row in sorted(noted, key=lambda row: row["n"])}
    for row in found["complaints"]:
        if (row["returned_at"] is not None) != (last[row["complaint"]] == "return_complaint"):
            raise Broken("a complaint went on after its answer", row["complaint"])
