"""One spelling for search: what is asked and what is searched are folded alike, on phone and
console."""

import unicodedata

from contract.visible_text import is_drawn

_DASHES = dict.fromkeys("_~\u2212\u2043\u2053\u02d7\u2500\u2501", "-")
_DOTS = dict.fromkeys("·•‧∙⋅・･᛫⸱", "·")  # between the parts of a name
_ALIKE = _DASHES | _DOTS


def search_text(text: str) -> str:
    """The text as it is compared in a search. Case, width, composed letters, accents, digits of
    other scripts, kinds of dash and of middle dot make no difference (Unicode NFKD and case
    folding), and neither do spaces and characters that show nothing. Folding twice changes nothing.
    Never raises."""
    if text.isascii() and text.isalnum():
        return text.lower()
    folded = _decomposed(_decomposed(text).casefold()).casefold()
    return "".join(_plain(c) for c in folded if is_drawn(c))


def search_words(asked: str) -> tuple[str, ...]:
    """The words that are searched for, each folded; () if nothing of the question shows."""
    return tuple(word for part in asked.split() if (word := search_text(part)))


def found_in(asked: str, *texts: str) -> bool:
    """Whether each word of the question is part of one of the texts. True if nothing is asked."""
    searched = "\n".join(map(search_text, texts))
    return all(word in searched for word in search_words(asked))


def _plain(c: str) -> str:
    category = unicodedata.category(c)
    if category == "Nd":
        return str(unicodedata.decimal(c))
    return _ALIKE.get(c, "-" if category == "Pd" else c)


def _decomposed(text: str) -> str:
    return unicodedata.normalize("NFKD", text)
