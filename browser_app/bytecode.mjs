// node bytecode.mjs <folder of pyodide.mjs> <zip> ...: puts bytecode in the place of each source in the
// zips, made by the very Python that will run it.
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const COMPILE = `
import importlib.util, marshal, zipfile

UNCHECKED = (1).to_bytes(4, "little")  # PEP 552: by hash, and the source is not looked for


def compiled(name, source):
    code = compile(source, name, "exec", dont_inherit=True)
    digest = importlib.util.source_hash(source)
    return importlib.util.MAGIC_NUMBER + UNCHECKED + digest + marshal.dumps(code)


with zipfile.ZipFile("/in.zip") as old, zipfile.ZipFile("/out.zip", "w", zipfile.ZIP_DEFLATED) as new:
    for entry in old.infolist():
        content = old.read(entry)
        if entry.filename.endswith(".py"):
            content = compiled(entry.filename, content)
            entry.filename += "c"
        new.writestr(entry, content, zipfile.ZIP_DEFLATED, 9)
`;

const [folder, ...zips] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${folder}/pyodide.mjs`));
const python = await loadPyodide();
for (const zip of zips) {
  python.FS.writeFile("/in.zip", readFileSync(zip));
  python.runPython(COMPILE);
  writeFileSync(zip, python.FS.readFile("/out.zip"));
}
