"""Rules of docs/rules.md held against the tree: L1, L3, L5, L7, L8, L9, L16 and L17.

Where it can be done everything is on a list of what is allowed: what is denied has many names."""

import ast
import importlib
import json
import pkgutil
import re
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import flet as ft
import flet_camera as fc
import flet_geolocator as fg
import pytest

import contract
from contract.value import Value
from tests.allowed import FIELDS, PACKAGES

ROOT = Path(__file__).parent.parent
PERSON = re.compile(
    r"person|phone_no|mobile|id_card|id_number|face|plate|gender|sex|birth|\bage\b|school|teacher"
    r"|student|parent|owner|surname|first_name|full_name|email|wechat|score|points|rank"
)
# The county of the requirement and its places: no test, picture or page is about them (rule L16).
REAL = re.compile("乌审旗|鄂尔多斯|嘎鲁图|达布察克|乌兰陶勒盖|图克镇|无定河镇|苏力德苏木")
WORDS = ("fieldapp/ui/words.json", "fieldapp/ui/manual.json", "sync_server/console/words.json")
WRITTEN = {".css", ".html", ".js", ".json", ".py", ".svg"}
JUDGING = re.compile(
    "违规|违法|非法|黑机构|黑班|打卡|积分|排名|排行|榜|名次|得分|评分|打分|绩效|考核|达标|重点人员"
    "|illegal|unlawful|violation|offender|leaderboard|ranking|ranked|league|top worker"
)
OTHER_SOURCES = re.compile(
    r"\w*(file_?picker|pick_?files|image_?picker|photo_?library|microphone|video_|_video|audio_?rec)\w*",
    re.I,
)
NO_JUDGEMENT = {  # a syllable of given names
    ("contract/given_names.py", "榜"),
    # the list of what no phrase may say before it is found
    *(("sync_server/domain/phrases.py", word) for word in ("违规", "违法", "非法")),
}
STILLS = {"get_available_cameras", "initialize", "set_flash_mode", "take_picture"}
# What makes the assets, and a baseline of a benchmark; in no lock.
TOOLS = {"brotli", "fonttools", "onnx", "pyarrow", "schemathesis", "splink"}
# What an invented place of this kind is called.
PLACE = re.compile(
    "[省市县旗区镇乡村里苑园院局街]$|街道|社区|苏木|嘎查|小区|家园|大厦|广场|公寓|学校"
)
INVENTED = re.compile("^(示例|示范|示教|样例|例句|模拟|演示|范例|试用|复看样例|核对示例)")


def values() -> Iterator[type[Value]]:
    """All shapes of the contract."""
    for module in pkgutil.iter_modules(contract.__path__, "contract."):
        for thing in vars(importlib.import_module(module.name)).values():
            if isinstance(thing, type) and issubclass(thing, Value) and thing is not Value:
                yield thing


def test_no_field_of_the_contract_holds_a_person() -> None:
    found = {value.__name__: set(value.model_fields) for value in values()}
    assert len(found) > 30
    assert {name: fields - set(FIELDS[name].split()) for name, fields in found.items()} == {
        name: set() for name in found
    }
    named = {f"{name}.{field}" for name, fields in found.items() for field in fields}
    assert {field for field in named if PERSON.search(field.split(".")[1])} == set()


LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-phone.lock")


@pytest.mark.parametrize("lock", LOCKS)
def test_no_dependency_recognises_people_or_phones_home(lock: str) -> None:
    names = re.findall(r"^([A-Za-z0-9._-]+)==", (ROOT / lock).read_text(), re.M)
    assert len(names) > 10
    assert {name.lower().replace("_", "-") for name in names} - PACKAGES == set()


