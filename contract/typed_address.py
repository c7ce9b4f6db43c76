"""Reads a server address, a code or an invitation as people type and paste it, also on a Chinese
keyboard, which gives its own colons, slashes, dots, letters and spaces."""

import re
from ipaddress import AddressValueError, IPv6Address
from unicodedata import category, normalize

# What looks like a sign of an address and has no compatibility form (NFKC) that is one.
LOOKALIKES = str.maketrans(
    {
        **dict.fromkeys("。｡·•‧⋅", "."),
        **dict.fromkeys("、⁄∕╱⧸", "/"),
        **dict.fromkeys("\\￥", "/"),
        **dict.fromkeys("∶︰﹕ː", ":"),
        **dict.fromkeys("‐‑‒–—―−﹣－", "-"),
    }
)
INVISIBLE = {"Cc", "Cf", "Zs", "Zl", "Zp"}
SCHEME = re.compile(r"(https?)(?:[:;]+/*|[:;.]*/{2,})", re.IGNORECASE)
STRAY_SPACE = re.compile(r"(?<![^\W_]) +| +(?![^\W_])")  # beside a dot, a slash, a colon or an end
TRAILING = ".,;:!?'\"“”‘’)》>」"  # what a sentence around the address leaves at its end
LEADING = "'\"“”‘’(《<「"


def fold_typed(text: str) -> str:
    """Half width, without spaces, line breaks and invisible characters: none of them can be part of
    an address, a code or an invitation. Composed at the end: a sign such as "¸" is a space and a
    mark in NFKC, and without the space the mark joins the letter before it."""
    return normalize("NFC", _fold(text).replace(" ", ""))


def read_address(text: str) -> str:
    """The address that was meant: `https：／／bureau。example ` is `https://bureau.example`. A
    missing or half typed scheme (`https:bureau…`, `https//bureau…`) is completed, a lone IPv6
    address is put into brackets. A plain space between two letters stays: what stands before it
    may be all that was meant. Whether there is a server, and a safe one, others find out."""
    folded = STRAY_SPACE.sub("", _fold(text)).strip().lstrip(LEADING).rstrip(TRAILING)
    if found := SCHEME.match(folded):
        return f"{found[1].lower()}://{folded[found.end() :]}"
    try:
        return f"[{IPv6Address(folded)}]"
    except AddressValueError:
        return folded


def _fold(text: str) -> str:
    seen = normalize("NFKC", text.replace("\u3000", "").translate(LOOKALIKES)).translate(LOOKALIKES)
    return "".join(sign for sign in seen if sign == " " or category(sign) not in INVISIBLE)
