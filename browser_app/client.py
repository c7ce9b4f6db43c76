"""Flet's compiled client and Pyodide, as flet-web's wheel brings them: what is needed, mended."""

import shutil
from importlib.util import find_spec
from pathlib import Path

# Of flet_web/web. CanvasKit, not skwasm, which older browsers cannot run; one of its builds,
# not the three that Flutter offers.
FILES = (
    "main.dart.js",
    "canvaskit/canvaskit.js",
    "canvaskit/canvaskit.wasm",
    "assets/AssetManifest.bin",
    "assets/AssetManifest.bin.json",
    "assets/fonts/MaterialIcons-Regular.otf",
    "assets/packages/cupertino_icons/assets/CupertinoIcons.ttf",
    "assets/shaders/ink_sparkle.frag",
    "assets/shaders/stretch_effect.frag",
    "pyodide/pyodide.mjs",
    "pyodide/pyodide-lock.json",
    "pyodide/pyodide.asm.wasm",
)
# Where Flutter looks for the font that it always loads.
ROBOTO = "assets/fonts/roboto/v32/KFOmCnqEu92Fr1Me4GZLCzYlKw.woff2"
# SQLite flushes by fdatasync, which Emscripten leaves out: a commit would not be on the disk.
STUB = "function ___syscall_fdatasync(fd){try{var stream=SYSCALLS.getStreamFromFD(fd);return 0}"
FLUSHES = STUB.removesuffix("return 0}") + "stream.stream_ops?.fsync?.(stream);return 0}"


def flet_web() -> Path:
    """The folder `web` of the installed flet-web."""
    found = find_spec("flet_web")
    if found is None or found.origin is None:
        raise RuntimeError("flet-web is not installed: make run installs it")
    return Path(found.origin).parent / "web"


def copy_client(out: Path) -> None:
    """Copies FILES, and Pyodide's runtime with its fdatasync mended."""
    web = flet_web()
    for name in FILES:
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(web / name, out / name)
    (out / ROBOTO).parent.mkdir(parents=True)
    shutil.copyfile(web / "assets/fonts/roboto.woff2", out / ROBOTO)
    runtime = (web / "pyodide/pyodide.asm.mjs").read_text()
    (out / "pyodide/pyodide.asm.mjs").write_text(with_flushes(runtime))


def with_flushes(runtime: str) -> str:
    """Raises RuntimeError unless the stub is there exactly once: another Pyodide may have it
    otherwise, and then nobody would notice that nothing is flushed."""
    if runtime.count(STUB) != 1:
        raise RuntimeError("Pyodide's fdatasync is not the stub that is mended here")
    return runtime.replace(STUB, FLUSHES)


def loader() -> str:
    """Flutter's loader with the build that is shipped, without Flet's own beginning behind it."""
    script = (flet_web() / "flutter_bootstrap.js").read_text()
    config, _, _ = script.partition("window.addEventListener('flutter-first-frame'")
    if "_flutter.buildConfig" not in config:
        raise RuntimeError("Flutter's loader has another shape")
    return config.replace("//# sourceMappingURL=flutter.js.map\n", "")
