"""The photos of a site's leads: small pictures within its timeline."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sync_server.console.context import ConsoleContext
from sync_server.console.proof_photos import tiles_of_each
from sync_server.console.sessions import Visitor
from sync_server.console.site_view import ReadLead, SiteLead
from sync_server.console.words import Wording
from sync_server.domain.roles import Permission
from sync_server.store import devices
from sync_server.store.engine import Tx


def with_tiles(
    console: ConsoleContext,
    tx: Tx,
    leads: Sequence[tuple[ReadLead, SiteLead]],
    visitor: Visitor,
    told: tuple[datetime, Wording],
) -> list[SiteLead]:
    """The lines, each with a tile for each photo of its lead, finished or not, for visitors who may
    see photos."""
    if Permission.SEE_PHOTOS not in visitor.permissions:
        return [line for _, line in leads]
    found = tiles_of_each(console, tx, [one for one, _ in leads], *told)
    late = {
        one.row.device
        for one, line in leads
        if not all(tile.is_finished for tile in found[line.id])
    }
    gone = {device for device in late if devices.leave(tx, device)[1]}
    return [
        replace(line, tiles=found[line.id], photos_gone=one.row.device in gone)
        for one, line in leads
    ]
