"""The rules of DESIGN's diagram, enforced: arrows, purity, size, and what ships on a phone."""

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PROGRAMS = ("contract", "fieldapp", "sync_server")

# Third-party packages a room may import, besides the rooms named in ARROWS.
GUESTS = {
    "contract": {"pydantic"},
    "fieldapp/entry.py": set(),
    "fieldapp/ports": set(),
    "fieldapp/keys.py": set(),
    "fieldapp/pin.py": set(),
    "fieldapp/room.py": set(),
    "fieldapp/courier.py": set(),
    "fieldapp/words.py": set(),
    "fieldapp/state": {"flet"},
    "fieldapp/screens": {"flet"},
    "fieldapp/widgets": {"flet"},
    "sync_server/merge.py": set(),
    "sync_server/cases.py": set(),
    "sync_server/intake.py": set(),
    "sync_server/review.py": set(),
    "sync_server/feedback.py": set(),
    "sync_server/problems.py": set(),
}
# The courier in many small files, for what one trip does and what it means for the notebook.
PARTS = [*"again calls carrier errand farewell haul keys lastword ledger letters lookups".split()]
PARTS += [*"mailbox memory pace remembered retention rounds telling trip".split()]
COURIER = {f"fieldapp.{room}" for room in ("entry", "parcel", "ports", *PARTS)}
# What a room may import of our own: everything else of ours is forbidden there.
ARROWS = {
    "contract": {"contract"},
    "fieldapp": {"contract", "fieldapp"},
    "sync_server": {"contract", "sync_server"},
    "fieldapp/entry.py": {"contract", "fieldapp.parcel", "fieldapp.story"},
    "fieldapp/parcel.py": {"contract"},
    "fieldapp/ports": {"contract", "fieldapp.entry", "fieldapp.parcel", "fieldapp.ports"},
    "fieldapp/courier.py": {"contract", *COURIER},
    "fieldapp/adapters": {
        "contract",
        "fieldapp.adapters",
        "fieldapp.entry",
        "fieldapp.parcel",
        "fieldapp.ports",
    },
    "fieldapp/widgets": {
        "contract",
        "fieldapp.entry",
        "fieldapp.look",
        "fieldapp.ports",
        "fieldapp.room",
        "fieldapp.widgets",
        "fieldapp.words",
    },
    "sync_server/merge.py": {"contract"},
    "sync_server/cases.py": {"contract", "sync_server.access", "sync_server.problems"},
    "sync_server/store": {
        "contract",
        "sync_server.merge",
        "sync_server.problems",
        "sync_server.store",
    },
}
GUESTS |= {f"fieldapp/{part}.py": set() for part in PARTS}
ARROWS |= {f"fieldapp/{part}.py": {"contract", *COURIER} for part in PARTS}
FORBIDDEN = {
    "fieldapp/screens": {"fieldapp.adapters", "fieldapp.courier", "fieldapp.app"},
    "fieldapp/state": {"fieldapp.adapters", "fieldapp.screens", "fieldapp.widgets"},
    "sync_server/store": {"sync_server.api", "sync_server.console", "sync_server.intake"},
    "sync_server/console": {"sync_server.api", "sync_server.intake", "sync_server.uploads"},
    "sync_server/api.py": {"sync_server.console", "sqlalchemy"},
}
PURE = ("contract", "fieldapp/entry.py", "sync_server/merge.py", "sync_server/cases.py")
WORLD = {"asyncio", "os", "pathlib", "random", "secrets", "shutil", "socket", "sqlite3"}
WORLD |= {"subprocess", "sys", "tempfile", "threading", "time", "urllib"}
# The one file (or folder) that may import a library.
HOMES = {
    "sqlite_utils": ("fieldapp/adapters/sqlite_pages.py", "fieldapp/adapters/sqlite_steps.py"),
    "cryptography": ("fieldapp/adapters/ciphers.py",),
    "flet_secure_storage": ("fieldapp/adapters/flet_safe.py",),
    "httpx": ("fieldapp/adapters/httpx_link.py", "fieldapp/adapters/httpx_roads.py"),
    "segno": ("sync_server/invitations.py",),
    "flet_camera": ("fieldapp/adapters/flet_camera.py",),
    "flet_local_auth": ("fieldapp/adapters/flet_biometrics.py",),
    "flet_geolocator": ("fieldapp/adapters/flet_geolocator.py",),
    "flet_web": ("fieldapp/web.py",),
    "ncnn": ("fieldapp/adapters/centerface_spotter.py",),
    "pyzbar": ("fieldapp/adapters/zbar_scanner.py",),
    "astral": ("fieldapp/daylight.py",),
    "PIL": ("fieldapp/adapters/pillow_darkroom.py", "fieldapp/adapters/pillow_pictures.py"),
    "uvicorn": ("sync_server/__main__.py", "sync_server/listening.py"),
    "sqlalchemy": ("sync_server/store",),
    "alembic": ("sync_server/store",),
    "argon2": ("sync_server/passwords.py",),
    "jinja2": ("sync_server/console",),
    "python_calamine": ("sync_server/importing/sheets.py",),
    "pypinyin": ("sync_server/importing/initials.py",),
    "json": ("contract/wire.py",),
}