def test_no_package_comes_past_the_locks() -> None:
    """What pyproject.toml names, phones' own list included, before anybody made the locks again."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    lists = [project["project"]["dependencies"], project["tool"]["flet"]["android"]["dependencies"]]
    lists += project["project"]["optional-dependencies"].values()
    named = [re.split(r"[^A-Za-z0-9._-]", one)[0].lower() for listed in lists for one in listed]
    assert len(named) > 30
    assert set(named) - PACKAGES - TOOLS == set()


def test_the_only_model_is_the_one_that_finds_faces() -> None:
    nets = {".bin", ".caffemodel", ".mnn", ".onnx", ".param", ".pb", ".pt", ".pth", ".tflite"}
    found = {path.name for path in shipped() if path.suffix in nets}
    assert found == {"centerface.bin", "centerface.param"}


def test_the_phone_asks_for_no_more_than_it_needs() -> None:
    flet = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["flet"]
    asked = flet["android"]["permission"]
    assert asked["android.permission.ACCESS_BACKGROUND_LOCATION"] is False
    wanted = {name.rsplit(".", 1)[-1] for name, on in asked.items() if on}
    assert not {name for name in wanted if re.search(r"AUDIO|MEDIA|CONTACTS|PHONE|SMS", name)}
    texts = {name for name in flet["ios"]["info"] if name.endswith("UsageDescription")}
    assert texts == {
        f"NS{what}UsageDescription" for what in ("Camera", "FaceID", "LocationWhenInUse")
    }


def shipped() -> Iterator[Path]:
    """Every file of the programs."""
    for folder in ("assets", "contract", "demo", "fieldapp", "sync_server"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path


def texts() -> Iterator[tuple[str, str]]:
    """Path and text of every file that somebody wrote."""
    for path in shipped():
        if path.suffix in WRITTEN and not path.name.endswith(".min.js"):
            yield path.relative_to(ROOT).as_posix(), path.read_text()


def test_words_on_screen_suspect() -> None:
    for where in WORDS:
        assert re.search("疑似|线索", (ROOT / where).read_text()), where


def test_no_shipped_file_judges_or_ranks() -> None:
    """Rules L3 and L9: no word for it in a template, a script, a list or a line of code. Whoever
    needs one from case state 72 on allows it here, with the place where it stands."""
    found = [(where, word[0]) for where, text in texts() for word in JUDGING.finditer(text.lower())]
    assert [one for one in found if one not in NO_JUDGEMENT] == []


def test_nothing_is_counted_by_who_worked() -> None:
    """Rule L9: whoever wants to rank has to count first. Uploads that are open are counted by the
    phone, for the limit of its road."""
    counted = {
        (where, group)
        for where, text in texts()
        if where.startswith("sync_server/store")
        for group in re.findall(r"group_by\(([^)]*)\)", text)
    }
    by_whom = {one for one in counted if re.search(r"author|device|staff|grid|post", one[1])}
    assert len(counted) > 1 and by_whom == {("sync_server/store/photos.py", "uploads.c.device")}


def surface(plugin: type, beside: type) -> set[str]:
    """What a plugin offers and every control has not."""
    both = [set(dir(one)) | {field.name for field in fields(one)} for one in (plugin, beside)]
    return {name for name in both[0] - both[1] if not name.startswith("_")}


def named_in(folder: str) -> set[str]:
    """Every name of an attribute, an argument and a quoted word in the code of a folder."""
    found: set[str] = set()
    for path in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.Attribute(attr=name) | ast.keyword(arg=str(name)):
                    found.add(name)
                case ast.Constant(value=str(name)):
                    found.add(name)
    return found


def test_the_camera_takes_stills_and_nothing_else() -> None:
    """Rule L5: no sound, no video, no stream of pictures, and no file that lies there already."""
    adapter = (ROOT / "fieldapp/adapters/flet_camera.py").read_text()
    assert re.findall(r"\w*audio\w*\W+\w+", adapter) == ["enable_audio=False"]
    used = surface(fc.Camera, ft.LayoutControl) & named_in("fieldapp/adapters")
    assert used - STILLS == {"content"}  # of HTTP answers
    others = {name for name in named_in("fieldapp") if OTHER_SOURCES.fullmatch(name)}
    assert others == {"FilePicker"}, "with which a file is saved, and none is picked"
    used = surface(ft.FilePicker, ft.Service) & named_in("fieldapp/adapters")
    assert used - {"upload"} == {"save_file"}  # an upload of tus


def test_a_position_is_asked_for_and_never_subscribed_to() -> None:
    """Rule L8: once for each fix, for a report's place; no last known one, no stream."""
    code = ROOT / "fieldapp/adapters/flet_geolocator.py"
    used = surface(fg.Geolocator, ft.Service) & named_in("fieldapp/adapters")
    used -= {"position"}  # of a receipt
    assert used == {"get_current_position", "get_permission_status", "request_permission"}
    assert "fg.Geolocator()" in code.read_text() and "_service.position" not in code.read_text()
    asking = {
        (where, line.strip())
        for where, text in texts()
        if where.startswith("fieldapp/") and not where.startswith("fieldapp/ports")
        for line in text.splitlines()
        if ".locate(" in line
    }
    assert asking == {
        ("fieldapp/state/draft.py", "await self.locate()"),
        ("fieldapp/state/positioning.py", "return await locator.locate(seconds)"),
    }


def test_nothing_shipped_names_a_foreign_host() -> None:
    """No font, map, script or push from outside (L17); a namespace is a name, not a call."""
    allowed = {"127.0.0.1", "localhost", "www.w3.org", "example.org", "bureau.example"}
    for where, text in texts():
        for host in re.findall(r"(?:https?|wss?)://([A-Za-z0-9.-]+)", text):
            assert host in allowed, f"{where}: {host}"
        for host in re.findall(r"(?<![:/\w])//((?:[\w-]+\.)+[A-Za-z]{2,})", text):  # no scheme
            raise AssertionError(f"{where}: {host}")


def said_in(found: object) -> Iterator[str]:
    """Every Chinese text in a document."""
    if isinstance(found, dict):
        found = list(found.values())
    if isinstance(found, list):
        for one in found:
            yield from said_in(one)
    elif isinstance(found, str) and re.search("[\u4e00-\u9fff]", found):
        yield found


def test_every_place_of_the_demo_is_called_an_example() -> None:
    """Rule L16. Sentences, doors and numbers are no names of places."""
    county = json.loads((ROOT / "demo/county.json").read_text())
    names = {
        name
        for name in said_in(county)
        if PLACE.search(name) and not re.search(r"[。，、；]|^[0-9A-Z]+号[楼院]?$", name)
    }
    assert len(names) > 20
    assert {name for name in names if not INVENTED.match(name)} == set()
    codes = {one["community"] for one in county["communities"]}
    assert codes and all(code.startswith("9999") for code in codes)  # GB/T 2260 has no such county


def test_demo_docs_and_tests_are_of_an_invented_county() -> None:
    """Rule L16. Two spellings of a real area's name stand in the test of the address grammar."""
    assert '"示例旗' in (ROOT / "demo/county.json").read_text()
    spared = {"tests/contract/test_address.py", "tests/test_privacy.py"}
    kinds = ("*.py", "*.json", "*.md", "*.html", "*.js")
    for folder in ("contract", "fieldapp", "sync_server", "demo", "docs", "tests"):
        for path in (path for kind in kinds for path in (ROOT / folder).rglob(kind)):
            name = path.relative_to(ROOT).as_posix()
            if name not in spared and "node_modules" not in name:
                assert not REAL.search(path.read_text()), name
