"""Alembic's entry: runs on the connection that store/migrate.py opens."""

from alembic import context

from sync_server.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    compare_type=True,
)
context.run_migrations()
