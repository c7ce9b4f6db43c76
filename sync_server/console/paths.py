"""Where a link may lead: only to a page of this console."""

from urllib.parse import urlencode, urlsplit

MOST = 2_000  # characters


def local(path: str) -> str:
    """`path` if it is a local one, otherwise the start page. Browsers read "//x" and "/\\x" as
    another host, and drop tabs and line ends before they look."""
    is_plain = path.startswith("/") and path.isprintable() and len(path) <= MOST
    if not is_plain or path.startswith("//") or "\\" in path:
        return "/"
    parts = urlsplit(path)
    return "/" if parts.scheme or parts.netloc else path


def with_next(path: str, after: str) -> str:
    """`path`, to go on to `after`."""
    return path if after == "/" else f"{path}?{urlencode({'next': after})}"
