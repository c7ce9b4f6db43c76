// The worker that works on pictures: begun when it is needed, ended when it has rested, for the net that
// finds faces takes 290 MB.

const REST_MS = 20_000;
const waiting = new Map(); // by number: how to answer
let worker, calls = 0, resting;

export function look(verb, ...what) {
  clearTimeout(resting);
  worker ??= begin();
  return new Promise((yes, no) => {
    waiting.set(++calls, { yes, no });
    worker.postMessage([calls, verb, what]);
  });
}

function begin() {
  const made = new Worker(new URL("./eyes-worker.js", import.meta.url), { type: "module" });
  made.onmessage = ({ data: [call, result, error] }) => {
    const { yes, no } = waiting.get(call);
    waiting.delete(call);
    if (!waiting.size) resting = setTimeout(rest, REST_MS);
    error === null ? yes(result) : no(new Error(error));
  };
  made.onerror = event => {
    for (const { no } of waiting.values()) no(new Error(event.message || "the worker did not start"));
    waiting.clear();
    rest();
  };
  return made;
}

export function rest() {
  worker?.terminate();
  worker = undefined;
}
