"""Ask pip-audit about the locks, and tell "vulnerable" from "could not ask".

    python -m tools.audit requirements.lock requirements-dev.lock

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


def ask(locks: list[str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pip_audit", "--format", "json", "--progress-spinner", "off"]
    command += ["--disable-pip", "--require-hashes", "--timeout", "20"]
    for lock in locks:
        command += ["--requirement", lock]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def verdict(packages: list[dict[str, Any]]) -> tuple[int, list[str]]:
    unknown = [package["name"] for package in packages if "skip_reason" in package]
    flaws = [
        f"{package['name']} {package['version']}: {flaw['id']}, "
        f"mended in {', '.join(flaw['fix_versions']) or 'no version yet'}"
        for package in packages
        for flaw in package.get("vulns", ())
    ]
    if flaws:
        return 1, flaws
    if unknown:
        count = f"{len(unknown)} of {len(packages)} packages"
        return 0, [f"pip-audit: NOT CHECKED, its service does not know {count} from this machine"]
    return 0, [f"pip-audit: no known vulnerability in {len(packages)} packages"]


def main(locks: list[str]) -> int:
    asked = ask(locks)
    if asked.stdout.lstrip().startswith("{"):
        status, lines = verdict(json.loads(asked.stdout)["dependencies"])
        print("\n".join(lines))
        return status
    if any(word in asked.stderr for word in NO_ANSWER):
        print("pip-audit: NOT CHECKED, its service could not be reached from this machine")
        return 0
    print(asked.stderr, file=sys.stderr)
    return asked.returncode or 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
