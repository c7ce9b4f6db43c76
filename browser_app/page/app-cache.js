// The files of one version of the app, all of them or none: used by the page at its first visit, and by
// the service worker. Each file is checked against its SHA-256 before it is kept.
"use strict";

self.appCache = (() => {
  const PREFIX = "app-", DIGEST = "x-sha256", TRIES = 3;
  const KEPT_HEADERS = [
    "content-type", "content-security-policy", "cross-origin-opener-policy", "permissions-policy",
    "referrer-policy", "x-content-type-options",
  ];
  const nameOf = version => PREFIX + version;
  const hex = buffer => Array.from(new Uint8Array(buffer), byte => byte.toString(16).padStart(2, "0")).join("");

  // The same bytes in any version's cache: an update costs what has changed.
  async function held(url, digest) {
    for (const name of await caches.keys()) {
      if (!name.startsWith(PREFIX)) continue;
      const found = await (await caches.open(name)).match(url);
      if (found?.headers.get(DIGEST) === digest) return found;
    }
    return null;
  }

  async function bodyOf(answer, told) {
    const parts = [];
    const reader = answer.body.getReader();
    for (let part; !(part = await reader.read()).done;) {
      parts.push(part.value);
      told(part.value.length);
    }
    return await new Blob(parts).arrayBuffer();
  }

  async function fetched(url, digest, told) {
    const answer = await fetch(`${url}?v=${digest}`, { cache: "no-store", credentials: "omit" });
    if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
    const body = await bodyOf(answer, told);
    if (hex(await crypto.subtle.digest("SHA-256", body)) !== digest) throw new Error(`${url}: other bytes`);
    const headers = new Headers({ [DIGEST]: digest });
    for (const name of KEPT_HEADERS) if (answer.headers.has(name)) headers.set(name, answer.headers.get(name));
    return new Response(body, { headers });
  }

  // Fetches what is missing of `list`, of the files with `later` or of those without. `told` gets the
  // bytes that are here (as they travel, packed) and their sum. Raises where one cannot be had.
  async function fill(list, { later = false, told = () => {}, base = self.location.href } = {}) {
    const cache = await caches.open(nameOf(list.version));
    const wanted = Object.entries(list.files).filter(([, file]) => Boolean(file.later) === later);
    const most = wanted.reduce((sum, [, file]) => sum + file.packed, 0);
    let here = 0;
    for (const [name, file] of wanted) {
      const url = new URL(name, base).href;
      const before = here;
      const ready = async () => (await cache.match(url))?.headers.get(DIGEST) === file.sha256;
      for (let tries = 1; !await ready(); tries++) {
        let came = 0;
        try {
          const answer = await held(url, file.sha256) ?? await fetched(url, file.sha256, bytes => {
            came += bytes;
            told(before + Math.min(1, came / file.bytes) * file.packed, most);
          });
          await cache.put(url, answer);
        } catch (error) {
          if (tries === TRIES || error.name === "QuotaExceededError") throw error;
          await new Promise(again => setTimeout(again, 500 * tries));
        }
      }
      told(here = before + file.packed, most);
    }
  }

  async function dropOthers(version) {
    for (const name of await caches.keys()) if (name.startsWith(PREFIX) && name !== nameOf(version)) await caches.delete(name);
  }

  return { fill, dropOthers, nameOf };
})();
