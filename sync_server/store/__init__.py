"""All SQL (SQLAlchemy Core, the same statements on SQLite and PostgreSQL) and the photo folder."""
