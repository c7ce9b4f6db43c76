"""Measures the address grammar where the area of one address meets the door of another:
python -m bench.address_mixed

Takes the rows of the corpus that `bench.address_grammar` develops on, cuts each before its first
building, unit, floor or room, and puts areas and doors together anew where the tag before the cut
is the same; digits of the door are drawn anew. So a rule that fits one row alone is found out. The
seed is fixed.
"""

import random
import re
from collections import Counter, defaultdict

from bench import address_grammar
from bench.address_grammar import TAGS, Row

COUNT = 12_000
SEED = 1
Segments = list[tuple[str, str]]  # tag and text


def main() -> None:
    rows = list(mixed(random.Random(SEED)))
    print(f"{len(rows)} mixed rows; " + ", ".join(("tagged", "right", "other", "invented")))
    for part, _ in TAGS.values():
        count = Counter(address_grammar.verdict(text, gold, part) for text, gold in rows)
        tagged = count["right"] + count["other"] + count["missed"]
        print(f"{part:<10}", tagged, count["right"], count["other"], count["invented"])


def mixed(draw: random.Random) -> list[Row]:
    areas, doors = defaultdict[str, list[Segments]](list), defaultdict[str, list[Segments]](list)
    for pieces in address_grammar.segments(address_grammar.CORPUS.read_text(encoding="utf-8")):
        cut = next((n for n, (tag, _) in enumerate(pieces) if tag in TAGS), 0)
        if cut and address_grammar.for_developing("".join(text for _, text in pieces)):
            areas[pieces[cut - 1][0]].append(pieces[:cut])
            doors[pieces[cut - 1][0]].append(pieces[cut:])
    kinds = [kind for kind, found in areas.items() for _ in found if len(found) > 3]
    found: dict[str, Row] = {}
    while len(found) < COUNT:
        kind = draw.choice(kinds)
        door = [(tag, _redrawn(text, draw)) for tag, text in draw.choice(doors[kind])]
        text, gold = address_grammar.read_row([*draw.choice(areas[kind]), *door])
        found[text] = (text, gold)
    return list(found.values())


def _redrawn(text: str, draw: random.Random) -> str:
    return re.sub("[0-9]+", lambda found: _number(len(found[0]), draw), text)


def _number(digits: int, draw: random.Random) -> str:
    return str(draw.randint(10 ** (digits - 1), 10**digits - 1))


if __name__ == "__main__":
    main()
