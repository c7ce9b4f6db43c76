"""What a screen reader and a thumb meet on a screen, read from the tree that Flutter puts into the
page: controls with their names, states, places and sizes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Any

from playwright.sync_api import Page

# In the tree's own order, which is the one in which it is read aloud.
READ = """() => [...document.querySelectorAll('[id^=flt-semantic-node]')].map(node => {
  const box = node.getBoundingClientRect();
  const field = node.querySelector(':scope > input, :scope > textarea');
  const own = [...node.childNodes].filter(part => part.nodeType === 3 || part.nodeName === 'SPAN');
  const said = part => (part.ariaLabel || '') + own.map(one => one.textContent).join(' ');
  return {
    name: node.getAttribute('flt-semantics-identifier') || '',
    role: field ? 'textbox' : /^H[1-6]$/.test(node.nodeName) ? 'heading' : node.role || '',
    taps: node.hasAttribute('flt-tappable') || !!field,
    label: (said(node) + (field ? field.ariaLabel || '' : '')).trim(),
    chosen: node.ariaCurrent || node.ariaSelected || '',
    x: box.x, y: box.y, w: box.width, h: box.height,
  };
})"""
# Flutter puts what is to be said without being asked into an element that it empties at once.
LISTEN = """() => {
  window.heard = [];
  const keep = node => window.heard.push(node.textContent.trim());
  new MutationObserver(changes => changes.forEach(change => change.addedNodes.forEach(keep)))
    .observe(document.querySelector('flt-announcement-polite'), { childList: true });
}"""
HEARD = "() => (window.heard ?? []).splice(0)"


@dataclass(frozen=True, slots=True)
class Node:
    """One node; places and sizes in logical pixels (dp)."""

    name: str
    role: str
    taps: bool
    label: str
    chosen: str
    x: float
    y: float
    w: float
    h: float


def read(page: Page) -> list[Node]:
    found: list[dict[str, Any]] = page.evaluate(READ)
    return [Node(**one) for one in found]


def listen(page: Page) -> None:
    """From now on, until the page is opened anew, `heard` knows what a screen reader says by
    itself."""
    page.evaluate(LISTEN)


def heard(page: Page) -> list[str]:
    """Since the last time this was asked."""
    said: list[str] = page.evaluate(HEARD)
    return said


def controls(nodes: Sequence[Node]) -> list[Node]:
    """What can be pressed or written into, in the order in which it is read."""
    return [node for node in nodes if node.taps or node.role in {"button", "textbox"}]


def gaps(nodes: Sequence[Node]) -> Iterator[tuple[Node, Node, float]]:
    """Between each two controls that lie side by side or one below the other."""
    for one, other in combinations(nodes, 2):
        beside = max(one.x, other.x) - min(one.x + one.w, other.x + other.w)
        below = max(one.y, other.y) - min(one.y + one.h, other.y + other.h)
        if beside < 0 or below < 0:
            yield one, other, max(beside, below)


def out_of_order(nodes: Sequence[Node]) -> list[tuple[str, str]]:
    """Neighbours in reading order of which the second stands wholly above the first, or wholly to
    the left of it on one line."""
    found = []
    for one, other in pairwise(nodes):
        above = other.y + other.h <= one.y + 1
        level = abs(one.y + one.h / 2 - other.y - other.h / 2) < min(one.h, other.h) / 2
        if above or (level and other.x + other.w <= one.x + 1):
            found.append((one.name, other.name))
    return found
