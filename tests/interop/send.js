// Sends one file as tus-js-client does it, and tells on stdout what came of it, as JSON.
//
// argv[2] is JSON: endpoint, token, file; options for tus.Upload; `pauseAt`: abort once when so
// many bytes were accepted and start again; `dieAt`: the same, but end this program there; `store`:
// a file in which tus-js-client keeps where its uploads are, to find one of an earlier run again.

import { createReadStream, readFileSync } from "node:fs";
import * as tus from "tus-js-client";

const asked = JSON.parse(process.argv[2]);
const requests = [];
let paused = false;

const body = asked.store ? createReadStream(asked.file) : readFileSync(asked.file);
const upload = new tus.Upload(body, {
  endpoint: asked.endpoint,
  headers: { Authorization: `Bearer ${asked.token}` },
  retryDelays: [0, 50, 200],
  urlStorage: asked.store ? new tus.FileUrlStorage(asked.store) : undefined,
  storeFingerprintForResuming: Boolean(asked.store),
  onAfterResponse(request, response) {
    requests.push(`${request.getMethod()} ${response.getStatus()}`);
    tell.digest = response.getHeader("Photo-Digest") ?? tell.digest;
  },
  onChunkComplete: (_, accepted) => passed(accepted),
  onError: (error) => end({ error: error.originalResponse?.getBody() || String(error) }),
  onSuccess: () => end({ done: true }),
  ...asked.options,
});
const tell = { requests, digest: null };

function passed(accepted) {
  if (asked.dieAt && accepted >= asked.dieAt) end({ died: accepted });
  if (asked.pauseAt && accepted >= asked.pauseAt && !paused) {
    paused = true;
    upload.abort(asked.terminate ?? false).then(() =>
      asked.terminate ? end({ terminated: true }) : upload.start(),
    );
  }
}

function end(how) {
  console.log(JSON.stringify({ ...tell, ...how, url: upload.url }));
  process.exit(0);
}

const before = asked.store ? await upload.findPreviousUploads() : [];
if (before.length > 0) upload.resumeFromPreviousUpload(before[0]);
tell.found = before.length;
upload.start();
