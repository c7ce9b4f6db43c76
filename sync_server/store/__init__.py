"""All SQL lives here, in SQLAlchemy Core, the same statements on SQLite and PostgreSQL."""
