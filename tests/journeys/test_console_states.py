"""What a page looks like in each state of each control, in both lights, and on a narrow screen."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page

from tests.journeys.console_driver import sign_in
from tests.journeys.test_console_browser import DESK, Morning, a_morning
from tests.sync_server.console.office import PASSWORD

pytestmark = pytest.mark.browser
LEAST, LEAST_OUTLINE = 7, 3  # to one; what static/tokens.css promises, and WCAG 2.2 for outlines
CONTROLS = ":is(a, button, summary, input, textarea, label, tr)"
STATES: dict[str, list[str]] = {
    "at rest": [],
    "hover": ["hover"],
    "focus": ["focus", "focus-visible"],
    "pressed": ["hover", "focus", "focus-visible", "active"],
}
NARROW = {"width": 320, "height": 720}
# Run in the page: texts and outlines that are too weak on what lies below them.
TOO_WEAK = """([least, outline, within]) => {
  const parts = colour => {
    const found = colour.match(/[\\d.]+/g).map(Number);
    return found.length > 3 ? found : [...found, 1];
  };
  const over = (top, below) => [0, 1, 2].map(n => top[n] * top[3] + below[n] * (1 - top[3]));
  const light = colour => colour
    .map(part => part / 255)
    .map(part => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    .reduce((sum, part, n) => sum + part * [0.2126, 0.7152, 0.0722][n], 0);
  const contrast = (one, other) => {
    const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const ground = node => {
    const layers = [];
    for (let at = node; at; at = at.parentElement) {
      const layer = parts(getComputedStyle(at).backgroundColor);
      layers.unshift(layer);
      if (layer[3] === 1) break;
    }
    return layers.reduce((below, layer) => over(layer, below), [255, 255, 255]);
  };
  const says = node => [...node.childNodes].some(one => one.nodeType === 3 && one.data.trim())
    || (node.matches('input:not([type=radio]):not([type=hidden]), textarea'));
  const found = [];
  const name = node => (node.id || node.className || node.tagName) + ' '
    + (node.innerText || node.value || '').trim().slice(0, 20);
  for (const node of document.querySelectorAll(within)) {
    if (!node.checkVisibility({visibilityProperty: true, opacityProperty: true})) continue;
    const style = getComputedStyle(node);
    const below = ground(node);
    if (says(node) && !node.closest('.unseen, option, svg')) {
      const ratio = contrast(over(parts(style.color), below), below);
      if (ratio < least) found.push(`${name(node)}: ${ratio.toFixed(1)}`);
    }
    if (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) {
      const around = parseFloat(style.outlineOffset) < 0 ? below : ground(node.parentElement);
      const ratio = contrast(over(parts(style.outlineColor), around), around);
      if (ratio < outline) found.push(`${name(node)} (outline): ${ratio.toFixed(1)}`);
    }
  }
  return found;
}"""
FITS = "document.documentElement.scrollWidth <= innerWidth"
WIDEST = """[...document.querySelectorAll('*')]
  .filter(one => one.getBoundingClientRect().right > innerWidth && !one.closest('.rail, .scroll'))
  .map(one => `${one.tagName}.${one.className}`).slice(0, 4)"""
# Lists are of rows alike; three of them, and all that opens is open.
FEWER = """document.querySelectorAll('tbody tr:nth-child(n+4)').forEach(one => one.remove());
document.querySelectorAll('details').forEach(one => { one.open = true })"""
DISABLE = "document.querySelectorAll('button, input, textarea').forEach(x => { x.disabled = true })"


@pytest.fixture(scope="module")
def morning(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Morning]:
    with a_morning(tmp_path_factory.mktemp("states")) as found:
        yield found


def paths(morning: Morning) -> list[str]:
    """Addresses of each kind of page that a supervisor sees."""
    newest, disputed = morning.week[-1], morning.week[-4]
    record = f"/records/{newest.id}?state=10&kind=SITE"
    photo = f"/records/{newest.id}/photos/{newest.photos[0].sha256}/page"
    return [record, f"/records/{disputed.id}", "/inbox?state=10", photo, "/nowhere"]


def weak_in(page: Page, where: str, within: str = "body") -> list[str]:
    """What is too weak in each state, with the state."""
    devtools: CDPSession = page.context.new_cdp_session(page)
    devtools.send("DOM.enable")
    devtools.send("CSS.enable")
    root = devtools.send("DOM.getDocument")["root"]["nodeId"]
    asked = {"nodeId": root, "selector": f"{within} {CONTROLS}"}
    nodes = devtools.send("DOM.querySelectorAll", asked)["nodeIds"]
    found: list[str] = []
    for state, forced in STATES.items():
        for node in nodes:
            told: dict[str, Any] = {"nodeId": node, "forcedPseudoClasses": forced}
            devtools.send("CSS.forcePseudoState", told)
        weak = page.evaluate(TOO_WEAK, [LEAST, LEAST_OUTLINE, f"{within} *"])
        found += [f"{where}, {state}: {one}" for one in weak]
    devtools.detach()
    return found


@pytest.mark.parametrize("light", ["light", "dark"])
def test_text_can_be_read_in_every_state_of_every_control(morning: Morning, light: Any) -> None:
    page = morning.page(DESK)
    page.emulate_media(color_scheme=light)
    page.goto("/sign-in?left=1")
    weak = weak_in(page, "sign-in")
    start_as(page, "shenji1", "/audit")
    page.evaluate(FEWER)
    weak += weak_in(page, "/audit")
    start_as(page)
    record, disputed = paths(morning)[:2]
    for path in (disputed, record):
        page.goto(path)
        page.evaluate(FEWER)
        weak += weak_in(page, path)
    for choice in ("20", "15", "29"):
        page.locator(f"label[for=to-{choice}]").click()
        weak += weak_in(page, f"chosen {choice}", "#decide")
    page.evaluate(DISABLE)
    weak += weak_in(page, "disabled", "#decide")
    page.context.close()
    assert weak == []


def test_no_page_scrolls_sideways_at_320_px(morning: Morning) -> None:
    page = morning.page(NARROW)
    wide = []
    for who, start, shown in (
        ("shenji1", "/audit", ["/audit"]),
        ("shenhe1", "/inbox?state=10", paths(morning)),
    ):
        start_as(page, who, start)
        for path in [*shown, "/sign-in"]:
            for language in ("zh", "en"):
                page.goto(f"{path}{'&' if '?' in path else '?'}lang={language}")
                if page.locator("#to-29").count():
                    page.locator("label[for=to-29]").click()
                page.evaluate(FEWER)
                if not page.evaluate(FITS):
                    wide.append(f"{path}, {language}: {page.evaluate(WIDEST)}")
    page.context.close()
    assert wide == []


def start_as(page: Page, who: str = "shenhe1", start: str = "/inbox?state=10") -> None:
    page.goto("/sign-in")
    sign_in(page, who, PASSWORD)
    page.wait_for_url(f"**{start}")
