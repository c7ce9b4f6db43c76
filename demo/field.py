"""The field app in a browser, as `make run` serves it."""

import gc
import os
from pathlib import Path

from fieldapp.web import Guarded, host


def app() -> Guarded:
    """For `uvicorn --factory`: reads XUNCHA_PHONES and XUNCHA_SERVER."""
    gc.freeze()  # as on a phone, see main.py
    return host(Path(os.environ["XUNCHA_PHONES"]), os.environ["XUNCHA_SERVER"])
