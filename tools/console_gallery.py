"""`python -m tools.console_gallery`: the pictures of docs/console.md, taken of the running console
on an invented week at the invented county."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from subprocess import run
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import Page

from sync_server.console.sessions import COOKIE, open_session
from tests.journeys.test_console_browser import Morning, a_morning
from tests.sync_server.console.office import a_place, token

OUT = Path(__file__).parent.parent / "docs/pictures/console"
WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 900, "height": 720}
COLOURS = 64
DOOR = {"building": "5号楼", "unit": "1单元"}
ADDRESS = "样例苑小区 5号楼1单元"


def photograph() -> None:
    """Writes all pictures."""
    OUT.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="xuncha-") as folder, a_morning(Path(folder)) as morning:
        leads = _three_of_one_door(morning)
        number = _complaint(morning)
        for name, code, path, size, act in (
            ("inbox", "shenhe1", "/inbox?state=10", WIDE, _nothing),
            ("record", "shenhe1", f"/records/{morning.week[-1].id}", WIDE, _accepting),
            ("site", "shenhe1", f"/records/{leads[2]}", NARROW, _to_site),
            ("complaint", "shenhe1", f"/complaints/{number}", NARROW, _nothing),
            ("room", "ban1", f"/records/{leads[0]}/room", NARROW, _sealing),
        ):
            with _desk(morning, code, size) as page:
                page.goto(path)
                act(page)
                page.wait_for_timeout(900)
                _keep(name, page.screenshot())
        _keep("handover", _first_page(_form(morning, leads[0]), Path(folder)))


def _three_of_one_door(morning: Morning) -> list[str]:
    """The first of them is accepted."""
    office = morning.office
    reports = [
        office.report(place=a_place(**DOOR), note=f"第 {n} 次看到学生进出") for n in (1, 2, 3)
    ]
    for report in reports:
        office.deliver(report)
    office.at("shenhe1")
    office.decide(reports[0].id, "20", comment="已受理，将安排核实。")
    return [str(report.id) for report in reports]


def _complaint(morning: Morning) -> str:
    """The number of one that a grid was asked to look at."""
    client, day = morning.office.client, datetime.now(UTC).date().isoformat()
    entered = {"channel": "HOTLINE", "reference": "DH20261130-0012", "came": day}
    entered |= {"address": ADDRESS, "text": "每天晚上六点半有十几个学生上楼，九点下来"}
    page = client.post("/complaints", data={"csrf": token(client.get("/complaints/new"))} | entered)
    number = str(page.url).rsplit("/", 1)[1]
    task = {"csrf": token(page), "title": f"查看：{ADDRESS}", "note": "晚上有没有学生", "due": ""}
    task |= {"grid": "g03", "address": ADDRESS, "complaint": number}
    client.post("/tasks", data=task)
    return number


def _form(morning: Morning, record: str) -> bytes:
    client = morning.office.at("ban1")
    return client.get(f"/records/{record}/handover-form").content


@contextmanager
def _desk(morning: Morning, code: str, size: dict[str, int]) -> Iterator[Page]:
    """A browser of this duty post."""
    with morning.office.store.writing() as tx:
        secret = open_session(tx, code, datetime.now(UTC))
    page = morning.page(size)
    page.context.add_cookies([{"name": COOKIE, "value": secret, "url": morning.address}])
    yield page
    page.context.close()


def _nothing(page: Page) -> None:
    page.locator("#content").wait_for()


def _accepting(page: Page) -> None:
    page.keyboard.press("a")
    page.locator(".phrases button:visible").first.click()


def _to_site(page: Page) -> None:
    page.locator("[data-hint=site] a").first.click()
    page.locator("#content").wait_for()


def _sealing(page: Page) -> None:
    page.get_by_label("楼层").fill("2层")
    page.get_by_label("房号", exact=True).fill("201")
    page.locator("#why-keep").fill("核实时确认，送达需要")
    page.get_by_role("button", name="封存").click()
    page.locator(".masked").wait_for()


def _first_page(pdf: bytes, folder: Path) -> bytes:
    file = folder / "form.pdf"
    file.write_bytes(pdf)
    command = ["pdftoppm", "-png", "-r", "80", "-singlefile", str(file), str(folder / "form")]
    run(command, check=True)
    return (folder / "form.png").read_bytes()


def _keep(name: str, picture: bytes) -> None:
    shot = Image.open(BytesIO(picture)).convert("RGB")
    shot.quantize(COLOURS, dither=Image.Dither.NONE).save(OUT / f"{name}.png", optimize=True)


if __name__ == "__main__":
    photograph()
