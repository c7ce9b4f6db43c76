"""Pinyin of a name and its initials, made on the server so that phones need no dictionary."""

from pypinyin import Style, lazy_pinyin

MOST = 40  # characters; compounds.initials holds no more


def initials(name: str) -> str:
    """ "ylyaz" for 样例苑A座: ASCII letters and digits only."""
    letters = "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).lower()
    return "".join(each for each in letters if each.isascii() and each.isalnum())[:MOST]


def pinyin(name: str) -> str:
    """ "yang'li'yuan" for 样例苑, without tones; what is no Chinese sign stays as it is."""
    return "'".join(lazy_pinyin(name))
