"""Ask pip-audit about the locks, and tell "vulnerable" from "could not ask".

    python -m tools.audit requirements.lock requirements-dev.lock requirements-phone.lock

pip-audit ends with 1 when it found something and when it reached nobody, and with 0 when an index
without advisories knew none of them. A machine without open internet must
still be able to run `make check`, and must not be told that all is well.
"""

import json
import subprocess
import sys
from typing import Any

# What it says when the service, not a package, is the trouble.
NO_ANSWER = ("ConnectionError", "ConnectTimeout", "ProxyError", "ReadTimeout", "ServiceError")
UNCHECKED = "NOT CHECKED"  # .ci/run repeats these lines at its end


def ask(lock: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pip_audit", "--format", "json", "--progress-spinner", "off"]
    command += ["--disable-pip", "--require-hashes", "--timeout", "20", "--requirement", lock]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def verdict(packages: list[dict[str, Any]]) -> tuple[int, list[str]]:
    """Exit status, and what to say: the flaws, and how many packages were not checked."""
    unknown = [package["name"] for package in packages if "skip_reason" in package]
    said = [
        f"{package['name']} {package['version']}: {flaw['id']}, "
        f"mended in {', '.join(flaw['fix_versions']) or 'no version yet'}"
        for package in packages
        for flaw in package.get("vulns", ())
    ]
    status = int(bool(said))
    if unknown:
        count = f"{len(unknown)} of {len(packages)} packages"
        said.append(f"{UNCHECKED}, its service does not know {count} from this machine")
    return status, said or [f"no known vulnerability in {len(packages)} packages"]


def audit(lock: str) -> tuple[int, list[str]]:
    asked = ask(lock)
    if asked.stdout.lstrip().startswith("{"):
        return verdict(json.loads(asked.stdout)["dependencies"])
    if any(word in asked.stderr for word in NO_ANSWER):
        return 0, [f"{UNCHECKED}, its service could not be reached from this machine"]
    return asked.returncode or 1, [asked.stderr]


def main(locks: list[str]) -> int:
    worst = 0
    for lock in locks:
        status, said = audit(lock)
        worst = max(worst, status)
        print("\n".join(f"pip-audit {lock}: {line}" for line in said))
    return worst


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
