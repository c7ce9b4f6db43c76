"""The server's wheel, with the field app for browsers in it: `make wheel`.

Whoever installs it needs neither node nor npm nor this repository: `python -m sync_server serve`
gives the app out under /app/. Raises SystemExit for an app that `make app` has not made whole.
"""

import json
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

from browser_app import assemble, eyes

ROOT = Path(__file__).parent.parent
APP, OUT = ROOT / "build/app", ROOT / "build/wheel"
PACKAGES = ("contract", "sync_server")
BUILT = "sync_server/field_app/built"  # see sync_server/field_app/files.py
# Of what phones install, what the server imports as well.
SHARED = ("cryptography", "pillow", "pydantic")


def main() -> int:
    if reason := unfit(APP):
        raise SystemExit(f"{APP}: {reason}; make app")
    with TemporaryDirectory() as folder:
        stage(Path(folder), APP)
        command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps"]
        subprocess.run([*command, "--wheel-dir", str(OUT), folder], check=True)
    print(*sorted(OUT.glob("*.whl")))
    return 0


def unfit(app: Path) -> str:
    """Why this app does not go into a wheel; "" if it does: current, compressed, with bytecode made
    by the Python that runs it, and with the face finder."""
    if not assemble.is_current(app):
        return "a source is newer"
    for archive in (app / "app.zip", app / "pyodide/python_stdlib.zip"):
        with ZipFile(archive) as files:
            if any(name.endswith(".py") for name in files.namelist()):
                return f"sources in {archive.name}: there was no node"
    if not (app / "eyes" / eyes.NET).exists():
        return "no face finder: there was no npm"
    return "" if (app / "main.dart.js.br").exists() else "nothing is compressed by brotli"


def stage(folder: Path, app: Path) -> None:
    """Writes what a wheel is made of into an empty folder."""
    for package in PACKAGES:
        leave_out = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / package, folder / package, ignore=leave_out)
    shutil.copytree(app, folder / BUILT)
    for name in ("README.md", "LICENSE", "THIRD_PARTY.md"):
        shutil.copyfile(ROOT / name, folder / name)
    (folder / "pyproject.toml").write_text(_project())


def _project() -> str:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    shared = [one for one in project["dependencies"] if one.startswith(SHARED)]
    needed = [*shared, *project["optional-dependencies"]["server"]]
    lines = [
        '[build-system]\nrequires = ["setuptools>=77"]\nbuild-backend = "setuptools.build_meta"',
        f'[project]\nname = "xuncha-server"\nversion = "{project["version"]}"',
        f'description = {json.dumps(project["description"])}\nreadme = "README.md"',
        f'license = "{project["license"]}"\nlicense-files = ["LICENSE", "THIRD_PARTY.md"]',
        f'requires-python = "{project["requires-python"]}"\ndependencies = {json.dumps(needed)}',
        f"[tool.setuptools.packages.find]\ninclude = {json.dumps([f'{p}*' for p in PACKAGES])}",
        '[tool.setuptools.package-data]\n"*" = ["**/*"]',
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
