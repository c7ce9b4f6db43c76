"""What the build promises of its parts: mended, pinned, unmodified, listed."""

import gzip
import json
import re
import tomllib
from hashlib import sha256
from pathlib import Path

import pytest

from browser_app import assemble, client, compressed, eyes
from browser_app.python_side import COMPILED, LOCK
from fieldapp.ui import theme
from sync_server.field_app import files
from tools import make_wheel

ROOT = Path(__file__).parents[2]
VENDOR = ROOT / "browser_app/vendor"


def test_a_pyodide_whose_stub_is_another_is_not_built() -> None:
    assert client.with_flushes(f"a{client.STUB}b") == f"a{client.FLUSHES}b"
    for runtime in ("", client.STUB * 2, client.STUB.replace("return 0", "return 1")):
        with pytest.raises(RuntimeError, match="fdatasync"):
            client.with_flushes(runtime)


def test_a_net_of_other_shapes_is_not_built() -> None:
    shape = b"\n\x02\x08\n\n\x02\x08%c\n\x02\x08%c\n\x02\x08%c"
    five = [shape % (3, 32, 32), *(shape % (n, 8, 8) for n in (1, 2, 2, 10))]
    any_size = eyes.for_any_size(b"weights".join(five))
    shapes = any_size.split(b"weights")
    assert all(one.startswith(eyes.ONE) and one.endswith(2 * eyes.ANY) for one in shapes)
    assert len(any_size) == len(b"weights".join(five)) and any_size.count(b"weights") == 4
    for net in (b"", b"".join(five[1:]), b"".join([*five, five[0]]), any_size):
        with pytest.raises(RuntimeError, match="net"):
            eyes.for_any_size(net)


def test_scripts_of_others_are_what_their_page_says() -> None:
    page = (VENDOR / "README.md").read_text()
    lines = re.findall(r"^([0-9a-f]{64})  (\S+)$", page, re.MULTILINE)
    listed = {name: digest for digest, name in lines}
    found = {
        path.relative_to(VENDOR).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.glob("*/*")
    }
    assert found and found == listed
    assert all((folder / "LICENSE").exists() for folder in VENDOR.iterdir() if folder.is_dir())


def test_the_browser_has_the_versions_of_the_other_programs() -> None:
    pinned = re.compile(r"^([a-z-]+)==(\S+) \\$", re.MULTILINE)
    ours = dict(pinned.findall(LOCK.read_text()))
    others = dict(pinned.findall((ROOT / "requirements.lock").read_text()))
    assert len(ours) == len(COMPILED)
    assert ours.items() <= others.items()


def test_the_list_names_every_file_by_its_digest(built: Path) -> None:
    listed = json.loads((built / assemble.LIST).read_text())
    files = {
        path.relative_to(built).as_posix()
        for path in built.rglob("*")
        if path.is_file() and path.name not in {assemble.LIST, assemble.WORKER}
    }
    assert files == set(listed["files"])
    for name, file in listed["files"].items():
        content = (built / name).read_bytes()
        assert (file["sha256"], file["bytes"]) == (sha256(content).hexdigest(), len(content))
    assert listed["version"] in (built / assemble.WORKER).read_text()
    assert (built / "pyodide/pyodide.asm.mjs").read_text().count(client.FLUSHES) == 1


def test_no_script_of_the_page_names_another_host(built: Path) -> None:
    """Flutter's own may name some, which the page's policy stops."""
    for path in [*(ROOT / "browser_app/page").iterdir()]:
        hosts = set(re.findall(r"https?://[a-z0-9.-]+", path.read_text()))
        assert hosts <= {"http://www.w3.org"}, path


def test_the_pages_words_are_there_in_both_languages() -> None:
    words = json.loads((ROOT / "browser_app/page/words.json").read_text())
    assert list(words) == ["zh", "en"] and words["zh"].keys() == words["en"].keys()
    scripts = "".join(path.read_text() for path in (ROOT / "browser_app/page").glob("*.js"))
    assert all(words["zh"].values()) and all(words["en"].values())
    holes = [
        [re.findall(r"\{\w+\}", texts[key]) for key in words["zh"]] for texts in words.values()
    ]
    assert holes[0] == holes[1]
    unused = [key for key in words["zh"] if key.split(".")[0] not in scripts]
    assert not unused


def test_what_is_packed_is_what_it_was_packed_from(tmp_path: Path) -> None:
    """The service worker gets its list after the rest was packed."""
    for name in ("a.js", assemble.WORKER, "sub/b.wasm"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"content" * 1_000)
    kept = tmp_path.with_name("kept")
    packed = compressed.compress(tmp_path, assemble.WORKER, kept)
    assert packed.keys() == {"a.js", "sub/b.wasm"}
    for name, size in packed.items():
        content = gzip.decompress((tmp_path / f"{name}.gz").read_bytes())
        assert content == (tmp_path / name).read_bytes() and 0 < size < len(content)
    assert not list(tmp_path.glob(f"{assemble.WORKER}.*"))


def test_what_was_packed_before_is_not_packed_again_and_what_changed_is(tmp_path: Path) -> None:
    kept, out = tmp_path / "kept", tmp_path / "out"
    out.mkdir()
    for content in (b"before" * 1_000, b"after" * 1_000):
        for times in range(2):
            for old in out.iterdir():
                old.unlink()
            (out / "a.js").write_bytes(content)
            if times:  # from the second time on, what is kept is what is sent
                for one in kept.iterdir():
                    one.write_bytes(gzip.compress(content, 1, mtime=0))
            compressed.compress(out, assemble.WORKER, kept)
            assert gzip.decompress((out / "a.js.gz").read_bytes()) == content
        names = {one.name.partition(".")[0] for one in kept.iterdir()}
        assert names == {sha256(content).hexdigest()}
    quick = gzip.compress(b"after" * 1_000, 1, mtime=0)
    assert (out / "a.js.gz").read_bytes() == quick


def test_a_wheel_carries_the_whole_app_and_nothing_less(built: Path, tmp_path: Path) -> None:
    """That of `make run` has sources, nothing is compressed: it goes into no wheel."""
    assert "sources" in make_wheel.unfit(built)
    make_wheel.stage(tmp_path, built)
    assert (tmp_path / make_wheel.BUILT / assemble.LIST).is_file()
    assert tmp_path / make_wheel.BUILT == tmp_path / files.BUILT.relative_to(ROOT)
    project = tomllib.loads((tmp_path / "pyproject.toml").read_text())["project"]
    names = {re.split(r"[\[>=]", one)[0] for one in project["dependencies"]}
    assert {"cryptography", "fastapi", "pillow", "pydantic"} <= names and "flet" not in names
    assert not [path for path in tmp_path.rglob("*") if path.name in {"fieldapp", "__pycache__"}]


def test_what_stands_before_the_app_has_its_colours() -> None:
    """By the same names, with what lies under a warning named as a ground."""
    light, dark = (ROOT / "browser_app/page/page.css").read_text().split("@media", 1)
    for text, tokens in ((light, theme.LIGHT), (dark, theme.DARK)):
        found = dict(re.findall(r"--([a-z-]+): (#[0-9A-F]{6});", text))
        named = {name.replace("-", "_"): colour for name, colour in found.items()}
        named["warn_tint"] = named.pop("warn_bg")
        assert len(named) == 10 and named.items() <= tokens.items()
