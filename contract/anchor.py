"""Anchors: where the bureau's chains of rows ended at some moment, kept where the bureau cannot
change it. With one the bureau can show later that what stood then still stands."""

from datetime import date
from typing import Annotated

from pydantic import Field

from contract import wire
from contract.value import Code, Sha256, Value


class ChainHead(Value):
    """The last row of a chain: its number, counted from 1, and its hash, which is over all rows up
    to it."""

    position: Annotated[int, Field(ge=1, le=2**53 - 1)]
    hash: Sha256


class Anchor(Value):
    """Where the audit log and the steps of all cases ended; None for a chain without a row."""

    audit: ChainHead | None = None
    cases: ChainHead | None = None


class Witness(Value):
    """An anchor of this bureau as it was heard or written down on this day: a line of JSON."""

    bureau: Code
    day: date
    anchor: Anchor

    def line(self) -> str:
        """The line, without its end."""
        return wire.encode_terse(self).decode()
