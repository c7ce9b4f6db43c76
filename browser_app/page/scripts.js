// What Python asks of this page, as the module `xuncha_page`: bytes in, bytes out.
import { gcm } from "./vendor/noble-ciphers/aes.js";
import { scrypt } from "./vendor/noble-hashes/scrypt.js";
import { safeGet, safePut } from "./safe.js";
import { look, rest } from "./eyes.js";

const REFRESH_MS = 15_000;
let estimate = { free: Number.MAX_SAFE_INTEGER, at: 0 };

export function aesSeal(key, nonce, place, content) {
  return gcm(key, nonce, place).encrypt(content);
}

// null if it was changed, or sealed by another key or for another place.
export function aesOpen(key, nonce, place, sealed) {
  try {
    return gcm(key, nonce, place).decrypt(sealed);
  } catch {
    return null;
  }
}

export function scryptHash(password, salt, N, r, p, dkLen) {
  return scrypt(password, salt, { N, r, p, dkLen });
}

// Bytes that the browser still gives this origin, as it said a moment ago: it only says so later.
export function freeBytes() {
  if (performance.now() - estimate.at > REFRESH_MS) refreshEstimate();
  return estimate.free;
}

export async function refreshEstimate() {
  estimate.at = performance.now();
  const { quota, usage } = await navigator.storage.estimate();
  estimate.free = Math.max(0, quota - usage);
}

// The page begins again, see start.js.
export function restart() {
  self.postMessage("restart");
}

// Whether the browser deletes nothing of this origin by itself.
export async function isLasting() {
  return Boolean(await navigator.storage.persisted());
}

// ECDH on P-256: a public key made for this once, and the secret shared with the owner of `publicKey`.
export async function agree(publicKey) {
  const how = { name: "ECDH", namedCurve: "P-256" };
  const theirs = await crypto.subtle.importKey("raw", publicKey, how, false, []);
  const ours = await crypto.subtle.generateKey(how, false, ["deriveBits"]);
  const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, ours.privateKey, 256);
  return [new Uint8Array(await crypto.subtle.exportKey("raw", ours.publicKey)), new Uint8Array(shared)];
}

// One request; `told` gets the bytes of the body that have left. Resolves to [status, headers as text,
// body]; rejects with the name of what happened.
export function send(method, url, headers, body, timeout, told) {
  return new Promise((yes, no) => {
    const request = new XMLHttpRequest();
    request.open(method, url);
    request.responseType = "arraybuffer";
    request.timeout = timeout;
    for (const [name, value] of headers) request.setRequestHeader(name, value);
    if (told) request.upload.onprogress = event => told(event.loaded);
    request.onload = () => yes([request.status, request.getAllResponseHeaders(), new Uint8Array(request.response)]);
    request.onerror = () => no(new Error("NetworkError"));
    request.onabort = () => no(new Error("NetworkError"));
    request.ontimeout = () => no(new Error("TimeoutError"));
    request.send(body ?? null);
  });
}

export { look, rest, safeGet, safePut };
