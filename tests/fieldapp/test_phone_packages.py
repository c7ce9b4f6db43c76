"""What a phone installs: pure Python, or a version that is built for phones, by the list in
constraints-phone.txt."""

import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

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
# A desk's OpenCV has no windows either; a phone installs the other name of the same build.
DESK = {"opencv-python": "opencv-python-headless"}


def installed(wanted: list[str], phone: dict[str, str]) -> Iterator[str]:
    """The names of all that pip would install there for these."""
    waiting, seen = [Requirement(one) for one in wanted], set[str]()
    while waiting:
        one = waiting.pop()
        name = str(canonicalize_name(one.name))
        if name in seen or (one.marker and not one.marker.evaluate({**phone, "extra": ""})):
            continue
        seen.add(name)
        yield name
        needs = distribution(DESK.get(name, name)).requires or []
        waiting += [Requirement(need) for need in needs]


def is_pure(name: str) -> bool:
    wheel = distribution(DESK.get(name, name)).read_text("WHEEL") or ""
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
    built = {DESK.get(name, name): version for name, version in PINS.items()}
    assert {name: locked[name] for name in built} == built


def test_faces_are_found_with_the_versions_that_are_built_for_phones() -> None:
    for system in ("android", "ios"):
        for one in PROJECT["tool"]["flet"][system]["dependencies"]:
            name, _, version = one.partition("==")
            assert PINS[canonicalize_name(name)] == version
