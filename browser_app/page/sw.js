// Serves one version of the app from its cache, with or without a network. What the worker has written
// lies in OPFS and IndexedDB, which nothing here touches.
"use strict";
importScripts("app-cache.js");

const LIST = /*FILES*/ null;
const SCOPE = self.registration.scope;

// A new version waits until every page of the old one is closed: there is no skipWaiting.
self.addEventListener("install", event => event.waitUntil(appCache.fill(LIST, { base: SCOPE })));

self.addEventListener("activate", event => event.waitUntil((async () => {
  await appCache.dropOthers(LIST.version);
  await self.clients.claim();
})()));

self.addEventListener("message", event => {
  if (event.data === "fetch later") event.waitUntil(appCache.fill(LIST, { later: true, base: SCOPE }).catch(() => {}));
});

async function answer(request, name) {
  const cache = await caches.open(appCache.nameOf(LIST.version));
  const found = await cache.match(new URL(name, SCOPE).href);
  if (found) return found;
  const listed = LIST.files[name];
  return listed?.later ? await fetch(`${request.url}?v=${listed.sha256}`).catch(() => Response.error()) : new Response("", { status: 404 });
}

self.addEventListener("fetch", event => {
  const { request } = event, url = new URL(request.url);
  if (request.method !== "GET" || !url.href.startsWith(SCOPE) || url.searchParams.has("v")) return;
  const name = decodeURIComponent(url.href.slice(SCOPE.length).split(/[?#]/)[0]);
  event.respondWith(answer(request, request.mode === "navigate" || !name ? "index.html" : name));
});
