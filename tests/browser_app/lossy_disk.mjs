// node lossy_disk.mjs <built app> <world.py> <seeds>: lives of one phone whose power is cut at some write,
// over and over. Python, SQLite and the file system are the page's own; only the handles are a disk that
// loses, tears and reorders what was not flushed. Prints the flaws that were found, as JSON.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [built, world, seeds] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${built}/pyodide/pyodide.mjs`));
const { HandlePool, durableFiles } = await import(pathToFileURL(`${built}/durable-files.js`));
const LIVES = 6, MOST_WRITES = 400, SECTOR = 512;

function dice(seed) { // xorshift, from 0 to below 1
  let state = (seed + 1) * 2654435761 >>> 0;
  return () => {
    state ^= state << 13; state ^= state >>> 17; state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

class Disk {
  constructor(files, roll) {
    this.files = files;
    this.roll = roll;
    this.left = 1 + Math.floor(roll() * MOST_WRITES);
  }
  change(run) { // one write, before, or after which, the power goes
    if (this.left <= 0) throw new Error("dead");
    const after = this.roll() < 0.5;
    if (--this.left > 0 || after) run();
    if (this.left <= 0) throw new Error("dead");
  }
  open(name) {
    if (!this.files.has(name)) this.files.set(name, { durable: new Uint8Array(0), now: new Uint8Array(0), waiting: [] });
    return new Handle(this, this.files.get(name));
  }
  // What is there when the power comes back: of what was not flushed each part, or half of it, or nothing.
  left_over() {
    const found = new Map();
    for (const [name, file] of this.files) {
      let content = file.durable;
      for (const { at, bytes, size } of file.waiting) {
        const luck = this.roll();
        if (luck < 0.4) continue;
        if (size !== undefined) content = sized(content, size);
        else content = written(content, luck < 0.6 ? bytes.slice(0, Math.floor(this.roll() * Math.ceil(bytes.length / SECTOR)) * SECTOR) : bytes, at);
      }
      found.set(name, { durable: content, now: content.slice(), waiting: [] });
    }
    return found;
  }
}

const sized = (content, size) => {
  const made = new Uint8Array(size);
  made.set(content.subarray(0, size));
  return made;
};
const written = (content, bytes, at) => {
  if (!bytes.length) return content;
  const made = sized(content, Math.max(content.length, at + bytes.length));
  made.set(bytes, at);
  return made;
};

class Handle {
  constructor(disk, file) { this.disk = disk; this.file = file; }
  read(view, { at }) {
    if (this.disk.left <= 0) throw new Error("dead");
    const part = this.file.now.subarray(at, at + view.length);
    view.set(part);
    return part.length;
  }
  write(view, { at }) {
    const bytes = view.slice();
    this.disk.change(() => { this.file.now = written(this.file.now, bytes, at); this.file.waiting.push({ at, bytes }); });
    return bytes.length;
  }
  truncate(size) { this.disk.change(() => { this.file.now = sized(this.file.now, size); this.file.waiting.push({ size }); }); }
  flush() { this.disk.change(() => { this.file.durable = this.file.now.slice(); this.file.waiting = []; }); }
  getSize() { return this.file.now.length; }
  close() { }
}

const python = await loadPyodide();
python.unpackArchive(new Uint8Array(readFileSync(`${built}/app.zip`)), "zip", { extractDir: "/app" });
python.runPython(`import sys; sys.path[:0] = ["/app", "/app/packages"]`);
python.runPython(readFileSync(world, "utf8"));
const live = python.globals.get("live"), born = python.globals.get("born"), flaws = [];
let mounts = 0, writes = 0;
for (let seed = 0; seed < Number(seeds); seed++) {
  const roll = dice(seed);
  let files = new Map();
  born();
  for (let life = 0; life < LIVES; life++) {
    const disk = new Disk(files, roll), home = `/life-${mounts++}`, began = disk.left;
    try {
      const pool = new HandlePool(async name => disk.open(name));
      await pool.load([...files.keys()].sort());
      python.FS.mkdirTree(home);
      python.FS.mount(durableFiles(python.FS, pool), {}, home);
      const found = live(home, Math.floor(roll() * 2 ** 31), () => disk.left > 0);
      if (found) flaws.push(`seed ${seed}, life ${life}: ${found}`);
    } catch (error) {
      if (disk.left > 0) throw error; // the machine had not died: something of ours is broken
    }
    writes += began - disk.left;
    files = disk.left_over();
  }
}
console.log(JSON.stringify({ flaws, lives: mounts, writes }));
