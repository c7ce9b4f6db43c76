"""Measures the screening of texts on invented sentences: python -m bench.screening [dev|held]

Reads screening_dev.jsonl (229 sentences as grid workers type them, with the spans that name a
person) from the folder "shared" beside the project; it is not part of the project and no row of it
may be. A sentence belongs to the held-out third if the SHA-256 of its text is divisible by three:
rules are written on the others only.

A sentence is found when some personal data in it was found; a span is whole when what was found
covers all of it. "hard" are bare names and other kinds that a person misses too.
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from time import process_time

from contract.screening import personal_spans

ROOT = Path(__file__).resolve().parent.parent

SENTENCES = ROOT.parent / "shared" / "data" / "screening_dev.jsonl"
SECONDS = 2.0  # of measuring the speed


@dataclass(frozen=True, slots=True)
class Sentence:
    text: str
    hard: bool
    kind: str
    spans: tuple[tuple[int, int], ...]  # () if nothing in it names a person

    @property
    def held(self) -> bool:
        return int(sha256(self.text.encode()).hexdigest(), 16) % 3 == 0


def main() -> None:
    if not SENTENCES.exists():
        raise SystemExit(f"no sentences at {SENTENCES}")
    parts = sys.argv[1:] or ["dev", "held"]
    rows = [_sentence(line) for line in SENTENCES.read_text(encoding="utf-8").splitlines() if line]
    for part in parts:
        chosen = [row for row in rows if row.held == (part == "held")]
        print(f"{part}: {len(chosen)} sentences")
        _print_figures(chosen)
        if part == "dev":
            _print_failures(chosen)
    print(f"{_speed([row.text for row in rows]):,.0f} sentences/s on one core")


def _sentence(line: str) -> Sentence:
    row = json.loads(line)
    spans = tuple((start, end) for start, end, _ in row["spans"])
    return Sentence(row["text"], row["hard"], row["cat"], spans)


def _print_figures(rows: Sequence[Sentence]) -> None:
    named = [row for row in rows if row.spans]
    easy = [row for row in named if not row.hard]
    nobody = [row for row in rows if not row.spans]
    whole = [_is_whole(row.text, span) for row in named if _found(row) for span in row.spans]
    print(f"  recall without hard ones {_share(list(map(_found, easy)))}")
    print(f"  recall                   {_share(list(map(_found, named)))}")
    print(f"  false alarms             {_share(list(map(_found, nobody)))}")
    print(f"  whole spans of found     {_share(whole)}")


def _print_failures(rows: Sequence[Sentence]) -> None:
    for row in rows:
        whole = all(_is_whole(row.text, span) for span in row.spans)
        if _found(row) != bool(row.spans) or not whole:
            marked = [row.text[span.start : span.end] for span in personal_spans(row.text)]
            print(f"    {row.kind}{' hard' if row.hard else ''}: {row.text} {marked}")


def _found(row: Sentence) -> bool:
    return bool(personal_spans(row.text))


def _is_whole(text: str, span: tuple[int, int]) -> bool:
    found = {at for one in personal_spans(text) for at in range(one.start, one.end)}
    return found.issuperset(range(*span))


def _share(held: Sequence[bool]) -> str:
    return f"{sum(held):>3} of {len(held):>3} = {sum(held) / max(1, len(held)):.3f}"


def _speed(texts: Sequence[str]) -> float:
    """Sentences a second of processor time: on a busy machine the wall clock says less."""
    began, rounds = process_time(), 0
    while process_time() - began < SECONDS:
        for text in texts:
            personal_spans(text)
        rounds += 1
    return rounds * len(texts) / (process_time() - began)


if __name__ == "__main__":
    main()
