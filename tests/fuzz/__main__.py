"""`make fuzz`: all checks of Schemathesis, stateful ones included, on a server of this machine.

Once as a stranger and once as an enrolled phone, side by side, each for SECONDS. The seed is the
number of the day, or FUZZ_SEED; it is printed, and whatever was found ends in status 1.
"""

import os
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from sync_server.settings import Settings
from tests.sync_server.bureau import Bureau
from tests.sync_server.serving import serving

SECONDS = int(os.environ.get("FUZZ_SECONDS", "170"))
SEED = int(os.environ.get("FUZZ_SEED") or datetime.now(UTC).toordinal())
ALWAYS = ("--checks", "all", "--no-color", "--continue-on-failure", "--warnings", "off")
MODULE = "import sys; from schemathesis.cli import schemathesis; sys.exit(schemathesis())"


def begun(url: str, *more: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", MODULE, "run", f"{url}/v1/openapi.json", *ALWAYS]
    # A text of ours holds no NUL: docs/protocol.md.
    command += ["--generation-allow-x00", "false", "--generation-database", "none"]
    command += ["--seed", str(SEED), "--max-time", str(SECONDS), *more]
    environment = {**os.environ, "SCHEMATHESIS_HOOKS": "tests.fuzz.hooks"}
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


def main() -> int:
    print(f"seed {SEED}, {SECONDS} s", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        settings = Settings(database=f"sqlite:///{here}/bureau.db", photos=here / "photos")
        bureau = Bureau.open(settings)
        token = bureau.enrol().token
        with serving(settings) as server:
            url = str(server.client.base_url).rstrip("/")
            runs = [begun(url), begun(url, "--header", f"Authorization: Bearer {token}")]
            said = [run.communicate()[0] for run in runs]
        bureau.store.close()
    print(*said, sep="\n")
    return int(any(run.returncode for run in runs))


if __name__ == "__main__":
    sys.exit(main())
