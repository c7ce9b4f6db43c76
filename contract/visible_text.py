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
    in the kept bytes."""
    return text if text.isascii() else _DIRECTIONS.sub("", text)
