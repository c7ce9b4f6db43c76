"""The bureau's tables. Every key begins with the bureau code; no table but `staff` holds anything
about a person (rule L1)."""

from sync_server.store.schema.columns import Utc, metadata
from sync_server.store.schema.complaints import complaints, grid_tasks, task_results, tombstones
from sync_server.store.schema.decisions import (
    answers,
    audit,
    audit_repeats,
    case_events,
    held_answers,
    holidays,
    phrases,
)
from sync_server.store.schema.people import (
    browsers,
    bureau_keys,
    devices,
    enrolments,
    open_pages,
    sessions,
    staff,
    tries,
)
from sync_server.store.schema.photos import photos, uploads
from sync_server.store.schema.places import bureaus, communities, compounds, grids
from sync_server.store.schema.reference import (
    building_record_counts,
    editions,
    institutions,
    last_imports,
    notices,
    plans,
    tasks,
)
from sync_server.store.schema.reports import (
    alarms,
    arrival_keys,
    arrivals,
    counters,
    patrols,
    quarantine,
    record_photos,
    records,
    suggestions,
    unshown_photos,
)
from sync_server.store.schema.rooms import sealed_rooms
from sync_server.store.schema.sites import site_links, site_rulings, sites

__all__ = [
    "Utc",
    "alarms",
    "answers",
    "arrival_keys",
    "arrivals",
    "audit",
    "audit_repeats",
    "browsers",
    "building_record_counts",
    "bureau_keys",
    "bureaus",
    "case_events",
    "communities",
    "complaints",
    "compounds",
    "counters",
    "devices",
    "editions",
    "enrolments",
    "grid_tasks",
    "grids",
    "held_answers",
    "holidays",
    "institutions",
    "last_imports",
    "metadata",
    "notices",
    "open_pages",
    "patrols",
    "photos",
    "phrases",
    "plans",
    "quarantine",
    "record_photos",
    "records",
    "sealed_rooms",
    "sessions",
    "site_links",
    "site_rulings",
    "sites",
    "staff",
    "suggestions",
    "task_results",
    "tasks",
    "tombstones",
    "tries",
    "unshown_photos",
    "uploads",
]
