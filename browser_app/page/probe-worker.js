// Whether files last in this browser: only a worker can ask for a handle.
const NAME = "probe";
(async () => {
  try {
    const root = await navigator.storage.getDirectory();
    const handle = await (await root.getFileHandle(NAME, { create: true })).createSyncAccessHandle();
    handle.write(new Uint8Array(1), { at: 0 });
    handle.flush();
    handle.close();
    await root.removeEntry(NAME);
    postMessage("");
  } catch (error) {
    postMessage(`${error.name}: ${error.message}`);
  }
})();
