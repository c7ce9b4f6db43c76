"""`python -m demo.field`: the field app in a browser, as `make run` serves it."""

import argparse
import gc
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import uvicorn

from fieldapp.web import build_web_app
from fieldapp.web_door import is_loopback

TRIAL = (
    "手机端网页版只供试用，别录真实内容；真实使用请装手机应用。"
    " / The field app in a browser is for trying things out: no real reports. Phones have the app."
)
REFUSED = (
    "只在本机监听。确实要让别的机器访问，请加 --i-know（见 docs/security.md）。"
    " / This listens on this machine alone. To let others in, add --i-know (docs/security.md)."
)
MAX_CONNECTIONS = 200


def main(arguments: Sequence[str] | None = None) -> int:
    """Reads XUNCHA_PHONES and XUNCHA_SERVER; returns the exit status."""
    parser = argparse.ArgumentParser(prog="demo.field", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--i-know", action="store_true", help="listen beyond this machine")
    options = parser.parse_args(arguments)
    if not is_loopback(options.host) and not options.i_know:
        print(REFUSED, file=sys.stderr)
        return 2
    print(TRIAL, flush=True)
    phones, bureau = Path(os.environ["XUNCHA_PHONES"]), os.environ["XUNCHA_SERVER"]
    app = build_web_app(phones, bureau, beyond=options.i_know)
    gc.freeze()  # as on a phone, see main.py
    uvicorn.run(
        app,
        host=options.host,
        port=options.port,
        log_level="warning",
        limit_concurrency=MAX_CONNECTIONS,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
