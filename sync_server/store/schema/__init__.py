"""The bureau's tables. Every key begins with the bureau code; no table but `staff` holds anything
about a person (rule L1)."""

from sync_server.store.schema.columns import Utc, metadata
from sync_server.store.schema.decisions import answers, audit, case_events
from sync_server.store.schema.people import browsers, devices, enrolments, sessions, staff, tries
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
    arrivals,
    counters,
    patrols,
    quarantine,
    record_photos,
    records,
    suggestions,
)

__all__ = [
    "Utc",
    "answers",
    "arrivals",
    "audit",
    "browsers",
    "building_record_counts",
    "bureaus",
    "case_events",
    "communities",
    "compounds",
    "counters",
    "devices",
    "editions",
    "enrolments",
    "grids",
    "institutions",
    "last_imports",
    "metadata",
    "notices",
    "patrols",
    "photos",
    "plans",
    "quarantine",
    "record_photos",
    "records",
    "sessions",
    "staff",
    "suggestions",
    "tasks",
    "tries",
    "uploads",
]
