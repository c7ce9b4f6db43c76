"""Puts the app together: client, Python, page, pictures, fonts, and the list of all files."""

import json
import shutil
from hashlib import sha256
from pathlib import Path
from typing import Any

from browser_app import client, compressed, eyes, python_side

ROOT = Path(__file__).parent.parent
HERE = Path(__file__).parent
ASSETS = ROOT / "assets"
LIST, WORKER = "files.json", "sw.js"
SOURCES = ("assets", "browser_app", "contract", "fieldapp", "requirements-browser.lock")
NEEDS_PLACE = "/*FILES*/ null"
# What the app works without: fetched behind the rest, when the app has begun.
LATER = ("eyes/", "vendor/zbar-wasm/")
FONTS = ("assets/fonts/NotoSansSC-Regular.ttf", "assets/fonts/NotoSansSC-Bold.ttf")


def build(out: Path, *, quick: bool = False) -> str:
    """Makes `out` anew; a sentence about what is in it. `quick` leaves out what takes long:
    bytecode and compression."""
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    client.copy_client(out)
    code, library = out / "app.zip", out / "pyodide/python_stdlib.zip"
    python_side.write_code(code)
    python_side.write_library(library)
    if not quick:
        python_side.compile_sources(code, library)
    _copy_page(out)
    _copy_assets(out)
    eyeless = eyes.copy_eyes(out / "eyes")
    packed = {} if quick else compressed.compress(out, WORKER, out.parent / "packed")
    files = _list_files(out, packed)
    core = [file for file in files["files"].values() if "later" not in file]
    size = sum(file["packed"] for file in core)
    face_finder = f"; without the face finder, for {eyeless}" if eyeless else ""
    return f"{out}: version {files['version']}, {size / 1e6:.1f} MB to fetch{face_finder}"


def is_current(out: Path) -> bool:
    """Whether no source is newer than the app in `out`."""
    made = out / LIST
    if not made.exists():
        return False
    paths = [file for source in SOURCES for file in (ROOT / source, *(ROOT / source).rglob("*"))]
    newest = max(p.stat().st_mtime for p in paths if "__pycache__" not in p.parts and p.is_file())
    return newest <= made.stat().st_mtime


def _copy_page(out: Path) -> None:
    shutil.copytree(HERE / "page", out, dirs_exist_ok=True)
    shutil.copytree(HERE / "vendor", out / "vendor")
    (out / "flutter-loader.js").write_text(client.loader())


def _copy_assets(out: Path) -> None:
    """Icons and fonts; not the model of ncnn, nor what only packages show."""
    for name in ("favicon.png", *(f"icons/{path.name}" for path in (ASSETS / "icons").iterdir())):
        (out / name).parent.mkdir(exist_ok=True)
        shutil.copyfile(ASSETS / name, out / name)
    for name in ("assets/FontManifest.json", *FONTS):
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ASSETS / name, out / name)


def _list_files(out: Path, packed: dict[str, int]) -> dict[str, Any]:
    """Writes which files make up this version, with digests, into files.json and the service
    worker, which is the same for the same files. `packed` has the bytes of those that travel
    compressed."""
    files = dict[str, dict[str, Any]]()
    for path in sorted(out.rglob("*")):
        name = path.relative_to(out).as_posix()
        if path.is_file() and name != WORKER and path.suffix not in compressed.SUFFIXES:
            content = path.read_bytes()
            size = len(content)
            file = {"sha256": sha256(content).hexdigest(), "bytes": size}
            files[name] = file | {"packed": packed.get(name, size)}
            if name.startswith(LATER):
                files[name]["later"] = True
    worker = (out / WORKER).read_text()
    version = sha256((json.dumps(files) + worker).encode()).hexdigest()[:12]
    listed = {"version": version, "files": files}
    text = json.dumps(listed, separators=(",", ":"))
    if worker.count(NEEDS_PLACE) != 1:
        raise RuntimeError("the service worker has no place for the list")
    (out / WORKER).write_text(worker.replace(NEEDS_PLACE, text))
    (out / LIST).write_text(text)
    return listed
