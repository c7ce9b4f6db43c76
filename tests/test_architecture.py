"""docs/architecture.md, enforced: arrows, purity, size, and what ships on a phone."""

import ast
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from contract.cases import CaseState

ROOT = Path(__file__).parent.parent
PROGRAMS = ("contract", "fieldapp", "sync_server")

# What a folder may import of our own; everything else of ours is forbidden there.
PHONE = {"contract", "fieldapp.__version__"}
SERVER = {"contract", "sync_server.problems", "sync_server.settings"}
SERVER |= {"sync_server.apart", "sync_server.private_traceback"}
ARROWS = {
    "contract": {"contract"},
    "fieldapp": {"contract", "fieldapp"},
    "fieldapp/report": {"contract"},
    "fieldapp/patrol": {"contract"},
    "fieldapp/ui": {"contract"},
    "fieldapp/ports": {"contract", "fieldapp.report"},
    "fieldapp/memory": {"contract", "fieldapp.ports", "fieldapp.report"},
    "fieldapp/device": PHONE | {"fieldapp.memory", "fieldapp.ports", "fieldapp.report"},
    "fieldapp/courier": PHONE
    | {"fieldapp.device", "fieldapp.memory", "fieldapp.ports", "fieldapp.report"},
    "fieldapp/adapters": {"contract", "fieldapp.ports", "fieldapp.report"},
    "fieldapp/platforms": {"contract", "fieldapp.adapters", "fieldapp.device", "fieldapp.ports"},
    "fieldapp/state": {
        "contract",
        "fieldapp.courier.progress",
        "fieldapp.device",
        "fieldapp.memory",
        "fieldapp.patrol",
        "fieldapp.ports",
        "fieldapp.report",
        "fieldapp.ui",
    },
    "fieldapp/widgets": {"contract", "fieldapp.report", "fieldapp.ui"},
    "fieldapp/screens": PHONE
    | {"fieldapp.device", "fieldapp.memory", "fieldapp.patrol", "fieldapp.ports"}
    | {"fieldapp.report", "fieldapp.state", "fieldapp.ui", "fieldapp.widgets"},
    "sync_server": {"contract", "sync_server"},
    "sync_server/domain": {"contract"},
    "sync_server/store": {"contract", "sync_server.domain", "sync_server.problems"},
    "sync_server/accounts": SERVER | {"sync_server.domain", "sync_server.store"},
    "sync_server/auditing": SERVER | {"sync_server.store"},
    "sync_server/casework": SERVER
    | {"sync_server.domain", "sync_server.sites.gazetteer", "sync_server.store"},
    "sync_server/sites": SERVER
    | {"sync_server.domain", "sync_server.importing.initials", "sync_server.store"},
    "sync_server/intake": SERVER
    | {"sync_server.accounts", "sync_server.casework", "sync_server.domain", "sync_server.sites"}
    | {"sync_server.store"},
    "sync_server/photos": SERVER
    | {"sync_server.accounts", "sync_server.phone_api.batching", "sync_server.phone_api.bodies"}
    | {"sync_server.problem_responses", "sync_server.store"},
    "sync_server/phone_api": SERVER
    | {"sync_server.accounts", "sync_server.intake"}
    | {"sync_server.problem_responses", "sync_server.store"},
    "sync_server/field_app": {"contract"},
    "sync_server/web": SERVER | {"sync_server.accounts"},
    "sync_server/importing": SERVER
    | {"sync_server.accounts", "sync_server.domain", "sync_server.store"},
    "sync_server/console": SERVER
    | {"sync_server.accounts", "sync_server.casework", "sync_server.domain", "sync_server.sites"}
    | {"sync_server.photos.thumbnails", "sync_server.store", "sync_server.exports"}
    | {"sync_server.intake.by_hand", "sync_server.intake.desk_report"},
    "sync_server/exports": SERVER,
}
# Third-party packages a folder may import, where few or none are welcome.
GUESTS: dict[str, set[str]] = {
    "contract": {"pydantic", "pydantic_core"},  # the latter is pydantic's, for its own errors
    "fieldapp/courier": set(),
    "fieldapp/device": set(),
    "fieldapp/memory": set(),
    "fieldapp/patrol": {"astral"},
    "fieldapp/ports": set(),
    "fieldapp/report": set(),
    "fieldapp/state": {"flet"},
    "fieldapp/screens": {"flet"},
    "fieldapp/widgets": {"flet"},
    "fieldapp/ui": {"flet"},
    "sync_server/domain": set(),
    "sync_server/intake": set(),
    "sync_server/casework": set(),
    "sync_server/sites": set(),
    "sync_server/problems.py": set(),
}
TABLES = "sync_server.store.schema"
# How many modules may lie loose at the top of a program, __init__ apart: it is a table of contents.
LOOSE = {"fieldapp": 4, "sync_server": 8}
# What could run with no disk, clock, screen or network imports none of them.
PURE = ("contract", "fieldapp/report", "fieldapp/patrol", "sync_server/domain")
WORLD = {"asyncio", "os", "pathlib", "random", "secrets", "shutil", "socket", "sqlite3"}
WORLD |= {"subprocess", "sys", "tempfile", "threading", "time", "urllib"}
# The one file (or folder) that may import a library.
HOMES = {
    "sqlite_utils": ("fieldapp/adapters/sqlite_database.py", "fieldapp/adapters/sqlite_schema.py"),
    "cryptography": (
        "fieldapp/adapters/cryptography_",
        "sync_server/accounts/bureau_key.py",
        "sync_server/store/arrival_key.py",
    ),
    "flet_secure_storage": ("fieldapp/adapters/flet_safe.py",),
    "httpx": (
        "fieldapp/adapters/httpx_link.py",
        "fieldapp/adapters/httpx_transport.py",
        "fieldapp/adapters/page_transport.py",
    ),
    "pyodide": ("fieldapp/adapters/page_scripts.py",),
    "segno": ("sync_server/accounts/invitations.py",),
    "flet_camera": ("fieldapp/adapters/flet_camera.py",),
    "flet_local_auth": ("fieldapp/adapters/flet_biometrics.py",),
    "flet_geolocator": ("fieldapp/adapters/flet_geolocator.py",),
    "flet_web": ("fieldapp/web.py",),
    "ncnn": ("fieldapp/adapters/centerface_spotter.py",),
    "pyzbar": ("fieldapp/adapters/zbar_scanner.py",),
    "astral": ("fieldapp/patrol/shifts.py",),
    "PIL": ("fieldapp/adapters/pillow_", "sync_server/photos/pillow_thumbnail.py"),
    "uvicorn": (
        "sync_server/__main__.py",
        "sync_server/web/connections.py",
        "sync_server/serve.py",
    ),
    "uvloop": ("sync_server/web/handshakes.py",),
    "sqlalchemy": ("sync_server/store",),
    "alembic": ("sync_server/store",),
    "argon2": ("sync_server/accounts/passwords.py",),
    "jinja2": ("sync_server/console",),
    "python_calamine": ("sync_server/importing/reading/workbook.py",),
    "typst": ("sync_server/exports/typst_pdf.py",),
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
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
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
    own = where.replace("/", ".")
    for path in modules(where):
        ours = {name for name in imported(path) if name.split(".")[0] in (*PROGRAMS, "demo")}
        strays = {name for name in ours if "." in name and not within(name, {own, *rooms})}
        assert not strays, f"{path}: {strays}"


def test_no_table_leaves_the_store() -> None:
    """The store names its operations; who held a table could write SQL anywhere."""
    for path in modules("sync_server"):
        if not path.is_relative_to(ROOT / "sync_server/store"):
            assert not any(within(name, {TABLES}) for name in imported(path)), path


def test_every_folder_has_its_arrows() -> None:
    folders = {
        path.parent.relative_to(ROOT).as_posix()
        for program in PROGRAMS
        for path in (ROOT / program).glob("*/__init__.py")
    }
    assert folders <= ARROWS.keys()


@pytest.mark.parametrize(("program", "most"), LOOSE.items())
def test_the_top_of_a_program_is_a_table_of_contents(program: str, most: int) -> None:
    loose = {path.stem for path in (ROOT / program).glob("*.py")} - {"__init__"}
    assert len(loose) <= most, sorted(loose)


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
        assert len(path.read_text().splitlines()) <= 300, path
        for function in (
            functions(path) if "migrations" not in path.parts else ()
        ):  # lists of tables
            length = (function.end_lineno or 0) - function.lineno + 1
            doc = len((ast.get_docstring(function, clean=False) or "").splitlines())
            assert length - doc <= 25, f"{path}: {function.name} has {length - doc} lines"


def test_one_function_knows_of_threads() -> None:
    """Inside a browser's page there are none."""
    users = [
        path.relative_to(ROOT).as_posix()
        for path in modules("fieldapp")
        if "to_thread" in path.read_text()
    ]
    assert users == ["fieldapp/ports/background.py"]


def test_every_module_says_why_it_exists() -> None:
    for program in (*PROGRAMS, "demo"):
        for path in modules(program):
            assert ast.get_docstring(tree(path)), path


def test_one_class_name_is_one_class() -> None:
    names = Counter(
        node.name
        for program in PROGRAMS
        for path in modules(program)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef)
    )
    assert not [name for name, count in names.items() if count > 1]


# Two digits that happen to be a case state's code and mean something else.
NOT_A_CASE_STATE = {
    ("fieldapp/adapters/centerface_spotter.py", "55"),  # a layer of the network
    ("sync_server/console/filters.py", "30"),  # days
}


def test_a_case_state_is_written_by_its_name() -> None:
    codes = {state.value for state in CaseState}
    literals = {
        (path.relative_to(ROOT).as_posix(), node.value)
        for program in (*PROGRAMS, "demo")
        for path in modules(program)
        if "migrations" not in path.parts and path != ROOT / "contract/cases.py"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and node.value in codes
    }
    assert literals == NOT_A_CASE_STATE


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
