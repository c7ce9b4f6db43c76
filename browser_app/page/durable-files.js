// Durable files for Python: an Emscripten file system over OPFS sync access handles.
//
// A handle can only be opened asynchronously, and SQLite does not wait: handles are opened before they
// are needed. The first bytes of each file (HEADER) say which path it holds: NAME bytes of path, its
// length, a counter that grows with each labelling, and a checksum over these.

export const HEADER = 4096;
const NAME = 512;
const LABEL = NAME + 12;
const LEAST_FREE = 8; // a notebook, its -wal, the same again while it is renewed, and the album's two
const RETRIES = 50; // a killed page's handles are let go a moment later: 5 s
const CODES = { ENOENT: 44, ENOSPC: 51, EPERM: 63, ENOTEMPTY: 55, EINVAL: 28, ENAMETOOLONG: 37, EIO: 29 };
const utf8 = new TextEncoder();

function checksum(bytes) {
  let sum = 0x811c9dc5;
  for (const byte of bytes) sum = Math.imul(sum ^ byte, 0x01000193);
  return sum >>> 0;
}

function readLabel(handle) {
  const head = new Uint8Array(LABEL), view = new DataView(head.buffer);
  if (handle.read(head, { at: 0 }) < LABEL) return null;
  const length = view.getUint32(NAME), sum = view.getUint32(NAME + 8);
  if (!length || length > NAME || checksum(head.subarray(0, NAME + 8)) !== sum) return null;
  return { path: new TextDecoder().decode(head.subarray(0, length)), turn: view.getUint32(NAME + 4) };
}

// All handles of one folder: those that hold a path, and free ones. `open(name)` gives a handle.
export class HandlePool {
  constructor(open) {
    this.open = open;
    this.free = [];
    this.byPath = new Map();
    this.turn = 0;
    this.size = 0;
    this.counts = { flushes: 0, writes: 0 };
    this.growing = null;
  }

  // Takes in the files that are there, by their names, and opens new ones.
  async load(names) {
    const labels = new Map();
    for (const name of names) {
      const handle = await this.open(name), label = readLabel(handle);
      this.size = Math.max(this.size, Number(name) + 1 || 0);
      if (label) this.turn = Math.max(this.turn, label.turn);
      const other = label && labels.get(label.path);
      if (!label) this.free.push(handle);
      else if (other && other.turn > label.turn) this.#clear(handle);
      else {
        if (other) this.#clear(this.byPath.get(label.path)); // a kill came between the two of a rename
        labels.set(label.path, label);
        this.byPath.set(label.path, handle);
      }
    }
    await this.grow();
  }

  // Opens handles until enough are free. Called again after each use of one.
  grow() {
    this.growing ??= (async () => {
      try {
        while (this.free.length < LEAST_FREE) {
          this.free.push(await this.open(String(this.size).padStart(3, "0")));
          this.size++;
        }
      } finally {
        this.growing = null;
      }
    })();
    return this.growing;
  }

  create(path) {
    const handle = this.free.pop();
    if (!handle) return null;
    handle.truncate(HEADER);
    this.#label(handle, path);
    this.byPath.set(path, handle);
    this.grow().catch(() => {}); // without room a later create says so
    return handle;
  }

  remove(path) {
    const handle = this.byPath.get(path);
    this.byPath.delete(path);
    this.#clear(handle);
  }

  rename(from, to) {
    const handle = this.byPath.get(from), other = this.byPath.get(to);
    this.#label(handle, to); // from here on the new one counts, for its turn is higher
    this.byPath.delete(from);
    this.byPath.set(to, handle);
    if (other && other !== handle) this.#clear(other);
  }

  flush(handle) {
    handle.flush();
    this.counts.flushes++;
  }

  close() {
    for (const handle of [...this.free, ...this.byPath.values()]) handle.close();
  }

  // One write of less than a sector: the old path or the new one, never half of each.
  #label(handle, path) {
    const head = new Uint8Array(LABEL), view = new DataView(head.buffer), name = utf8.encode(path);
    if (name.length > NAME) throw new RangeError("the path is too long");
    head.set(name);
    view.setUint32(NAME, name.length);
    view.setUint32(NAME + 4, ++this.turn);
    view.setUint32(NAME + 8, checksum(head.subarray(0, NAME + 8)));
    handle.write(head, { at: 0 });
    this.flush(handle);
  }

  #clear(handle) {
    handle.write(new Uint8Array(LABEL), { at: 0 });
    handle.truncate(HEADER);
    this.flush(handle);
    this.free.push(handle);
  }
}

// The pool of this origin's folder of that name.
export async function openPool(folder) {
  const root = await navigator.storage.getDirectory();
  const directory = await root.getDirectoryHandle(folder, { create: true });
  const names = [];
  for await (const name of directory.keys()) names.push(name);
  const pool = new HandlePool(name => openHandle(directory, name));
  await pool.load(names.sort());
  return pool;
}

