"""Drives the field app in a real browser, by the semantics tree that Flutter puts in the DOM."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Self

from playwright.sync_api import BrowserContext, Locator, Page, ViewportSize, sync_playwright
from playwright.sync_api import TimeoutError as TooLate

CHROMIUM = "/usr/bin/chromium"
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PHONE: dict[str, Any] = {  # coarser than a real one: no journey asks how fine its pixels are
    "viewport": {"width": 390, "height": 844},
    "locale": "zh-CN",
}
# Run in the page: all that things of this name say, and whether these words are in it.
SAID = """name => {
  const found = document.querySelectorAll(`[flt-semantics-identifier="${name}"]`);
  const said = node => [node.innerText, node.ariaLabel, ...[...node.children].map(said)].join(' ');
  return [...found].map(said).join(' ');
}"""
SAYS = f"([name, words]) => ({SAID})(name).includes(words)"
# All that stands on the page, where, and in which state.
TREE = """() => [...document.querySelectorAll('[flt-semantics-identifier]')].map(node => {
  const { x, y, width, height } = node.getBoundingClientRect();
  const name = node.getAttribute('flt-semantics-identifier');
  return [name, x, y, width, height, node.ariaLabel, node.ariaSelected, node.ariaCurrent].join();
}).join('\\n')"""
ENLARGE = "size => document.documentElement.style.fontSize = size"
CALM_MS = 350
KEY_MS, SLOW_KEY_MS = 15, 120
POLL_MS = 50
# Another tree than before, and the same one for a while: a slow program has answered, and the
# screen before, with its own "back", has gone.
CALM = f"""before => {{
  const tree = ({TREE})(), now = performance.now(), last = window.calm;
  if (tree === before || !last || last.tree !== tree) window.calm = {{ tree, since: now }};
  return tree !== before && now - window.calm.since >= {CALM_MS};
}}"""


class FletDriver:
    """One page. Everything is found by the identifier of its `ft.Semantics`; taps are counted."""

    def __init__(self, page: Page, timeout_ms: int = 15_000) -> None:
        self.page = page
        self.taps = 0
        self.typed = 0
        self.letters = 1.0
        page.set_default_timeout(timeout_ms)

    def open(self, url: str) -> Self:
        self.page.goto(url)
        self.enlarge(self.letters)
        return self.awake()

    def enlarge(self, times: float) -> None:
        """How large the phone's own letters are, now and whenever the app is opened."""
        self.letters = times
        self.page.evaluate(ENLARGE, f"{16 * times}px")

    def awake(self) -> Self:
        """Switches semantics on. The placeholder is 1 × 1 px outside the page: only JavaScript can
        click it."""
        placeholder = self.page.locator("flt-semantics-placeholder")
        placeholder.wait_for(state="attached")
        placeholder.evaluate("element => element.click()")
        inside = self.page.locator("flt-semantics-host flt-semantics flt-semantics")
        inside.first.wait_for(state="attached")
        return self

    def at(self, identifier: str) -> Locator:
        return self.page.locator(f'[flt-semantics-identifier="{identifier}"]')

    def shows(self, identifier: str, timeout_ms: int = 10_000) -> bool:
        with suppress(TooLate):
            self.at(identifier).first.wait_for(state="attached", timeout=timeout_ms)
            return True
        return False

    def text(self, identifier: str) -> str:
        node = self.at(identifier).first
        node.wait_for(state="attached")
        return node.inner_text().strip() or (node.get_attribute("aria-label") or "").strip()

    def expect_text(self, identifier: str, words: str, timeout_ms: int = 10_000) -> None:
        """Waits for words in its text or in a label: Flutter makes labels of a group's first
        lines."""
        try:
            self.until(SAYS, [identifier, words], timeout_ms)
        except TooLate as late:
            said = self.said(identifier)
            raise AssertionError(f"{identifier} does not say {words}: {said}") from late

    def until(self, script: str, argument: object, timeout_ms: int) -> None:
        """Polls until the function returns something true. Not Playwright's wait_for_function: the
        page's own policy may forbid what that does when it has to ask again."""
        deadline = time.monotonic() + timeout_ms / 1000
        while not self.page.evaluate(script, argument):
            if time.monotonic() > deadline:
                raise TooLate(f"not true within {timeout_ms} ms")
            self.page.wait_for_timeout(POLL_MS)

    def said(self, identifier: str) -> str:
        return str(self.page.evaluate(SAID, identifier))

    def all_said(self) -> str:
        """Everything on the page, fields included: for whoever reads a failure."""
        fields = self.page.evaluate(
            "() => [...document.querySelectorAll('input')].map(i => i.value)"
        )
        return f"{self.page.locator('flt-semantics-host').inner_text()} {fields}"

    def tap(self, identifier: str) -> None:
        node = self.at(identifier)
        node.first.wait_for(state="attached")
        self.reach(node).click()
        self.taps += 1

    def go(self, identifier: str) -> None:
        """A tap, and what comes of it: the page has changed and has come to rest."""
        self.at(identifier).first.wait_for(state="attached")
        with self._changes():
            self.tap(identifier)

    def resize(self, window: ViewportSize) -> None:
        """Another window than before, and the whole page has followed: in one frame the list has
        grown while the bar below it stands where it stood."""
        with self._changes():
            self.page.set_viewport_size(window)

    @contextmanager
    def _changes(self) -> Iterator[None]:
        before = self.page.evaluate(TREE)
        yield
        self.until(CALM, before, 30_000)

    def write(self, identifier: str, words: str) -> None:
        """Key by key: a text field that is echoed through state loses characters this way. So does
        the engine, now and then, when keys come faster than its frames: then once more, as slowly
        as people type."""
        field = self.at(identifier).locator("input,textarea")
        field.first.wait_for(state="attached")
        self.reach(field).click()
        before = field.first.input_value()
        field.first.press_sequentially(words, delay=KEY_MS)
        if not field.first.input_value().endswith(words):
            field.first.fill(before)
            field.first.press_sequentially(words, delay=SLOW_KEY_MS)
        held = field.first.input_value()
        assert held.endswith(words), f"{identifier} holds {held!r}"
        self.typed += len(words)

    def reach(self, node: Locator, steps: int = 60) -> Locator:
        """Turns the wheel until `node` is inside the window; Playwright's own scrolling cannot
        reach what Flutter has moved above the fold."""
        for step in range(steps):
            if self._inside(node.first):
                return node.first
            self.page.mouse.move(*self._middle())
            self.page.mouse.wheel(0, self._way(node, step, steps) * 200)
            self.page.wait_for_timeout(60)
        raise AssertionError(f"could not scroll to {node}")

    def _middle(self) -> tuple[float, float]:
        """Over what scrolls, on the smallest phone too, where half may be taken by what stays."""
        size = self.page.viewport_size
        return (size["width"] / 2, min(300, size["height"] / 3)) if size else (195, 300)

    def _way(self, node: Locator, step: int, steps: int) -> int:
        box = node.first.bounding_box() if node.count() else None
        if box:
            return -1 if box["y"] < 200 else 1
        return 1 if step < steps // 2 else -1

    def _inside(self, node: Locator) -> bool:
        box = node.bounding_box() if node.count() else None
        size = self.page.viewport_size
        if not box or not size:
            return False
        middle = box["y"] + box["height"] / 2
        return 0 <= middle <= size["height"] and 0 <= box["x"] <= size["width"]


@contextmanager
def chromium(flags: Sequence[str] = (), **settings: Any) -> Iterator[BrowserContext]:
    """A fresh browser profile the size of a phone; `settings` as for Playwright's new_context."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=[*QUIET, *flags])
        try:
            yield browser.new_context(**PHONE | settings)
        finally:
            browser.close()
