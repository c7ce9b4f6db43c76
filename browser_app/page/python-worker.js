// The app's Python, beside the page that draws: begins with the page, answers its messages for ever.
import { begin } from "./python.js";

// Flet's own names, see flet/messaging/pyodide_connection.py: Python sets start_connection and send.
const flet = { args: null, documentUrl: "", userAppStarting() {}, receive_callback: toPage, send_python_output() {} };

function toPage(message) {
  const bytes = message.toJs();
  self.postMessage(bytes, [bytes.buffer]);
}

async function start({ documentUrl }) {
  flet.documentUrl = documentUrl;
  const python = await begin();
  python.registerJsModule("flet_js", flet);
  await python.runPythonAsync("import main; main.begin()");
  await flet.start_connection(toPage);
}

self.onmessage = async ({ data }) => {
  self.onmessage = ({ data }) => flet.send?.(data);
  try {
    await start(data);
    self.postMessage("initialized");
  } catch (error) {
    self.postMessage(String(error?.stack ?? error));
  }
};
