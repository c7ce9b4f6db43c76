"""Runs what blocks beside the event loop: the one place that knows whether there are threads."""

import asyncio
import sys
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
Result = TypeVar("Result")
# Python inside a browser's page has none. It runs in a worker of the page: what blocks there holds
# up no drawing, only the next tap.
HAS_THREADS = sys.platform != "emscripten"


async def in_background(work: Callable[P, Result], *args: P.args, **kwargs: P.kwargs) -> Result:
    """The result of blocking work: in a thread, or at once where there are none."""
    if HAS_THREADS:
        return await asyncio.to_thread(work, *args, **kwargs)
    return work(*args, **kwargs)
