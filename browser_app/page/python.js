// Python with the app's code, over durable files, and the scripts of this page as `xuncha_page`.
import { loadPyodide } from "./pyodide/pyodide.mjs";
import { durableFiles, openPool } from "./durable-files.js";
import * as scripts from "./scripts.js";

const FOLDER = "xuncha-1", HOME = "/phone", ZIP = "/app.zip";

// Python reads modules from the archive itself; what is compiled needs a file until it is loaded.
// Files here are memory, which a cheap phone is short of.
const COMPILED = `
import importlib, os, sys, zipfile
sys.path[:0] = ["/packages", "${ZIP}", "${ZIP}/packages"]
with zipfile.ZipFile("${ZIP}") as archive:
    parts = [name for name in archive.namelist() if name.endswith(".so")]
    packages = {part.rpartition("/")[0] for part in parts}
    archive.extractall("/", [name for name in archive.namelist() if name.rpartition("/")[0] in packages])
for part in parts:
    importlib.import_module(part.removeprefix("packages/").partition(".")[0].replace("/", "."))
    os.remove("/" + part)
`;

export async function begin() {
  const code = fetch(new URL("./app.zip", import.meta.url)).then(answer => answer.arrayBuffer());
  const [python, pool] = await Promise.all([loadPyodide(), openPool(FOLDER), scripts.refreshEstimate()]);
  python.FS.mkdirTree(HOME);
  python.FS.mount(durableFiles(python.FS, pool), {}, HOME);
  python.FS.writeFile(ZIP, new Uint8Array(await code), { canOwn: true });
  python.registerJsModule("xuncha_page", { ...scripts, counts: pool.counts, origin: self.location.origin });
  python.runPython(COMPILED);
  return python;
}
