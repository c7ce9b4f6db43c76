"""A supervisor changes phrases that are proposed for answers, or has the built-in ones again."""

from datetime import datetime

from contract.codelists import built_in
from sync_server.casework.answering import UNTOLD, is_explained
from sync_server.domain.cases import MOVES
from sync_server.domain.phrases import PhraseSlot, Way, lines_of, phrase_flaw, phrase_slots
from sync_server.domain.roles import Permission, Staff, permissions
from sync_server.problems import BadEntry, NotAllowed, NotFound, StateChanged
from sync_server.store import audit_log, phrases
from sync_server.store.audit_log import AuditEntry
from sync_server.store.engine import Store, Tx
from sync_server.store.phrases import PhraseVersion

SeenPhrases = tuple[str, str, int]  # a slot's code, the language, and the version looked at


def is_read(way: Way) -> bool:
    """Whether a worker reads the comment of this step."""
    return way.after not in UNTOLD and is_explained(way)


def slots() -> tuple[PhraseSlot, ...]:
    ways = (Way(before, after) for before, after in MOVES)
    return phrase_slots(set(filter(is_read, ways)), built_in())


def slot_of(code: str) -> PhraseSlot:
    """Raises NotFound."""
    found = next((one for one in slots() if one.code == code), None)
    if found is None:
        raise NotFound
    return found


def change_phrases(
    store: Store, staff: Staff, seen: SeenPhrases, text: str | None, now: datetime
) -> None:
    """Keeps these phrases, one in each line, for a slot; None: the built-in ones again. Raises
    NotAllowed, NotFound, BadEntry, and StateChanged if somebody else was first."""
    if Permission.DECIDE not in permissions(staff.role):
        raise NotAllowed
    code, language, version = seen
    slot = slot_of(code)
    if text is not None and (flaw := phrase_flaw(text, slot.state)):
        raise BadEntry({"text": (flaw.code, flaw.spans)})
    kept = None if text is None else "\n".join(lines_of(text))
    with store.writing() as tx:
        if not phrases.add(tx, PhraseVersion(code, language, kept, staff.staff, now), version):
            raise StateChanged
        what = "reset_phrases" if kept is None else "change_phrases"
        said = f"{language} {version + 1}: {kept or ''}".strip()
        audit_log.note(tx, AuditEntry(now, staff.staff, what, code, said))


def written(tx: Tx, language: str) -> dict[str, tuple[str, ...]]:
    """What the bureau has written in place of built-in phrases, by slot."""
    rows = phrases.newest(tx, language).values()
    return {row.slot: lines_of(row.text) for row in rows if row.text is not None}
