"""Pinyin initials of a name, made here so that no phone needs a dictionary."""

from pypinyin import Style, lazy_pinyin

MOST = 40  # what the column holds


def initials(name: str) -> str:
    """样例苑A座 is "ylyaz": letters and figures only."""
    letters = "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).lower()
    return "".join(sign for sign in letters if sign.isascii() and sign.isalnum())[:MOST]
