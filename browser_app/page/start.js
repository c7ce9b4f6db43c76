// Begins the app: checks the browser and that no other window has it, then starts Python beside Flutter.

const LOCK = "xuncha", CHANNEL = "xuncha-window", PATIENCE_MS = 3000;
const FIRST_VIEW = 1500; // bytes: a message to the client that is longer has the first screen in it
let worker, release;

const cards = () => import("./cards.js");

// The key of a page that says why this browser cannot; "" if it can.
async function obstacle() {
  if (/MicroMessenger/i.test(navigator.userAgent)) return ["wechat"];
  if (!isSecureContext) return ["insecure"];
  const needed = [navigator.serviceWorker, navigator.locks, navigator.storage?.getDirectory, self.OffscreenCanvas, self.BroadcastChannel, crypto?.subtle, self.WebAssembly?.Exception];
  if (needed.some(feature => !feature)) return ["old"];
  const probe = new Worker("probe-worker.js", { type: "module" });
  const failure = await new Promise(yes => {
    probe.onmessage = ({ data }) => yes(data);
    probe.onerror = () => yes("no module worker");
  });
  probe.terminate();
  return failure ? ["files", failure] : null;
}

async function begin() {
  const found = navigator.serviceWorker?.controller ? null : await obstacle();
  if (found) return (await cards()).notice(found[0], { detail: found[1] });
  const mine = await ask({ ifAvailable: true });
  if (!mine) return await otherWindow();
  if (!navigator.serviceWorker.controller && !(await navigator.serviceWorker.getRegistration())?.active) {
    await (await import("./install.js")).install();
    (await cards()).hide();
  }
  await run();
}

// Takes this origin's lock, which lasts until the window closes or lets go; false if another has it.
function ask(options) {
  return new Promise((yes, no) => {
    navigator.locks.request(LOCK, options, lock => {
      yes(Boolean(lock));
      return lock && new Promise(done => { release = done; });
    }).catch(error => {
      no(error);
      if (error.name === "AbortError" && !options.signal) stop(); // another window took it
    });
  });
}

async function otherWindow() {
  const { notice } = await cards();
  notice("other", { button: "other.take", onclick: takeOver });
}

async function takeOver() {
  const { notice } = await cards();
  notice("other", { button: "other.taking" });
  new BroadcastChannel(CHANNEL).postMessage("let go");
  try {
    await ask({ signal: AbortSignal.timeout(PATIENCE_MS) });
  } catch {
    await ask({ steal: true });
  }
  location.reload();
}

new BroadcastChannel(CHANNEL).onmessage = () => { if (worker) stop(); };

async function stop() {
  worker?.terminate();
  worker = null;
  document.querySelector("flutter-view, flt-glass-pane")?.remove();
  document.getElementById("still").classList.remove("gone");
  (await cards()).notice("moved", { button: "moved.back", onclick: () => location.reload() });
  release?.();
}

// --- Python beside Flutter -----------------------------------------------------------------------

async function run() {
  navigator.storage.persist().catch(() => {}); // an app on the home screen is given what a tab was not
  const early = []; // what Python says before Flutter listens
  let listener = null;
  worker = new Worker("python-worker.js", { type: "module" });
  const ready = new Promise((yes, no) => {
    worker.onerror = event => no(new Error(event.message || "the worker did not start"));
    worker.onmessage = ({ data }) => {
      if (data === "restart") restart();
      else if (typeof data === "string") data === "initialized" ? yes() : no(new Error(data));
      else if (listener) deliver(data);
      else early.push(data);
    };
  });
  const deliver = data => {
    listener(data);
    if (data.length > FIRST_VIEW) requestAnimationFrame(() => requestAnimationFrame(drawn));
  };
  worker.postMessage({ documentUrl: document.URL });
  ready.catch(failed);
  // Called by Flet's client.
  self.jsConnect = async (id, args, onMessage) => {
    await ready;
    listener = onMessage;
    early.splice(0).forEach(deliver);
  };
  self.jsSend = async (id, data) => worker?.postMessage(data, [data.buffer]);
  self.jsDisconnect = async () => worker?.terminate();
  startFlutter();
}

// From home on: the address has the screen that was left behind its #.
function restart() {
  history.replaceState(null, "", "/app/");
  location.reload();
}

function startFlutter() {
  self.flet = {
    pyodide: true, multiView: false, noCdn: true, webRenderer: "canvaskit", routeUrlStrategy: "hash",
    entrypointBaseUrl: "/app/", assetBase: "/app/", canvasKitBaseUrl: "/app/canvaskit/",
    fontFallbackBaseUrl: "assets/fonts/", webSocketEndpoint: "/ws", appPackageUrl: "app.zip",
    pyodideUrl: "pyodide/pyodide.mjs", micropipIncludePre: false, pythonModuleName: "main",
  };
  const config = {
    multiViewEnabled: false, entrypointBaseUrl: flet.entrypointBaseUrl, assetBase: flet.assetBase,
    renderer: flet.webRenderer, canvasKitBaseUrl: flet.canvasKitBaseUrl, canvasKitVariant: "full",
    fontFallbackBaseUrl: flet.fontFallbackBaseUrl,
  };
  flet.flutterAppLoaded = new Promise(yes => { flet.flutterAppResolve = yes; });
  const script = document.createElement("script");
  script.src = "flutter-loader.js";
  script.onload = () => _flutter.loader.load({
    config,
    onEntrypointLoaded: async initializer => {
      const engine = await initializer.initializeEngine(config);
      flet.flutterApp = await engine.runApp();
      flet.flutterAppResolve(flet.flutterApp);
    },
  });
  document.head.append(script);
}

// The app's own first screen is there: the still goes, and what can wait is fetched.
function drawn() {
  const still = document.getElementById("still");
  if (still.classList.contains("gone")) return;
  still.classList.add("gone");
  performance.mark("drawn");
  navigator.serviceWorker.controller?.postMessage("fetch later");
}

async function failed(error) {
  console.error(error);
  (await cards()).notice("failed", { detail: String(error.message ?? error).slice(-600), button: "failed.again", onclick: () => location.reload() });
}

begin().catch(failed);
