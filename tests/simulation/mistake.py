"""A mistake that could be made: what a net has to catch."""

from typing import NamedTuple


class Mistake(NamedTuple):
    """`right` stands in `file` exactly once; a test holds that."""

    file: str
    what: str
    right: str
    wrong: str
