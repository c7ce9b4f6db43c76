"""Writes each file beside itself as the server sends it: .br where brotli is there, and .gz."""

import gzip
import os
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

LEAST = 1024  # bytes
QUALITY = 11  # of brotli: slow, and only once for the same bytes
PACKED = {".png", ".zip", ".woff2"}  # the zips hold what is packed already
SUFFIXES = {".br", ".gz"}
Packing = dict[str, Callable[[bytes], bytes]]


def compress(out: Path, but: str, kept: Path) -> dict[str, int]:
    """How many bytes each file takes on the road, by its name. `but` is one that changes later.
    `kept` is a folder with what was packed for the build before, by digest: brotli takes a minute
    and a half for all, and Flutter and Python seldom change."""
    kept.mkdir(parents=True, exist_ok=True)
    before = set(kept.iterdir())
    paths = [path for path in sorted(out.rglob("*")) if _is_worth_it(path, but)]
    with ThreadPoolExecutor(os.cpu_count()) as threads:  # both packers let go of the interpreter
        made = dict(zip(paths, threads.map(lambda path: _packed(path, kept), paths), strict=True))
    for stale in before - {one for all_of_it in made.values() for one in all_of_it}:
        stale.unlink()
    sizes = {path: min(one.stat().st_size for one in all_of_it) for path, all_of_it in made.items()}
    return {path.relative_to(out).as_posix(): size for path, size in sizes.items()}


def _is_worth_it(path: Path, but: str) -> bool:
    if not path.is_file() or path.name == but or path.suffix in PACKED:
        return False
    return path.stat().st_size >= LEAST


def _packed(path: Path, kept: Path) -> list[Path]:
    """Writes what a file is packed into beside it; where that is kept for the next build."""
    content = path.read_bytes()
    digest, packing, made = sha256(content).hexdigest(), _packing(), list[Path]()
    for suffix, pack in packing.items():
        one = kept / f"{digest}{suffix}"
        if not one.exists():
            half = kept / f"{digest}{suffix}.half"
            half.write_bytes(pack(content))
            half.replace(one)
        shutil.copyfile(one, path.with_name(path.name + suffix))
        made.append(one)
    return made


def _packing() -> Packing:
    packing: Packing = {".gz": lambda content: gzip.compress(content, 9, mtime=0)}
    if find_spec("brotli"):
        brotli = import_module("brotli")
        packing[".br"] = lambda content: bytes(brotli.compress(content, quality=QUALITY))
    return packing
