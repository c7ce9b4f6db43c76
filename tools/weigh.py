"""What the phone's package weighs without Flutter and Python:
`.venv-phone/bin/python -m tools.weigh`, after `make test-phone`.

Our own files are zipped as the package zips them. Packages are weighed as wheels, which are zipped,
too: pure ones as they are; of compiled ones pip fetches the build for 64-bit ARM under Linux, for
those of phones lie where only flet's own command line looks.
"""

import subprocess
import sys
from collections.abc import Iterator
from fnmatch import fnmatch
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZIP_DEFLATED, ZipFile

from tests.fieldapp.test_phone_packages import ANDROID, PROJECT, installed

ROOT = Path(__file__).parent.parent
ARM = ("--platform", "manylinux2014_aarch64", "--platform", "manylinux_2_28_aarch64")
PIP = (sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:")
MOST_MB = 25


def main() -> int:
    rows = {"contract/, fieldapp/, main.py": zipped(ours(code=True))}
    rows |= {f"assets: {path.name}": zipped([path]) for path in sorted(ours(code=False))}
    rows |= dict(wheels())
    for name, size in sorted(rows.items(), key=lambda row: -row[1]):
        print(f"| {name} | {size / 1e6:.2f} |")
    total = sum(rows.values()) / 1e6
    print(f"| all | {total:.1f} |")
    return int(total > MOST_MB)


def ours(*, code: bool) -> Iterator[Path]:
    """The files of this project that ship."""
    excluded = PROJECT["tool"]["flet"]["app"]["exclude"]
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for name in tracked.stdout.split():
        out = any(fnmatch(name, one) or name.startswith(f"{one}/") for one in excluded)
        if not out and name.startswith("assets/") != code:
            yield ROOT / name


def zipped(paths: Iterator[Path] | list[Path]) -> int:
    """Bytes, once in one zip."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as package:
        for path in paths:
            package.write(path, path.relative_to(ROOT))
    return len(out.getvalue())


def wheels() -> Iterator[tuple[str, int]]:
    """Each package that a phone installs, by name, and the bytes of its wheel."""
    for wanted in _wanted():
        with TemporaryDirectory() as folder:
            command = [*PIP, *ARM, "--python-version", "3.12", "-d", folder, wanted]
            subprocess.run(command, check=True)
            (wheel,) = Path(folder).iterdir()
            yield "-".join(wheel.name.split("-")[:2]), wheel.stat().st_size


def _wanted() -> Iterator[str]:
    phone = PROJECT["tool"]["flet"]["android"]
    for name in installed([*PROJECT["project"]["dependencies"], *phone["dependencies"]], ANDROID):
        yield f"{name}=={version(name)}"


if __name__ == "__main__":
    sys.exit(main())
