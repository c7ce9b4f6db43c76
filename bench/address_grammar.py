"""Measures the address grammar on real addresses: python -m bench.address_grammar [dev [part]]

Reads addresses_dev.conll (public research corpus neural-chinese-address-parsing, NAACL 2019) from
the folder "shared" beside the project; it is not part of the project and no row of it may be.
Two thirds of the rows, picked by the digest of their text, are for developing: "dev" measures
those, and with the name of a part also lists the rows that are read otherwise than tagged. Without
arguments the other third is measured, whose rows are shown to nobody.

A part is right when the corpus tags the row with that part and one tagged text has the same
canonical form. Precision counts the parts that `parse` named, recall the rows where the corpus has
the part. "other": the corpus has the part and `parse` names another; "invented": the corpus has
none. The corpus calls a village house (样例村12号) a street number, the grammar a building:
"no lone N号" leaves out rows where `parse` read nothing but that.
"""

import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from time import process_time

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
    "building word or N-N": re.compile(f"{NUMBER}(?:号?楼|#|栋|幢|座|撞|-[0-9])").search,
    "N单元": re.compile(f"{NUMBER}单元").search,
    "no lone N号": lambda text: not _only_number(text),
}
ROUNDS = 5  # over all rows, for the speed


def main(part: str = "", listed: str = "") -> None:
    if not CORPUS.exists():
        raise SystemExit(f"no corpus at {CORPUS}")
    every = [read_row(pieces) for pieces in segments(CORPUS.read_text(encoding="utf-8"))]
    rows = [row for row in every if for_developing(row[0]) == (part == "dev")]
    heads = ("tagged", "right", "other", "invent", "P", "R", "F1")
    print(f"{'rows':<28}{'part':<10}" + "".join(f"{head:>8}" for head in heads))
    for name, belongs in SLICES.items():
        chosen = [row for row in rows if belongs(row[0])]
        for tag, _ in TAGS.values():
            print(f"{name + ' ' + str(len(chosen)):<28}{tag:<10}{_scores(chosen, tag)}")
    print(f"{_speed([text for text, _ in every]):,.0f} addresses/s")
    for text, gold in rows if part == "dev" else ():
        if listed and verdict(text, gold, listed) not in ("", "right"):
            print(verdict(text, gold, listed), text, gold[listed], address.parse(text))


def for_developing(text: str) -> bool:
    return sha256(text.encode()).digest()[0] % 3 > 0


def segments(corpus: str) -> Iterator[list[tuple[str, str]]]:
    """The tagged pieces of each row: tag and text."""
    for block in corpus.split("\n\n"):
        row: list[tuple[str, str]] = []
        for line in filter(str.strip, block.splitlines()):
            piece, _, tag = line.rpartition(" ")
            if tag.startswith("B-") or not row:
                row.append((tag[2:], piece))
            else:
                row[-1] = (row[-1][0], row[-1][1] + piece)
        if row:
            yield row


def read_row(pieces: list[tuple[str, str]]) -> Row:
    gold = {
        part: {read(text) for found, text in pieces if found == tag}
        for tag, (part, read) in TAGS.items()
    }
    return "".join(text for _, text in pieces), gold


def _only_number(text: str) -> bool:
    door = address.parse(text).door
    return door == address.Door(building=door.building) and bool(re.search("[0-9]号(?!楼)", text))


def verdict(text: str, gold: dict[str, set[str]], part: str) -> str:
    """ "" where neither the corpus nor `parse` names the part."""
    found = getattr(address.parse(text).door, part)
    if found is None:
        return "missed" if gold[part] else ""
    if not gold[part]:
        return "invented"
    return "right" if found in gold[part] else "other"


def _scores(rows: list[Row], part: str) -> str:
    count = Counter(verdict(text, gold, part) for text, gold in rows)
    tagged = count["right"] + count["other"] + count["missed"]
    named = count["right"] + count["other"] + count["invented"]
    numbers = (tagged, count["right"], count["other"], count["invented"])
    shares = (
        count["right"] / max(1, named),
        count["right"] / max(1, tagged),
        2 * count["right"] / max(1, named + tagged),
    )
    return "".join([f"{number:>8}" for number in numbers] + [f"{one:>8.3f}" for one in shares])


def _speed(texts: list[str]) -> float:
    """Addresses that one core reads in a second of its time."""
    begun = process_time()
    for _ in range(ROUNDS):
        for text in texts:
            address.parse(text)
    return ROUNDS * len(texts) / (process_time() - begun)


if __name__ == "__main__":
    main(*sys.argv[1:3])