def modules(where: str) -> list[Path]:
    path = ROOT / where
    found = [path] if path.suffix else sorted(path.rglob("*.py"))
    assert found and all(file.exists() for file in found), f"{where} is gone: mend this table"
    return found


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


@cache
def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def within(name: str, rooms: set[str]) -> bool:
    return any(name == room or name.startswith(room + ".") for room in rooms)


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


@pytest.mark.parametrize(("where", "guests"), GUESTS.items())
def test_a_room_receives_only_the_guests_it_named(where: str, guests: set[str]) -> None:
    known = guests | set(PROGRAMS) | set(sys.stdlib_module_names)
    for path in modules(where):
        assert {name.split(".")[0] for name in imported(path)} <= known, path


@pytest.mark.parametrize(("where", "rooms"), ARROWS.items())
def test_arrows_point_inward(where: str, rooms: set[str]) -> None:
    for path in modules(where):
        ours = {name for name in imported(path) if name.split(".")[0] in (*PROGRAMS, "demo")}
        own_packages = {name for name in ours if "." not in name}  # `from contract import wire`
        strays = {name for name in ours - own_packages if not within(name, rooms)}
        assert not strays, f"{path}: {strays}"


@pytest.mark.parametrize(("where", "rooms"), FORBIDDEN.items())
def test_no_arrow_goes_around_a_wall(where: str, rooms: set[str]) -> None:
    for path in modules(where):
        assert not {name for name in imported(path) if within(name, rooms)}, path


@pytest.mark.parametrize("where", PURE)
def test_what_could_run_without_a_world_imports_none(where: str) -> None:
    for path in modules(where):
        assert not {name.split(".")[0] for name in imported(path)} & WORLD, path


@pytest.mark.parametrize(("library", "homes"), HOMES.items())
def test_a_library_has_one_home(library: str, homes: tuple[str, ...]) -> None:
    users = {
        path.relative_to(ROOT).as_posix()
        for program in PROGRAMS
        for path in modules(program)
        if within(library, {name.split(".")[0] for name in imported(path)})
    }
    assert users, f"nobody imports {library}: mend this table"
    assert all(user.startswith(homes) for user in users), users


@pytest.mark.parametrize("program", (*PROGRAMS, "demo"))
def test_modules_and_functions_stay_short(program: str) -> None:
    for path in modules(program):
        assert len(path.read_text().splitlines()) <= 200, path
        for function in (
            functions(path) if "migrations" not in path.parts else ()
        ):  # lists of tables
            length = (function.end_lineno or 0) - function.lineno + 1
            doc = len((ast.get_docstring(function, clean=False) or "").splitlines())
            assert length - doc <= 25, f"{path}: {function.name} has {length - doc} lines"


def test_every_module_says_why_it_exists() -> None:
    for program in (*PROGRAMS, "demo"):
        for path in modules(program):
            assert ast.get_docstring(tree(path)), path


def test_names_say_what_a_thing_is() -> None:
    banned = ("manager", "helper", "utils", "common", "process")
    for program in PROGRAMS:
        for path in modules(program):
            assert not any(word in path.stem.lower() for word in banned), path


def test_every_top_level_name_is_shipped_or_excluded() -> None:
    shipped = {"main.py", "fieldapp", "contract", "assets", "pyproject.toml"}
    flet = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["flet"]
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    assert {name.split("/")[0] for name in tracked} <= shipped | set(flet["app"]["exclude"])
