"""Rule L17: both programs at work, and every address that they, or a browser with them, turn to."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path
from shutil import which

import pytest
from playwright.sync_api import Page, sync_playwright

from demo.stage import SUPERVISOR
from tests.journeys.conftest import free_port
from tests.journeys.console_driver import sign_in
from tests.journeys.flet_driver import CHROMIUM, QUIET

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parents[2]
RUN = (
    "import sys; from pathlib import Path; from demo.__main__ import main; main(Path(sys.argv[1]))"
)
TRACE = ("strace", "-f", "--seccomp-bpf", "-qq", "-e", "trace=connect,sendto,sendmsg,sendmmsg")
ADDRESS = re.compile(r'inet_addr\("([^"]+)"\)|inet_pton\(AF_INET6, "([^"]+)"')
PATIENCE_S = 120
# Flutter's part of flet asks for it in a browser, needs it for nothing here, and the page's policy
# lets no browser send the request.
REFUSED = "https://cdn.jsdelivr.net/npm/@rive-app/flutter-native-wasm@"


@contextmanager
def both_programs(folder: Path, port: int) -> Iterator[None]:
    """`make run` with its lead played, traced from its first system call on."""
    own = {"PORT": str(port), "XUNCHA_DATABASE": f"sqlite:///{folder}/bureau.db"}
    own |= {"XUNCHA_PHOTOS": f"{folder}/photos", "PYTHONUNBUFFERED": "1"}
    said = folder / "said"
    with said.open("w") as out:
        traced = subprocess.Popen(
            [*TRACE, "-o", f"{folder}/calls", sys.executable, "-c", RUN, f"{folder}/var"],
            cwd=ROOT,
            env=os.environ | own,
            stdout=out,
            stderr=out,
        )
    try:
        deadline = time.monotonic() + PATIENCE_S
        while "Ctrl-C" not in said.read_text():
            assert traced.poll() is None and time.monotonic() < deadline, said.read_text()
            time.sleep(0.1)
        yield
    finally:
        (child,) = Path(f"/proc/{traced.pid}/task/{traced.pid}/children").read_text().split()
        os.kill(int(child), signal.SIGTERM)
        traced.wait(30)


def look_around(page: Page, bureau: str, field: str, password: str) -> None:
    """The console with a record and its photos, in which every style and script takes part; and the
    field app until it draws."""
    page.goto(bureau)
    sign_in(page, SUPERVISOR, password)
    page.goto(f"{bureau}/inbox")
    page.locator("#list a.row").first.click()
    page.locator("#record-title").wait_for()
    page.goto(field)
    page.locator("flutter-view").wait_for(state="attached", timeout=60_000)
    page.wait_for_timeout(2_000)


@pytest.mark.skipif(not which("strace"), reason="no strace here")
@pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="no Chromium here")
def test_no_call_leaves_this_machine(tmp_path: Path) -> None:
    port, wanted, refused, said = free_port(), list[str](), list[str](), list[str]()
    bureau, field = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{port + 1}"
    with both_programs(tmp_path, port), sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        page = browser.new_page(locale="zh-CN")
        page.on("request", lambda request: wanted.append(request.url))
        page.on("requestfailed", lambda one: refused.append(f"{one.failure} {one.url}"))
        page.on("console", lambda line: said.append(line.text))
        notes = json.loads((tmp_path / "var/demo.json").read_text())
        look_around(page, bureau, field, notes["passwords"][SUPERVISOR])
        browser.close()
    near = (bureau, field, "data:", f"blob:{bureau}", f"blob:{field}")
    strange = [url for url in wanted if not url.startswith(near)]
    assert len(wanted) > 10 and [url for url in strange if not url.startswith(REFUSED)] == []
    assert [url for url in strange if f"csp {url}" not in refused] == []
    breaches = [line for line in said if "Content Security Policy" in line]
    assert [line for line in breaches if REFUSED not in line] == []
    calls = ADDRESS.findall((tmp_path / "calls").read_text())
    turned_to = {ip_address(one or other) for one, other in calls}
    assert turned_to and {address for address in turned_to if not address.is_loopback} == set()
