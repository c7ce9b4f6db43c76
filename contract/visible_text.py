"""Which characters of a text show on a screen, and which change the direction of others."""

import re
import unicodedata

# Letters and symbols by their category, but drawn as nothing: the fillers of Hangul, the blank of
# Braille, the place of an embedded object, a note head without ink (Unicode: Default_Ignorable and
# the names of these characters).
BLANKS = frozenset("\u115f\u1160\u3164\uffa0\u2800\ufffc\U0001d159")
# Letters, numbers, punctuation and symbols. A mark alone is drawn on nothing; what is unassigned or
# for private use says nothing to another reader.
_DRAWN = "LNPS"
# Embeddings, overrides, isolates, marks and the deprecated 206A to 206F (UAX #9, 2.7).
_DIRECTIONS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f]")

_RIGHT_TO_LEFT = {"R", "AL", "AN"}
# Until it is drawn, an isolate stands as two noncharacters, which no text from outside needs.
_BEGIN, _END = "\ufdd0", "\ufdd1"
_ISOLATE = str.maketrans({_BEGIN: "\u2068", _END: "\u2069"})


def is_drawn(character: str) -> bool:
    """Whether this one character, alone, shows anything."""
    return unicodedata.category(character)[0] in _DRAWN and character not in BLANKS


def has_visible(text: str | None) -> bool:
    """Whether a reader sees anything of the text: the one notion of "filled in" for every text that
    is required, on the phone, at the bureau and in imported lists. False for None and "". Spaces,
    zero-width and format characters, fillers and marks without a letter show nothing."""
    return bool(text) and any(map(is_drawn, text or ""))


def undirected(text: str) -> str:
    """The text for drawing: without the characters that only set the direction of others, by which
    it could show its neighbours, a title or itself in another order. What was sent stays as it was
    in the kept bytes. What `beside` has marked is isolated (UAX #9, 2.4.2)."""
    return text if text.isascii() else _DIRECTIONS.sub("", text).translate(_ISOLATE)


def beside(text: str) -> str:
    """The text to be put into one line with others: what is written from right to left, such as
    Arabic or Hebrew, is marked, so that `undirected` keeps its neighbours in their places."""
    if text.isascii():
        return text
    drawn = map(unicodedata.bidirectional, _DIRECTIONS.sub("", text))
    return text if _RIGHT_TO_LEFT.isdisjoint(drawn) else f"{_BEGIN}{text}{_END}"
