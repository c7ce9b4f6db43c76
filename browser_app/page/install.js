// The first visit: what will be kept here, the download with its bytes, lasting storage, the worker.
import { element, say, show } from "./cards.js";

const SMALL = 300e6; // bytes: less is what private windows get
const MB = bytes => (bytes / 1e6).toFixed(1);

// Resolves once the whole app is on this phone.
export async function install() {
  const list = await (await fetch("files.json", { cache: "no-store" })).json();
  const size = Object.values(list.files).reduce((sum, file) => sum + (file.later ? 0 : file.packed), 0);
  const { quota } = await navigator.storage.estimate();
  const state = { here: 0, busy: false, cut: false };
  return await new Promise(done => {
    const draw = () => show(() => page(size, quota, state, go));
    async function go() {
      Object.assign(state, { busy: true, cut: false });
      draw();
      try {
        await navigator.storage.persist();
        await appCache.fill(list, { base: document.baseURI, told: here => { state.here = here; progress(state, size); } });
        await register();
        done();
      } catch (error) {
        console.warn("not installed:", error);
        Object.assign(state, { busy: false, cut: true });
        draw();
      }
    }
    draw();
  });
}

// The service worker, active and in charge of this page.
async function register() {
  const controlled = new Promise(yes => navigator.serviceWorker.addEventListener("controllerchange", yes, { once: true }));
  const registration = await navigator.serviceWorker.register("sw.js", { updateViaCache: "none" });
  const failed = new Promise((_, no) => {
    const coming = registration.installing;
    coming?.addEventListener("statechange", () => { if (coming.state === "redundant") no(new Error("the worker did not install")); });
  });
  await Promise.race([navigator.serviceWorker.ready, failed]);
  if (!navigator.serviceWorker.controller) await controlled;
}

function page(size, quota, state, go) {
  const facts = ["app", "kept", "clear"].map(key => element("li", "", {}, element("b", say(`first.${key}`)), element("span", say(`first.${key}_text`, { mb: Math.ceil(size / 1e6) }), { className: "muted" })));
  const onIos = isIos() && !navigator.standalone;
  const foot = element("div", "", { className: "foot" });
  if (state.busy) foot.append(element("p", "", { id: "said" }), element("progress", "", { id: "progress", max: size }));
  if (state.cut) foot.append(element("p", say("first.cut"), { className: "warn", role: "alert" }));
  const label = state.cut ? "first.again" : onIos ? "first.ios_anyway" : "first.go";
  foot.append(element("button", say(label), { id: "install", onclick: go, disabled: state.busy, className: onIos ? "second" : "" }));
  queueMicrotask(() => progress(state, size));
  return [
    element("h1", say("first.title")),
    element("p", say("first.lead")),
    onIos && element("p", say("first.ios"), { className: "warn" }),
    onIos && shareDrawing(),
    element("ul", "", {}, ...facts),
    quota < SMALL && element("p", say("first.small", { mb: Math.round(quota / 1e6) }), { className: "warn", role: "alert" }),
    foot,
  ];
}

function progress(state, size) {
  const said = document.getElementById("said"), bar = document.getElementById("progress");
  if (!said) return;
  bar.value = state.here;
  said.textContent = state.here < size ? say("first.loading", { here: MB(state.here), all: MB(size) }) : say("first.checking");
}

export function isIos() {
  return /iPhone|iPad|iPod/.test(navigator.userAgent) || (navigator.platform === "MacIntel" && navigator.maxTouchPoints > 1);
}

// The share sign, an arrow, a row with a plus, an arrow, a home screen.
function shareDrawing() {
  const svg = new DOMParser().parseFromString(
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 90" fill="none" stroke="currentColor" stroke-width="3" stroke-linecap="round" stroke-linejoin="round">
      <path d="M20 38v36h40V38M40 56V16M28 28l12-12 12 12"/><path d="M76 46h24m-8-8 8 8-8 8"/>
      <rect x="114" y="28" width="80" height="36" rx="10"/><path d="M126 46h34M178 38v16m-8-8h16"/><path d="M206 46h24m-8-8 8 8-8 8"/>
      <rect x="242" y="8" width="46" height="76" rx="9"/><rect x="250" y="20" width="12" height="12" rx="3" fill="currentColor"/><rect x="268" y="20" width="12" height="12" rx="3"/><rect x="250" y="40" width="12" height="12" rx="3"/><rect x="268" y="40" width="12" height="12" rx="3"/>
    </svg>`, "image/svg+xml").documentElement;
  svg.setAttribute("aria-hidden", "true");
  return svg;
}
