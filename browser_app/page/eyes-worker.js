// Darkroom, spotter and scanner beside Python: taps are answered while they work.
import { develop, masked, pixelsOf } from "./darkroom.js";

const LAYERS = ["537", "538", "539"]; // of the net: how likely a face is, its size, its place in the cell
let session;

// The net's three answers for a picture of width x height, as 32-bit floats.
async function spot(jpeg, width, height) {
  const runtime = await import("./eyes/ort.wasm.min.mjs");
  if (!session) {
    runtime.env.wasm.numThreads = 1;
    runtime.env.wasm.wasmPaths = new URL("./eyes/", import.meta.url).href;
    const net = await fetch(new URL("./eyes/centerface.onnx", import.meta.url));
    if (!net.ok) throw new Error("the net is not here");
    session = await runtime.InferenceSession.create(new Uint8Array(await net.arrayBuffer()), { executionProviders: ["wasm"], logSeverityLevel: 3 });
  }
  const { data } = await pixelsOf(jpeg, width, height), size = width * height, input = new Float32Array(3 * size);
  for (let i = 0; i < size; i++) for (let c = 0; c < 3; c++) input[c * size + i] = data[4 * i + c];
  const layers = await session.run({ "input.1": new runtime.Tensor("float32", input, [1, 3, height, width]) });
  return LAYERS.map(name => new Uint8Array(layers[name].data.slice().buffer));
}

// The bytes of the first QR code; null if there is none.
async function scan(jpeg) {
  const { scanImageData } = await import("./vendor/zbar-wasm/index.mjs");
  const image = await pixelsOf(jpeg);
  const read = async () => (await scanImageData(image)).find(code => code.typeName === "ZBAR_QRCODE" && code.data.length);
  let found = await read();
  if (!found) { // a dark terminal shows the code light on dark, which zbar does not recognise
    for (let i = 0; i < image.data.length; i++) if (i % 4 < 3) image.data[i] = 255 - image.data[i];
    found = await read();
  }
  return found ? new Uint8Array(found.data) : null;
}

const VERBS = { develop, masked, scan, spot };

onmessage = async ({ data: [call, verb, what] }) => {
  try {
    postMessage([call, await VERBS[verb](...what), null]);
  } catch (error) {
    postMessage([call, null, error?.message ?? String(error)]);
  }
};
