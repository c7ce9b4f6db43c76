"""One look for a position that neither fails nor lasts: nothing that matters waits on a sensor."""

import asyncio
import logging

from fieldapp.ports import FixOutcome, Locator, Sighting

FIX_SECONDS = 20.0  # a position never holds up a report
SPARE_S = 1.0  # a locator that has not kept its own limit by then is given up
NOTHING = Sighting(FixOutcome.UNAVAILABLE)
LOG = logging.getLogger(__name__)


async def look_for_position(locator: Locator, seconds: float = FIX_SECONDS) -> Sighting:
    """What the locator found within `seconds`. Never raises: a locator that does has found nothing,
    and so has one that returns anything but a fix or a reason. One that hangs is left behind, also
    if it cannot be cancelled."""
    look = asyncio.create_task(_ask(locator, seconds))
    look.add_done_callback(_retrieve)
    try:
        done, _ = await asyncio.wait({look}, timeout=seconds + SPARE_S)
    finally:
        look.cancel()
    if not done:
        return Sighting(FixOutcome.TIMED_OUT)
    if look.cancelled() or look.exception():
        return NOTHING
    return _checked(look.result())


async def _ask(locator: Locator, seconds: float) -> Sighting:
    """Within the task, so that whatever the call itself raises is the task's."""
    return await locator.locate(seconds)


def _retrieve(look: asyncio.Task[Sighting]) -> None:
    """Logs the failure of a look, for nobody awaits one that was left behind."""
    if not look.cancelled() and (error := look.exception()):
        LOG.warning("the locator failed: %s", type(error).__name__)


def _checked(found: object) -> Sighting:
    """FOUND exactly if there is a fix, as the port promises."""
    if not isinstance(found, Sighting) or not isinstance(found.sight, FixOutcome):
        return NOTHING
    return found if (found.fix is not None) is (found.sight is FixOutcome.FOUND) else NOTHING
