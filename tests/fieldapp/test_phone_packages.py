"""What a phone installs: pure Python, or a version that is built for phones, by the list in
constraints-phone.txt."""

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatchcase
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.fieldapp.test_scanner import needs_zbar

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PINS = {
    canonicalize_name(name): version
    for name, version in re.findall(
        r"^([\w-]+)==(.+)$", (ROOT / "constraints-phone.txt").read_text(), re.MULTILINE
    )
}
ANDROID = {"sys_platform": "android", "platform_system": "Android", "os_name": "posix"}
IOS = {"sys_platform": "ios", "platform_system": "iOS", "os_name": "posix"}
LEFT_OUT = PROJECT["tool"]["flet"]["cleanup"]["package_files"]
NEVER = re.findall(r"^([\w-]+);", (ROOT / "overrides-phone.txt").read_text(), re.MULTILINE)
FOLDERS = {name: {"opencv-python": "cv2"}.get(name, name.replace("-", "_")) for name in NEVER}


def installed(wanted: list[str], phone: dict[str, str]) -> Iterator[str]:
    """The names of all that pip would install there for these, without what is taken out again."""
    waiting, seen = [Requirement(one) for one in wanted], set[str]()
    while waiting:
        one = waiting.pop()
        name = str(canonicalize_name(one.name))
        if name in seen or name in NEVER:
            continue
        if one.marker and not one.marker.evaluate({**phone, "extra": ""}):
            continue
        seen.add(name)
        yield name
        needs = distribution(name).requires or []
        waiting += [Requirement(need) for need in needs]


def is_pure(name: str) -> bool:
    wheel = distribution(name).read_text("WHEEL") or ""
    return "Root-Is-Purelib: true" in wheel


@pytest.mark.parametrize(
    ("system", "phone"), [("android", ANDROID), ("ios", IOS)], ids=["android", "ios"]
)
def test_what_is_compiled_has_a_build_for_phones(system: str, phone: dict[str, str]) -> None:
    faces = PROJECT["tool"]["flet"][system]["dependencies"]
    found = set(installed([*PROJECT["project"]["dependencies"], *faces], phone))
    assert {"flet", "pydantic-core", "pillow"} <= found
    assert {name for name in found if not is_pure(name)} <= PINS.keys()


def test_the_lock_of_a_phone_has_the_versions_that_are_built_for_it() -> None:
    locked = dict(
        re.findall(
            r"^([\w-]+)==(\S+)", (ROOT / "requirements-phone.lock").read_text(), re.MULTILINE
        )
    )
    assert {name: locked[name] for name in PINS} == PINS
    assert not locked.keys() & set(NEVER)


def test_faces_and_codes_are_found_with_the_versions_that_are_built_for_phones() -> None:
    for system in ("android", "ios"):
        for one in PROJECT["tool"]["flet"][system]["dependencies"]:
            name, _, version = one.partition("==")
            assert PINS[canonicalize_name(name)] == version


def test_what_is_never_loaded_leaves_the_package_again() -> None:
    """pip installs it all the same, for packages ask for it."""
    for name, folder in FOLDERS.items():
        for path in (folder, f"{name.replace('-', '_')}-1.0.dist-info"):
            assert any(fnmatchcase(path, one) for one in LEFT_OUT), path


def test_nothing_else_leaves_the_package() -> None:
    wanted = [
        *PROJECT["project"]["dependencies"],
        *PROJECT["tool"]["flet"]["android"]["dependencies"],
    ]
    for name in installed(wanted, ANDROID):
        for path in {file.parts[0] for file in distribution(name).files or []} - {"..", "bin"}:
            assert not any(fnmatchcase(path, one) for one in LEFT_OUT), (name, path)


@needs_zbar
def test_the_app_runs_without_what_is_left_out() -> None:
    """All its modules, a picture looked at, and a code."""
    asked = (
        "import sys, pkgutil, importlib;"
        f"sys.modules.update(dict.fromkeys({[*FOLDERS.values()]!r}));"
        "import fieldapp;"
        "[importlib.import_module(one.name) for one in pkgutil.walk_packages("
        "fieldapp.__path__, 'fieldapp.') if one.name != 'fieldapp.web'];"
        "from tests.fieldapp.test_spotter import EYES, a_street;"
        "from tests.fieldapp import test_scanner;"
        "assert len(EYES.spot(a_street((300, 200, 30)))) == 1;"
        "test_scanner.test_a_code_is_read_however_it_is_held('straight')"
    )
    subprocess.run([sys.executable, "-c", asked], cwd=ROOT, check=True)
