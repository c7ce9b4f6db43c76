"""Measures the address grammar on real addresses: python -m bench.address_grammar

Reads addresses_dev.conll (public research corpus neural-chinese-address-parsing, NAACL 2019) from
the folder "shared" beside the project; it is not part of the project and no row of it may be.

A part is right when the corpus tags the row with that part and one tagged text has the same
canonical form. Precision counts the parts that `parse` named, recall the rows where the corpus has
the part. The corpus calls a village house (样例村12号) a street number, the grammar a building:
"no lone N号" leaves out rows where `parse` read nothing but that.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

from contract import address

ROOT = Path(__file__).resolve().parent.parent

CORPUS = ROOT.parent / "shared" / "data" / "addresses_dev.conll"
NUMBER = "[0-9A-Za-z一二三四五六七八九十]"
Row = tuple[str, dict[str, set[str]]]
TAGS: dict[str, tuple[str, Callable[[str], str]]] = {
    "houseno": ("building", address.canonical_building),
    "cellno": ("unit", address.canonical_unit),
    "floorno": ("floor", address.canonical_floor),
    "roomno": ("room", address.canonical_room),
}
SLICES: dict[str, Callable[[str], object]] = {
    "every row": lambda text: True,
    "N号楼/栋/幢/座": re.compile(f"{NUMBER}(?:号楼|栋|幢|座)").search,
    "N单元": re.compile(f"{NUMBER}单元").search,
    "no lone N号": lambda text: not _only_number(text),
}


def main() -> None:
    if not CORPUS.exists():
        raise SystemExit(f"no corpus at {CORPUS}")
    rows = list(_rows(CORPUS.read_text(encoding="utf-8")))
    print(f"{'rows':<18}{'part':<10}{'tagged':>7}{'right':>7}{'P':>8}{'R':>8}{'F1':>8}")
    for name, belongs in SLICES.items():
        chosen = [row for row in rows if belongs(row[0])]
        for part, _ in TAGS.values():
            print(f"{name + ' ' + str(len(chosen)):<18}{part:<10}{_scores(chosen, part)}")


def _rows(corpus: str) -> Iterator[Row]:
    for block in corpus.split("\n\n"):
        pieces = [line.rpartition(" ")[::2] for line in block.splitlines() if line.strip()]
        named: defaultdict[str, list[str]] = defaultdict(list)
        for piece, tag in pieces:
            if tag.startswith("B-"):
                named[tag[2:]].append(piece)
            elif named[tag[2:]]:
                named[tag[2:]][-1] += piece
        gold = {part: set(map(read, named[tag])) for tag, (part, read) in TAGS.items()}
        yield "".join(piece for piece, _ in pieces), gold


def _only_number(text: str) -> bool:
    door = address.parse(text).door
    return door == address.Door(building=door.building) and bool(re.search("[0-9]号(?!楼)", text))


def _scores(rows: list[Row], part: str) -> str:
    count: Counter[str] = Counter()
    for text, gold in rows:
        found = getattr(address.parse(text).door, part)
        count["named"] += found is not None
        count["tagged"] += bool(gold[part])
        count["right"] += found in gold[part]
    precision = count["right"] / max(1, count["named"])
    recall = count["right"] / max(1, count["tagged"])
    f1 = 2 * count["right"] / max(1, count["named"] + count["tagged"])
    counts = f"{count['tagged']:>7}{count['right']:>7}"
    return f"{counts}{precision:>8.3f}{recall:>8.3f}{f1:>8.3f}"


if __name__ == "__main__":
    main()
