// A few small secrets in IndexedDB, under a key that no script can read out.

const NAME = "xuncha-safe", KEYS = "keys", SECRETS = "secrets", WRAPPING = "wrapping";
const utf8 = new TextEncoder();
let opened;

function open() {
  opened ??= new Promise((yes, no) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => [KEYS, SECRETS].forEach(store => asked.result.createObjectStore(store));
    asked.onsuccess = () => yes(asked.result);
    asked.onerror = () => no(asked.error);
  });
  opened.catch(() => { opened = undefined; });
  return opened;
}

// The result of one request; returns once the transaction is on the disk.
async function within(store, mode, work) {
  const transaction = (await open()).transaction(store, mode, { durability: "strict" });
  return await new Promise((yes, no) => {
    const asked = work(transaction.objectStore(store));
    transaction.oncomplete = () => yes(asked.result);
    transaction.onabort = () => no(transaction.error);
  });
}

async function wrappingKey() {
  const kept = await within(KEYS, "readonly", store => store.get(WRAPPING));
  if (kept) return kept;
  const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  await within(KEYS, "readwrite", store => store.add(made, WRAPPING));
  return await within(KEYS, "readonly", store => store.get(WRAPPING));
}

// null if there is no secret of this name.
export async function safeGet(name) {
  const kept = await within(SECRETS, "readonly", store => store.get(name));
  if (!kept) return null;
  const how = { name: "AES-GCM", iv: kept.iv, additionalData: utf8.encode(name) };
  return new TextDecoder().decode(await crypto.subtle.decrypt(how, await wrappingKey(), kept.sealed));
}

// With null deletes the secret.
export async function safePut(name, text) {
  if (text === null || text === undefined) {
    await within(SECRETS, "readwrite", store => store.delete(name));
    return;
  }
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const how = { name: "AES-GCM", iv, additionalData: utf8.encode(name) };
  const sealed = await crypto.subtle.encrypt(how, await wrappingKey(), utf8.encode(text));
  await within(SECRETS, "readwrite", store => store.put({ iv, sealed }, name));
}