async function openHandle(directory, name) {
  const file = await directory.getFileHandle(name, { create: true });
  for (let tries = 0; ; tries++) {
    try {
      return await file.createSyncAccessHandle();
    } catch (error) {
      if (error.name !== "NoModificationAllowedError" || tries >= RETRIES) throw error;
      await new Promise(again => setTimeout(again, 100));
    }
  }
}

// A file system to be mounted by FS.mount; `pool` holds its files.
export function durableFiles(FS, pool) {
  const fail = code => { throw new FS.ErrnoError(CODES[code]); };
  const tell = work => { // whatever the platform raises, as C code understands it
    try {
      return work();
    } catch (error) {
      if (error instanceof FS.ErrnoError) throw error;
      return fail(error.name === "QuotaExceededError" ? "ENOSPC" : error instanceof RangeError ? "ENAMETOOLONG" : "EIO");
    }
  };
  const pathOf = node => {
    const parts = [];
    for (; node.parent !== node; node = node.parent) parts.unshift(node.name);
    return "/" + parts.join("/");
  };
  const sizeOf = node => tell(() => node.handle.getSize() - HEADER);
  const getattr = node => {
    const size = node.handle ? sizeOf(node) : HEADER, at = new Date(node.touched);
    return {
      dev: 1, ino: node.id, mode: node.mode, nlink: 1, uid: 0, gid: 0, rdev: 0, size,
      atime: at, mtime: at, ctime: at, blksize: 4096, blocks: Math.ceil(size / 512),
    };
  };
  const setattr = (node, { mode, size, mtime }) => {
    if (mode !== undefined) node.mode = (node.mode & 0o170000) | (mode & 0o7777);
    if (size !== undefined) tell(() => node.handle.truncate(HEADER + size));
    if (mtime !== undefined) node.touched = Number(mtime);
  };
  const ofFolder = {
    getattr,
    setattr,
    lookup: (parent, name) => parent.kids.get(name) ?? fail("ENOENT"),
    mknod(parent, name, mode) {
      const node = make(parent, name, mode);
      if (!FS.isFile(mode)) return node;
      try {
        node.handle = tell(() => pool.create(pathOf(node))) ?? fail("ENOSPC");
      } catch (error) {
        parent.kids.delete(name);
        FS.destroyNode(node);
        throw error;
      }
      return node;
    },
    rename(node, folder, name) {
      if (!node.handle) fail("EPERM");
      const from = pathOf(node), there = folder.kids.get(name);
      tell(() => pool.rename(from, pathOf({ name, parent: folder })));
      node.parent.kids.delete(node.name);
      folder.kids.set(name, node);
      node.name = name;
      node.parent = folder;
      if (there && there !== node) there.handle = null;
    },
    unlink(parent, name) {
      const node = parent.kids.get(name);
      tell(() => pool.remove(pathOf(node)));
      node.handle = null;
      parent.kids.delete(name);
    },
    rmdir(parent, name) {
      if (parent.kids.get(name).kids.size) fail("ENOTEMPTY");
      parent.kids.delete(name);
    },
    readdir: node => [".", "..", ...node.kids.keys()],
  };
  const llseek = (stream, offset, whence) => {
    const end = () => stream.node.handle ? sizeOf(stream.node) : 0;
    const position = offset + (whence === 1 ? stream.position : whence === 2 ? end() : 0);
    return position < 0 ? fail("EINVAL") : position;
  };
  const ofStream = {
    llseek,
    fsync: stream => tell(() => { pool.flush(stream.node.handle); return 0; }),
    read: (stream, buffer, offset, length, position) => tell(() => {
      const bytes = new Uint8Array(buffer.buffer, buffer.byteOffset + offset, length);
      return stream.node.handle.read(bytes, { at: HEADER + position });
    }),
    write: (stream, buffer, offset, length, position) => tell(() => {
      // A copy: WebKit was seen to write the whole memory behind a view.
      const bytes = new Uint8Array(buffer.buffer, buffer.byteOffset + offset, length).slice();
      const written = stream.node.handle.write(bytes, { at: HEADER + position });
      pool.counts.writes++;
      stream.node.touched = Date.now();
      return written < length ? fail("ENOSPC") : written;
    }),
  };
  const folderStream = { llseek, fsync: () => 0 }; // labels are flushed when they are written
  const make = (parent, name, mode) => {
    const node = FS.createNode(parent, name, mode, 0);
    node.touched = Date.now();
    node.node_ops = FS.isDir(mode) ? ofFolder : { getattr, setattr };
    node.stream_ops = FS.isDir(mode) ? folderStream : ofStream;
    if (FS.isDir(mode)) node.kids = new Map();
    if (parent && parent !== node) parent.kids.set(name, node);
    return node;
  };
  return {
    mount() {
      const root = make(null, "/", 0o40700);
      for (const [path, handle] of pool.byPath) {
        const folders = path.split("/").filter(Boolean), name = folders.pop();
        let folder = root;
        for (const part of folders) folder = folder.kids.get(part) ?? make(folder, part, 0o40700);
        make(folder, name, 0o100600).handle = handle;
      }
      return root;
    },
    syncfs: (mount, populate, done) => done(null),
  };
}
