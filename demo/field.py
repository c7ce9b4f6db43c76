"""The field app in a browser, as `make run` serves it."""

import gc
import os
from pathlib import Path

from fieldapp.web import SecuredApp, build_web_app


def app() -> SecuredApp:
    """For `uvicorn --factory`: reads XUNCHA_PHONES and XUNCHA_SERVER."""
    gc.freeze()  # as on a phone, see main.py
    return build_web_app(Path(os.environ["XUNCHA_PHONES"]), os.environ["XUNCHA_SERVER"])
