"""Paths to go on to after a sign-in: only those of this console."""

from urllib.parse import urlencode, urlsplit

MOST = 2_000  # characters


def local_path(path: str) -> str:
    """`path` if it is one of this host, otherwise "/". Browsers take "//x" and "/\\x" for another
    host, and remove tabs and line ends first."""
    is_plain = path.startswith("/") and path.isprintable() and len(path) <= MOST
    if not is_plain or path.startswith("//") or "\\" in path:
        return "/"
    parts = urlsplit(path)
    return "/" if parts.scheme or parts.netloc else path


def with_next(path: str, after: str) -> str:
    """`path`, with the path to go on to afterwards as its parameter `next`."""
    return path if after == "/" else f"{path}?{urlencode({'next': after})}"
