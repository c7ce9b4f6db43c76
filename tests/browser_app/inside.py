"""Python inside a page of the app's origin, without its screens: for what lies below them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.browser_app.pocket_browser import PocketBrowser

# A worker as python-worker.js is one, which runs what it is sent. Its answers are kept by number.
BEGIN = """() => {
  const code = `
    import { begin } from "${location.origin}/app/python.js";
    const python = begin();
    self.onmessage = async ({ data: [number, source] }) => {
      try {
        const found = await (await python).runPythonAsync(source);
        postMessage([number, found?.toJs ? found.toJs() : found, null]);
      } catch (error) { postMessage([number, null, String(error.stack ?? error)]); }
    };`;
  const blob = new Blob([code], { type: "text/javascript" });
  const worker = new Worker(URL.createObjectURL(blob), { type: "module" });
  window.inside = { worker, said: {}, calls: 0 };
  worker.onmessage = ({ data: [number, found, error] }) => inside.said[number] = { found, error };
  worker.onerror = event => inside.said[1] = { error: event.message };
}"""
SEND = "source => { inside.worker.postMessage([++inside.calls, source]); return inside.calls; }"
SAID = "number => inside.said[number] ?? null"
# A page of the origin, under the app's policy and without a script of its own.
EMPTY = "/app/favicon.png"


class Inside:
    """Runs Python in the page's worker."""

    def __init__(self, browser: PocketBrowser) -> None:
        self.page: Page = browser.page
        self.page.goto(browser.origin + EMPTY)
        self.page.evaluate(BEGIN)

    def run(self, source: str, timeout_s: float = 60) -> Any:
        """The value of the last expression. Raises AssertionError with what Python raised."""
        answer = self.wait(self.send(source), timeout_s)
        assert answer["error"] is None, answer["error"]
        return answer["found"]

    def send(self, source: str) -> int:
        number: int = self.page.evaluate(SEND, source)
        return number

    def wait(self, number: int, timeout_s: float = 60, also: Callable[[], bool] = bool) -> Any:
        """The answer to a call; None once `also` is true before."""
        for _ in range(int(timeout_s / 0.02)):
            if also():
                return None
            if answer := self.page.evaluate(SAID, number):
                return answer
            self.page.wait_for_timeout(20)
        raise AssertionError(f"no answer within {timeout_s} s")


def source_of(name: str) -> str:
    """A file of Python beside the tests, which runs inside the page."""
    return (Path(__file__).parent / "inside_page" / name).read_text()
