"""Finds in folded text the ways in which a note names a person: 王老师, 李某, 姓名:…, 王家.

A surname alone proves nothing (高中, 主任, 国家), so a name needs a title, a label or 家 beside it,
or signs of given names where a sentence can hold a name.
"""

from collections.abc import Iterator

from contract.person_labels import find_labelled
from contract.person_names import find_named
from contract.person_titles import StartEnd, find_titled


def find_persons(text: str) -> Iterator[StartEnd]:
    """Start and end (exclusive) of everything in the text that names a person. `text` is that of a
    `FoldedText`; the findings may overlap."""
    yield from find_titled(text)
    yield from find_labelled(text)
    yield from find_named(text)
