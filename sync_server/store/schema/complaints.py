"""What comes in besides reports, and what is asked of grids: complaints, tasks made at the bureau,
and what came of tasks. Neither complainant nor worker stands in any of them (rule L1)."""

from sqlalchemy import Column, Date, Index, Integer, String, Table, Text

from sync_server.store.schema.columns import Utc, bureau_key, metadata

complaints = Table(
    "complaints",
    metadata,
    bureau_key(),
    Column("complaint", String(40), primary_key=True),  # its number: people quote it
    Column("channel", String(20), nullable=False),
    Column("reference", String(40), nullable=False, default=""),  # the number it has there
    Column("came", Date, nullable=False),
    Column("address", String(200), nullable=False),
    Column("compound", String(40)),
    Column("building", String(100)),
    Column("place_key", String(200), nullable=False, default=""),
    Column("text", Text, nullable=False),
    Column("taken_at", Utc, nullable=False),
    Column("taken_by", String(40), nullable=False),
    Column("record", String(36)),  # the lead that it was put to
    Column("answer", Text, nullable=False, default=""),
    Column("answered_at", Utc),
    Column("answered_by", String(40)),
    Column("returned_at", Utc),  # when the answer went back through the channel
    Column("returned_by", String(40)),
    Column("version", Integer, nullable=False),  # counts up with each change
    Index("complaints_by_time", "bureau", "taken_at"),
    Index("complaints_by_place", "bureau", "place_key"),
)

# Tasks made in the console; those of a file are in `tasks`, which an import replaces as a whole.
grid_tasks = Table(
    "grid_tasks",
    metadata,
    bureau_key(),
    Column("task", String(40), primary_key=True),
    Column("title", String(100), nullable=False),
    Column("note", Text, nullable=False, default=""),
    Column("grid", String(40), nullable=False),
    Column("compound", String(40)),
    Column("building", String(100)),
    Column("due", Date),
    Column("complaint", String(40)),  # what it was made for, if for anything
    Column("record", String(36)),
    Column("made_at", Utc, nullable=False),
    Column("made_by", String(40), nullable=False),
    Column("withdrawn_at", Utc),  # the bureau took it back
    Index("grid_tasks_by_time", "bureau", "made_at"),
    Index("grid_tasks_by_complaint", "bureau", "complaint"),
    Index("grid_tasks_by_record", "bureau", "record"),
)

# What phones answered to a task of either table: `id` is the report's that was made for it, or with
# a `reason` that of the message by which it was handed back.
task_results = Table(
    "task_results",
    metadata,
    bureau_key(),
    Column("task", String(40), primary_key=True),
    Column("id", String(36), primary_key=True),
    Column("reason", String(40)),
    Column("grid", String(40)),
    Column("at", Utc, nullable=False),
    Index("task_results_by_id", "bureau", "id"),
)

# What was purged when its time was over (rule L12).
tombstones = Table(
    "tombstones",
    metadata,
    bureau_key(),
    Column("kind", String(20), primary_key=True),  # complaint
    Column("subject", String(40), primary_key=True),  # its number
    Column("at", Utc, nullable=False),
)
