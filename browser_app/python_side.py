"""What Python needs in the page: the app, its packages, and the trimmed standard library."""

import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path
from tempfile import TemporaryDirectory

from browser_app.client import flet_web

ROOT = Path(__file__).parent.parent
LOCK = ROOT / "requirements-browser.lock"
# What fieldapp/ imports in a browser, and what these import; all of them pure Python.
PURE = (
    "annotated-types anyio astral click click-default-group flet flet-camera flet-geolocator"
    " flet-local-auth flet-secure-storage h11 httpcore httpx idna msgpack oauthlib pluggy pydantic"
    " python-dateutil repath six sqlite-fts4 sqlite-utils tabulate typing-extensions"
    " typing-inspection"
).split()
COMPILED = ("pydantic_core", "msgpack")  # from wheels for Pyodide, by LOCK
WHEEL_TAGS = ("--platform", "pyemscripten_2026_0_wasm32", "--python-version", "314")
NOT_SHIPPED = re.compile(
    r"(__pycache__|\.(so|pyi|pyx|h|pyd)$|py\.typed$|\.dist-info|^\.\.|/tests?/|^flet/testing/"
    r"|^pydantic/v1/|^pydantic/mypy|^dateutil/zoneinfo/|^sqlite_utils/cli|^anyio/_backends/_trio"
    r"|^anyio/pytest_plugin|^fieldapp/(web|platforms/(native|host))\.py$|^fieldapp/adapters/(pillow_"
    r"|cryptography_|file_safe|folder_album|centerface_spotter|zbar_scanner|flet_safe))"
)
# Of the standard library, beside NOT_SHIPPED: what nothing here imports.
NOT_IMPORTED = re.compile(
    r"^(_pyrepl|_sitebuiltins_|antigravity|bdb|cgi|ctypes/(macholib|test)"
    r"|curses|dbm|doctest|ensurepip|ftplib|idlelib|imaplib|lib2to3|mailbox|nntplib|pdb|plistlib"
    r"|poplib|profile|pstats|pyclbr|pydoc|pydoc_data|smtplib|sqlite3/__main__|tabnanny|telnetlib|test"
    r"|this|tkinter|trace|tracemalloc_|turtle|turtledemo|unittest|venv|wsgiref|xdrlib|xmlrpc|zipapp"
    r"|pyodide_js_|lzma_|distutils)(/|\.py|$)"
)


def write_code(path: Path) -> None:
    """The zip with the app's own code, and its packages under packages/."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted({**dict(_own()), **dict(_packages())}.items()):
            archive.writestr(_entry(name), content)


def write_library(path: Path) -> None:
    """Python's standard library without what nothing imports."""
    with zipfile.ZipFile(flet_web() / "pyodide/python_stdlib.zip") as whole:
        names = [name for name in whole.namelist() if not NOT_IMPORTED.search(name)]
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in sorted(name for name in names if not name.endswith("/")):
                archive.writestr(_entry(name), whole.read(name))


def compile_sources(*archives: Path) -> bool:
    """Puts bytecode in the place of sources, which halves the time of imports; False where there is
    no node to run Pyodide."""
    node = shutil.which("node")
    if not node:
        return False
    script = Path(__file__).with_name("bytecode.mjs")
    command = [node, str(script), str(flet_web() / "pyodide"), *map(str, archives)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    return True


def _entry(name: str) -> zipfile.ZipInfo:
    """The same time in each build: an app with the same content has the same digest."""
    entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _own() -> Iterator[tuple[str, bytes]]:
    yield "main.py", (ROOT / "browser_app/main.py").read_bytes()
    for program in ("fieldapp", "contract"):
        for path in (ROOT / program).rglob("*"):
            name = path.relative_to(ROOT).as_posix()
            if path.is_file() and not NOT_SHIPPED.search(name):
                yield name, path.read_bytes()


def _packages() -> Iterator[tuple[str, bytes]]:
    for package in PURE:
        yield from _files(distribution(package))
    with TemporaryDirectory() as folder:
        for wheel in _wheels(Path(folder)):
            with zipfile.ZipFile(wheel) as archive:
                for name in archive.namelist():
                    if ".dist-info/" not in name and not name.endswith(".pyi"):
                        yield f"packages/{name}", archive.read(name)


def _files(package: Distribution) -> Iterator[tuple[str, bytes]]:
    for file in package.files or ():
        name = file.as_posix()
        if not NOT_SHIPPED.search(name):
            yield f"packages/{name}", Path(str(file.locate())).read_bytes()


def _wheels(folder: Path) -> list[Path]:
    """COMPILED for Pyodide, from the index that pip is set up for, each by the hash in LOCK."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    command += ["--no-deps", "--only-binary=:all:", "--require-hashes", "--implementation", "cp"]
    command += [*WHEEL_TAGS, "--dest", str(folder), "--requirement", str(LOCK)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    wheels = sorted(folder.glob("*.whl"))
    if len(wheels) != len(COMPILED):
        raise RuntimeError(f"expected {COMPILED}, got {wheels}")
    return wheels
